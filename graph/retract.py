"""Taking documents out of a store, with exactly what only they supported.

Sentences, mentions and relations belong to one document each and go with it. Entities
are shared: one goes when nothing is left that speaks of it, and loses the aliases that
no remaining mention uses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.store import RemoveReport
from graph.store_bolt import BoltStore

if TYPE_CHECKING:
    import neo4j

BATCH = 5_000

THERE = "UNWIND $ids AS id MATCH (d:Document {id: id}) RETURN d.id AS id"

MENTIONED = """
UNWIND $ids AS id
MATCH (e:Entity)-[m:MENTIONED_IN]->(:Sentence)-[:IN_DOCUMENT]->(:Document {id: id})
RETURN DISTINCT e.id AS entity, m.text AS text
"""

ISSUERS = """
UNWIND $ids AS id
MATCH (:Document {id: id})-[:ISSUED_BY]->(e:Entity)
RETURN DISTINCT e.id AS entity
"""

NEIGHBOURS = """
UNWIND $entities AS id
MATCH (:Entity {id: id})-[r]-(other:Entity)
WHERE r.document IN $documents
RETURN DISTINCT other.id AS entity
"""

DELETE_RELATIONS = """
UNWIND $entities AS id
MATCH (:Entity {id: id})-[r]->(:Entity)
WHERE r.document IN $documents
DELETE r
"""

DELETE_SENTENCES = """
UNWIND $ids AS id
MATCH (s:Sentence)-[:IN_DOCUMENT]->(:Document {id: id})
DETACH DELETE s
"""

DELETE_DOCUMENTS = "UNWIND $ids AS id MATCH (d:Document {id: id}) DETACH DELETE d"

DELETE_ORPHANS = """
UNWIND $entities AS id
MATCH (e:Entity {id: id})
WHERE NOT (e)--()
DELETE e
RETURN count(*) AS deleted
"""

STILL_SAID = """
UNWIND $entities AS id
MATCH (e:Entity {id: id})
OPTIONAL MATCH (e)-[m:MENTIONED_IN]->(:Sentence)
RETURN e.id AS entity, e.name AS name, collect(DISTINCT m.text) AS texts
"""

SET_ALIASES = "UNWIND $rows AS row MATCH (e:Entity {id: row.id}) SET e.aliases = row.aliases"


@dataclass(frozen=True)
class DocumentTraces:
    """What removed documents spoke of: entities, and the surfaces they used for each."""

    entities: frozenset[str] = frozenset()
    surfaces: dict[str, set[str]] = field(default_factory=dict)


def remove(store: BoltStore, ids: Iterable[str]) -> RemoveReport:
    """Take documents out, each in a transaction of its own."""
    report = RemoveReport()
    for id_ in dict.fromkeys(ids):
        deleted = store.transact(lambda tx, id_=id_: _remove_one(tx, id_))
        if deleted is None:
            report = RemoveReport(report.removed, (*report.unknown, id_), report.entities)
        else:
            report = RemoveReport((*report.removed, id_), report.unknown, report.entities + deleted)
    return report


def _remove_one(tx: neo4j.ManagedTransaction, id_: str) -> int | None:
    if not tx.run(THERE, ids=[id_]).values():
        return None
    return drop_orphans(tx, clear_documents(tx, [id_]))


def clear_documents(tx: neo4j.ManagedTransaction, ids: list[str]) -> DocumentTraces:
    """Delete documents and all that belongs to them alone; entities stay for now.

    Returns
    -------
    DocumentTraces
        To be handed to `drop_orphans` in the same transaction, after anything that the
        documents are replaced by has been written.
    """
    surfaces: dict[str, set[str]] = defaultdict(set)
    for entity, text in tx.run(MENTIONED, ids=ids).values():
        surfaces[entity].add(text)
    issuers = {row[0] for row in tx.run(ISSUERS, ids=ids).values()}
    # Links lead on to entities that the document never mentions (a county's province).
    entities: set[str] = set()
    frontier = issuers | set(surfaces)
    while frontier:
        entities |= frontier
        found = tx.run(NEIGHBOURS, entities=sorted(frontier), documents=ids).values()
        frontier = {row[0] for row in found} - entities
    for batch in _batches(sorted(entities)):
        tx.run(DELETE_RELATIONS, entities=batch, documents=ids).consume()
    tx.run(DELETE_SENTENCES, ids=ids).consume()
    tx.run(DELETE_DOCUMENTS, ids=ids).consume()
    return DocumentTraces(frozenset(entities), dict(surfaces))


def drop_orphans(tx: neo4j.ManagedTransaction, traces: DocumentTraces) -> int:
    """Delete the entities that nothing speaks of any more; correct the others' aliases.

    Returns
    -------
    int
        Entities deleted.
    """
    deleted = 0
    for batch in _batches(sorted(traces.entities)):
        deleted += tx.run(DELETE_ORPHANS, entities=batch).single(strict=True)[0]
    for batch in _batches(sorted(traces.surfaces)):
        rows = [
            {"id": entity, "aliases": sorted(set(texts) - {name})}
            for entity, name, texts in tx.run(STILL_SAID, entities=batch).values()
            if not traces.surfaces[entity] <= {*texts, name}
        ]
        tx.run(SET_ALIASES, rows=rows).consume()
    return deleted


def _batches(rows: list[str]) -> list[list[str]]:
    return [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
