"""The graph: ontology, entities and their identity, the store."""
