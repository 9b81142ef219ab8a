"""Counting what the graph holds, and describing its shape."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from graph.ontology import RELATIONS

if TYPE_CHECKING:
    import networkx as nx

    from graph.store import Store

MOST_CONNECTED = 10
"""Entities named as the most connected."""

LARGEST_COMMUNITIES = 10
COMMUNITY_NAMES = 5

DOCUMENTS = "MATCH (d:Document) RETURN count(d)"
SENTENCES = "MATCH (s:Sentence) RETURN count(s)"

ENTITIES = """
MATCH (e:Entity)
UNWIND labels(e) AS label
WITH label WHERE label <> 'Entity'
RETURN label, count(*) AS number
ORDER BY label
"""

MENTIONS = """
MATCH (e:Entity)-[m:MENTIONED_IN]->(:Sentence)
UNWIND labels(e) AS label
WITH label WHERE label <> 'Entity'
RETURN label, count(*) AS number
ORDER BY label
"""

RELATIONSHIPS = """
MATCH (:Entity)-[r]->(:Entity)
RETURN type(r) AS type, coalesce(r.source, 'text') = 'text' AS said, count(*) AS number
ORDER BY type
"""

OF_DOCUMENTS = """
MATCH (d:Document)
OPTIONAL MATCH (s:Sentence)-[:IN_DOCUMENT]->(d)
OPTIONAL MATCH (e:Entity)-[m:MENTIONED_IN]->(s)
RETURN d.id AS id, d.name AS name, count(DISTINCT s) AS sentences, count(m) AS mentions,
       count(DISTINCT e) AS entities
ORDER BY name, id
"""

SAID = """
MATCH (:Entity)-[r]->(:Entity)
WHERE coalesce(r.source, 'text') = 'text'
RETURN r.document AS document, count(*) AS number
"""


@dataclass(frozen=True)
class Counts:
    """How much the graph holds; `mentions` and `entities` by label.

    `relations` are those that sentences say, by type; `links` those of the gazetteer and
    of names.
    """

    documents: int
    sentences: int
    entities: dict[str, int]
    mentions: dict[str, int]
    relations: dict[str, int]
    links: dict[str, int]


@dataclass(frozen=True)
class DocumentCounts:
    """What one document contributes."""

    id: str
    name: str
    sentences: int
    mentions: int
    entities: int
    relations: int


@dataclass(frozen=True)
class Shape:
    """The shape of the entities' graph, each pair of related entities joined once.

    `degree_mean` and `degree_max` count related entities; `most_connected` are pairs of
    name and degree. `components` are weakly connected, `isolated` entities without any
    relation are components of one. `communities` (Louvain, those of two or more) are
    given as size and most connected names, the largest first.
    """

    nodes: int = 0
    edges: int = 0
    degree_mean: float = 0.0
    degree_max: int = 0
    isolated: int = 0
    components: int = 0
    largest_component: int = 0
    most_connected: list[tuple[str, int]] = field(default_factory=list)
    communities: int = 0
    modularity: float = 0.0
    largest_communities: list[tuple[int, list[str]]] = field(default_factory=list)


@dataclass(frozen=True)
class Statistics:
    """Counts, the contribution of each document, and the shape of the whole."""

    counts: Counts
    documents: list[DocumentCounts]
    shape: Shape

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts and lists, for JSON."""
        return asdict(self)


def count(store: Store) -> Counts:
    """Count documents, sentences, entities, mentions and relations.

    Raises
    ------
    StoreUnavailable
        If the store does not answer.
    """
    relations: dict[str, int] = {}
    links: dict[str, int] = {}
    for type_, said, number in store.read(RELATIONSHIPS).rows:
        if type_ in RELATIONS:
            (relations if said else links)[type_] = number
    return Counts(
        documents=store.read(DOCUMENTS).rows[0][0],
        sentences=store.read(SENTENCES).rows[0][0],
        entities=dict(store.read(ENTITIES).rows),
        mentions=dict(store.read(MENTIONS).rows),
        relations=relations,
        links=links,
    )


def statistics(store: Store) -> Statistics:
    """Count, and describe the shape; reads all entities and relations into memory."""
    from graph.networks import to_networkx

    said = dict(store.read(SAID).rows)
    documents = [
        DocumentCounts(*row, relations=said.get(row[0], 0)) for row in store.read(OF_DOCUMENTS).rows
    ]
    return Statistics(count(store), documents, shape(to_networkx(store)))


def shape(graph: nx.MultiDiGraph) -> Shape:
    """Describe a graph of entities.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Nodes with ``name``.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph([("a", "b"), ("a", "b"), ("c", "b")])
    >>> graph.add_node("d")
    >>> found = shape(graph)
    >>> found.edges, found.components, found.isolated, found.most_connected[0]
    (2, 2, 1, ('b', 2))
    """
    import networkx as nx

    if not graph:
        return Shape()
    simple = nx.Graph()
    simple.add_nodes_from(graph)
    simple.add_edges_from((head, tail) for head, tail in graph.edges() if head != tail)
    degrees = dict(simple.degree)
    ranked = sorted(degrees, key=lambda node: (-degrees[node], str(node)))
    names = {node: data.get("name", str(node)) for node, data in graph.nodes(data=True)}
    sizes = [len(component) for component in nx.connected_components(simple)]
    # A fixed seed: the same graph has the same communities every time.
    found = nx.community.louvain_communities(simple, seed=7) if simple.size() else []
    joined = sorted(
        ([node for node in ranked if node in members] for members in found if len(members) > 1),
        key=lambda nodes: (-len(nodes), str(nodes[0])),
    )
    return Shape(
        nodes=len(simple),
        edges=simple.size(),
        degree_mean=round(2 * simple.size() / len(simple), 3),
        degree_max=degrees[ranked[0]],
        isolated=sum(1 for degree in degrees.values() if degree == 0),
        components=len(sizes),
        largest_component=max(sizes),
        most_connected=[(names[node], degrees[node]) for node in ranked[:MOST_CONNECTED]],
        communities=len(joined),
        modularity=round(nx.community.modularity(simple, found), 3) if found else 0.0,
        largest_communities=[
            (len(nodes), [names[node] for node in nodes[:COMMUNITY_NAMES]])
            for nodes in joined[:LARGEST_COMMUNITIES]
        ],
    )
