"""What the explorer's pages ask of the store. Everything here only reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graph.ontology import LABELS, RELATIONS
from viz.subgraph import told_apart
from zhitu.errors import QueryError

if TYPE_CHECKING:
    from graph.store import Result, Store

COUNT = {label: f"MATCH (e:{label}) RETURN count(e) AS n" for label in (*LABELS, "Document")}

DOCUMENTS = """
MATCH (d:Document)
OPTIONAL MATCH (d)-[:ISSUED_BY]->(o:Organization)
RETURN d.id AS id, d.name AS name, d.title AS title, d.kind AS kind, d.date AS date,
       o.id AS issuer_id, o.name AS issuer
ORDER BY coalesce(d.date, '') DESC, name, id
"""

DOCUMENT = """
MATCH (d:Document {id: $id})
OPTIONAL MATCH (d)-[:ISSUED_BY]->(o:Organization)
RETURN d AS document, o.id AS issuer_id, o.name AS issuer
"""

SENTENCES = """
MATCH (s:Sentence)-[:IN_DOCUMENT]->(:Document {id: $id})
RETURN s.id AS id, s.number AS number, s.start AS start, s.end AS end, s.text AS text,
       s.section AS section, s.status AS status
ORDER BY number
"""

MENTIONS_IN = """
MATCH (e:Entity)-[m:MENTIONED_IN]->(s:Sentence)-[:IN_DOCUMENT]->(:Document {id: $id})
RETURN s.id AS sentence, e.id AS id, e.name AS name, labels(e) AS labels, m.begin AS begin,
       m.text AS text, m.start AS start, m.end AS end, m.confidence AS confidence
ORDER BY start
"""

RELATIONS_IN = """
MATCH (h:Entity)-[r]->(t:Entity)
WHERE r.document = $id AND type(r) IN $relations
RETURN h.id AS head_id, h.name AS head, type(r) AS relation, t.id AS tail_id, t.name AS tail,
       r.title AS title, r.status AS status, r.confidence AS confidence, r.source AS source,
       r.evidence AS evidence
ORDER BY relation, head, tail
"""

ENTITY = "MATCH (e:Entity {id: $id}) RETURN e AS entity, labels(e) AS labels"

RELATIONS_OF = """
MATCH (e:Entity {id: $id})-[r]-(o:Entity)
WHERE type(r) IN $relations
MATCH (d:Document {id: r.document})
RETURN startNode(r).id = $id AS out, type(r) AS relation, o.id AS other_id, o.name AS other,
       labels(o) AS labels, r.title AS title, r.status AS status, r.confidence AS confidence,
       r.source AS source, r.evidence AS evidence, d.id AS document_id, d.date AS date
ORDER BY relation, out DESC, other, date
"""

MENTIONS_OF = """
MATCH (e:Entity {id: $id})-[m:MENTIONED_IN]->(s:Sentence)-[:IN_DOCUMENT]->(d:Document)
RETURN m.text AS text, m.begin AS begin, s.text AS sentence, d.id AS document_id,
       d.date AS date, m.reason AS reason, m.start AS start, m.end AS end, s.id AS sentence_id
ORDER BY date, document_id, start
"""

# Types come from the ontology, and a length cannot be a parameter: nothing of a user's here.
PATH = f"""
MATCH (a:Entity {{id: $start}}), (b:Entity {{id: $end}})
MATCH path = shortestPath((a)-[:{"|".join(RELATIONS)}*..6]-(b))
RETURN [n IN nodes(path) | n.id] AS ids
"""

PLACES = """
MATCH (p:Place)
WHERE p.lng IS NOT NULL AND p.lat IS NOT NULL
OPTIONAL MATCH (p)-[:MENTIONED_IN]->(s:Sentence)
RETURN p.id AS id, p.name AS name, p.level AS level, p.lng AS lng, p.lat AS lat,
       count(s) AS mentions
