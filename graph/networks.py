"""The graph as a networkx graph, for whatever networkx can do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.ontology import LABELS, RELATIONS

if TYPE_CHECKING:
    import networkx as nx

    from graph.store import Store

ENTITIES = "MATCH (e:Entity) RETURN labels(e), properties(e)"

RELATIONSHIPS = """
MATCH (h:Entity)-[r]->(t:Entity)
RETURN h.id, type(r), t.id, properties(r)
"""

DOCUMENTS = "MATCH (d:Document) RETURN properties(d)"

SENTENCES = """
MATCH (s:Sentence)-[:IN_DOCUMENT]->(d:Document)
RETURN d.id, properties(s)
"""

MENTIONS = """
MATCH (e:Entity)-[m:MENTIONED_IN]->(s:Sentence)
RETURN e.id, s.id, properties(m)
"""

ISSUERS = "MATCH (d:Document)-[:ISSUED_BY]->(e:Entity) RETURN d.id, e.id"


def to_networkx(store: Store, *, provenance: bool = False) -> nx.MultiDiGraph:
    """Read the whole graph into memory.

    Parameters
    ----------
    store : Store
    provenance : bool
        Whether documents, sentences and mentions come along, or only entities and the
        relations between them.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes by id, with ``type`` (label) and the properties of the node; edges with
        ``type`` and the properties of the relationship. Both in the order of their ids,
        whatever the store.
    """
    import networkx as nx

    graph = nx.MultiDiGraph()
    for labels, properties in _sorted(store.read(ENTITIES).rows):
        label = next(label for label in LABELS if label in labels)
        graph.add_node(properties["id"], type=label, **_without_id(properties))
    edges = [row for row in store.read(RELATIONSHIPS).rows if row[1] in RELATIONS]
    if provenance:
        edges += _add_provenance(graph, store)
    for head, type_, tail, properties in _sorted(edges):
        graph.add_edge(head, tail, type=type_, **dict(sorted(properties.items())))
    return graph


def _add_provenance(graph: nx.MultiDiGraph, store: Store) -> list[tuple]:
    edges: list[tuple] = []
    for (properties,) in _sorted(store.read(DOCUMENTS).rows):
        graph.add_node(properties["id"], type="Document", **_without_id(properties))
    for document, properties in _sorted(store.read(SENTENCES).rows):
        graph.add_node(properties["id"], type="Sentence", **_without_id(properties))
        edges.append((properties["id"], "IN_DOCUMENT", document, {}))
    for entity, sentence, properties in store.read(MENTIONS).rows:
        edges.append((entity, "MENTIONED_IN", sentence, properties))
    for document, entity in store.read(ISSUERS).rows:
        edges.append((document, "ISSUED_BY", entity, {}))
    return edges


def _without_id(properties: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in sorted(properties.items()) if key != "id"}


def _sorted(rows: list[tuple]) -> list[tuple]:
    return sorted(rows, key=_key)


def _key(row: tuple) -> tuple[str, ...]:
    return tuple(
        repr(sorted(value.items())) if isinstance(value, dict) else str(value) for value in row
    )
