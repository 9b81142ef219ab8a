"""Asking: named Cypher queries, running them, and the read-only guard."""