ORDER BY mentions DESC, id
"""

AT_PLACES = """
MATCH (e:Entity)-[r:LOCATED_IN]->(p:Place)
WHERE p.lng IS NOT NULL AND NOT e:Place
RETURN p.id AS id, count(DISTINCT e) AS things
"""

COUNTS_IN = """
MATCH (e:Entity)-[:MENTIONED_IN]->(s:Sentence)-[:IN_DOCUMENT]->(:Document {id: $id})
RETURN e.id AS id, e.name AS name, labels(e) AS labels, count(*) AS mentions
"""

MENTIONED_IN = """
UNWIND $ids AS id
MATCH (e:Entity {id: id})-[:MENTIONED_IN]->(:Sentence)-[:IN_DOCUMENT]->(d:Document)
RETURN id, d.id AS document, count(*) AS mentions
ORDER BY id, mentions DESC, document
"""

NAMES = "MATCH (e:Entity) RETURN e.id AS id, e.name AS name, e.aliases AS aliases LIMIT $limit"

BY_NAME = """
UNWIND $names AS name
MATCH (e:Entity {name: name})
RETURN e.id AS id, e.name AS name
LIMIT $limit
"""


@dataclass(frozen=True)
class Reading:
    """A store that only reads, every query within the same time."""

    store: Store
    seconds: float

    @property
    def name(self) -> str:
        """The store's name for people."""
        return self.store.name

    def has_names_index(self) -> bool:
        """As `graph.store.Store.has_names_index`."""
        return self.store.has_names_index()

    def read(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> Result:
        """As `graph.store.Store.read`."""
        return self.store.read(cypher, parameters, limit=limit, timeout=timeout or self.seconds)


@dataclass(frozen=True)
class Piece:
    """A stretch of a sentence: plain, or a mention of an entity."""

    text: str
    id: str | None = None
    name: str = ""
    type: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Sentences that stand together, each ``(id, status, pieces)``; `heading` says what it is."""

    sentences: tuple[tuple[str, str | None, tuple[Piece, ...]], ...]
    heading: bool = False


def label_of(labels: Any) -> str:
    """The entity type among a node's labels."""
    return next((label for label in LABELS if label in labels), "Entity")


def overview(store: Store) -> dict[str, int]:
    """Numbers of documents and of entities by type."""
    return {label: store.read(query).rows[0][0] for label, query in COUNT.items()}


def dicts(store: Store, query: str, **parameters: Any) -> list[dict[str, Any]]:
    """Rows as dicts by column."""
    result = store.read(query, parameters)
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def documents(store: Store) -> list[dict[str, Any]]:
    """All documents, the newest first, each with how it is `shown`."""
    rows = dicts(store, DOCUMENTS)
    shown = told_apart(rows)
    return [{**row, "shown": shown[row["id"]]} for row in rows]


def document(store: Store, id_: str) -> dict[str, Any]:
    """One document's properties and issuer.

    Raises
    ------
    QueryError
        If there is none with this id.
    """
    rows = dicts(store, DOCUMENT, id=id_)
    if not rows:
        raise QueryError(f"没有编号为 {id_} 的文档；见文档列表")
    node = rows[0]["document"]
    return {**dict(node.items()), "issuer_id": rows[0]["issuer_id"], "issuer": rows[0]["issuer"]}


def entity(store: Store, id_: str) -> dict[str, Any]:
    """One entity's properties, with its `type`.

    Raises
    ------
    QueryError
        If there is none with this id.
    """
    rows = dicts(store, ENTITY, id=id_)
    if not rows:
        raise QueryError(f"没有编号为 {id_} 的实体；可以搜索它的名称")
    node = dict(rows[0]["entity"].items())
    aliases = [a for a in node.get("aliases") or () if a != node["name"]]
    return {**node, "aliases": aliases, "type": label_of(rows[0]["labels"])}


def paragraphs(store: Store, id_: str) -> list[Paragraph]:
    """A document's text with its mentions, in paragraphs as they stand in the source."""
    mentions: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in dicts(store, MENTIONS_IN, id=id_):
        mentions[row["sentence"]].append(row)
    result: list[Paragraph] = []
    section, last = None, None
    current: list[tuple[str, str | None, tuple[Piece, ...]]] = []
    for row in dicts(store, SENTENCES, id=id_):
        gap = last is not None and row["start"] > last
        if current and (gap or row["section"] != section):
            result.append(Paragraph(tuple(current)))
            current = []
        last = row["end"]
        sentence = (row["id"], row["status"], cut(row["text"], mentions.get(row["id"], ())))
        # A section is named by the line that opens it.
        if row["section"] != section and (row["section"] or "").endswith(row["text"].strip()):
            result.append(Paragraph((sentence,), heading=True))
        else:
            current.append(sentence)
        section = row["section"]
    if current:
        result.append(Paragraph(tuple(current)))
    return result


def cut(text: str, mentions: Any) -> tuple[Piece, ...]:
    """Cut a sentence at its mentions; of two that overlap the first stays.

    Examples
    --------
    >>> rows = [{"begin": 0, "text": "区政协", "id": "o", "name": "区政协", "labels": ["Place"]}]
    >>> [(p.text, p.type) for p in cut("区政协召开会议", rows)]
    [('区政协', 'Place'), ('召开会议', '')]
    """
    pieces: list[Piece] = []
    at = 0
    for row in sorted(mentions, key=lambda m: (m["begin"], -len(m["text"]))):
        end = row["begin"] + len(row["text"])
        if row["begin"] < at or end > len(text):
            continue
        if row["begin"] > at:
            pieces.append(Piece(text[at : row["begin"]]))
        pieces.append(
            Piece(text[row["begin"] : end], row["id"], row["name"], label_of(row["labels"]))
        )
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)


def shortest_path(store: Store, start: str, end: str) -> list[str]:
    """Ids of the entities on a shortest way between two, ends included; empty if none."""
    if start == end:
        return [start]
    rows = store.read(PATH, {"start": start, "end": end}, limit=1).rows
    return list(rows[0][0]) if rows else []


def comparison(store: Store, first: str, second: str) -> list[dict[str, Any]]:
    """Entities of two documents with how often each mentions them, the shared ones first."""
    found: dict[str, dict[str, Any]] = {}
    for key, id_ in (("first", first), ("second", second)):
        for row in dicts(store, COUNTS_IN, id=id_):
            blank = {"id": row["id"], "name": row["name"], "type": label_of(row["labels"])}
            found.setdefault(row["id"], {**blank, "first": 0, "second": 0})[key] = row["mentions"]
    return sorted(
        found.values(),
        key=lambda r: (not (r["first"] and r["second"]), -(r["first"] + r["second"]), r["name"]),
    )


def relations_of_both(store: Store, first: str, second: str) -> list[dict[str, Any]]:
    """Relations that two documents both state."""
    relations = list(RELATIONS)
    here = {
        (r["head_id"], r["relation"], r["tail_id"]): r
        for r in dicts(store, RELATIONS_IN, id=first, relations=relations)
        if r["source"] == "text"
    }
    return [
        here[key]
        for r in dicts(store, RELATIONS_IN, id=second, relations=relations)
        if (key := (r["head_id"], r["relation"], r["tail_id"])) in here
    ]
