"""Writing extracted documents into a store, each as a whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graph.ontology import LABELS, RELATIONS
from graph.retract import STILL_SAID, DocumentTraces, clear_documents, drop_orphans
from graph.rows import Row, Rows, make_rows
from graph.store import Backend, LoadReport
from graph.store_bolt import BoltStore

if TYPE_CHECKING:
    import neo4j

    from extract.documents import Document

BATCH = 5_000
"""Rows sent with one statement."""

GROUP_ROWS = 20_000
"""Sentences and mentions after which a transaction is full."""

QUICK = 0.25
"""Seconds: documents that come faster than this share a transaction."""

HELD = 2.0
"""Seconds that a document waits for others at most."""

KNOWN_DOCUMENTS = """
UNWIND $rows AS row
MATCH (d:Document {id: row.id})
RETURN d.id AS id, d.version AS version, coalesce(d.corrections, []) AS corrections, d.id AS asked
UNION
UNWIND $rows AS row
MATCH (d:Document {source: row.source})
WHERE row.source <> ''
RETURN d.id AS id, d.version AS version, coalesce(d.corrections, []) AS corrections, row.id AS asked
"""

CREATE_DOCUMENTS = "UNWIND $rows AS row CREATE (d:Document) SET d = row"

SET_ALIASES = "UNWIND $rows AS row MATCH (e:Entity {id: row.id}) SET e.aliases = row.aliases"

SET_NAMES = """
UNWIND $rows AS row
MATCH (e:Entity {id: row.id})
SET e.name = row.name, e.aliases = row.aliases
"""

# Below, rows are gathered by the node that they share, which is then looked up once:
# [id, [[id of the other end, properties], ...]]. To a relationship just created properties
# are added (+=); setting them (=) would make the server read it first.
CREATE_SENTENCES = """
UNWIND $rows AS row
MATCH (d:Document {id: row[0]})
UNWIND row[1] AS sentence
CREATE (s:Sentence)-[:IN_DOCUMENT]->(d)
SET s += sentence[1]
"""

CREATE_MENTIONS = """
UNWIND $rows AS row
MATCH (s:Sentence {id: row[0]})
UNWIND row[1] AS mention
MATCH (e:Entity {id: mention[0]})
CREATE (e)-[m:MENTIONED_IN]->(s)
SET m += mention[1]
"""

CREATE_ISSUERS = """
UNWIND $rows AS row
MATCH (d:Document {id: row.document})
MATCH (e:Entity {id: row.entity})
CREATE (d)-[:ISSUED_BY]->(e)
"""

# Cypher takes no parameter for a type; these names come from the ontology only.
CREATE_RELATIONS = {
    name: f"""
UNWIND $rows AS row
MATCH (h:Entity {{id: row[0]}})
UNWIND row[1] AS relation
MATCH (t:Entity {{id: relation[0]}})
CREATE (h)-[r:{name}]->(t)
SET r += relation[1]
"""
    for name in RELATIONS
}


class Batch(list):
    """Rows to send: a list with a short `repr`.

    The driver takes the `repr` of every parameter for its log, even where nobody logs; of
    whole rows that costs a fifteenth of the time of loading.

    >>> Batch([{"id": "1"}])
    [1 rows]
    """

    def __repr__(self) -> str:
        return f"[{len(self)} rows]"


@dataclass
class _Group:
    """Documents that will share a transaction."""

    documents: list[Document] = field(default_factory=list)
    rows: int = 0
    since: float = 0.0

    def add(self, document: Document) -> None:
        self.since = self.since if self.documents else time.monotonic()
        self.documents.append(document)
        self.rows += len(document.sentences) + len(document.mentions)

    def clashes(self, document: Document) -> bool:
        """Whether `document` would replace one of the group."""
        return any(
            document.id == other.id or (document.source and document.source == other.source)
            for other in self.documents
        )


def load(
    store: BoltStore,
    documents: Iterable[Document],
    *,
    version: str,
    progress: Callable[[Document], None] | None = None,
) -> LoadReport:
    """Write documents as they come; see `graph.store_bolt.BoltStore.load`."""
    report = LoadReport()
    for group in _groups(documents):
        outcome = store.transact(lambda tx, group=group: _write(store, tx, group, version))
        report = LoadReport(
            report.loaded + outcome.loaded,
            report.replaced + outcome.replaced,
            report.unchanged + outcome.unchanged,
            report.nodes + outcome.nodes,
            report.relationships + outcome.relationships,
        )
        for document in group if progress else ():
            progress(document)
    return report


def _groups(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Gather documents that come quickly; slow ones go alone, so that none is held back.

    What has come is passed on even when the source fails or is interrupted.
    """
    group = _Group()
    stream = iter(documents)
    while True:
        began = time.monotonic()
        try:
            document = next(stream, None)
        except BaseException:
            if group.documents:
                yield group.documents
            raise
        waited = time.monotonic() - began
        if document is None:
            break
        if group.clashes(document):
            yield group.documents
            group = _Group()
        group.add(document)
        old = time.monotonic() - group.since > HELD
        if waited > QUICK or old or group.rows >= GROUP_ROWS:
            yield group.documents
            group = _Group()
    if group.documents:
        yield group.documents


def _write(
    store: BoltStore, tx: neo4j.ManagedTransaction, group: list[Document], version: str
) -> LoadReport:
    asked = [{"id": document.id, "source": document.source} for document in group]
    corrections = {document.id: list(document.corrections) for document in group}
    unchanged: set[str] = set()
    replacing: list[tuple[str, str]] = []
    for id_, known_version, corrected, asker in tx.run(KNOWN_DOCUMENTS, rows=asked).values():
        if id_ == asker and known_version == version and corrected == corrections[id_]:
            unchanged.add(id_)
        else:
            replacing.append((id_, asker))
    # A text that is in already, but goes because another one of the group takes its file, is
    # written anew: it was given, so it stays.
    while gone := unchanged & {id_ for id_, asker in replacing if asker not in unchanged}:
        unchanged -= gone
    new = [document for document in group if document.id not in unchanged]
    old = dict.fromkeys(id_ for id_, asker in replacing if asker not in unchanged)
    traces = clear_documents(tx, list(old)) if old else DocumentTraces()
    rows = make_rows(new, version)
    created = write_rows(tx, rows, store.backend)
    if old:
        drop_orphans(tx, traces)
    return LoadReport(
        loaded=tuple(document.id for document in new),
        replaced=tuple(old),
        unchanged=tuple(sorted(unchanged)),
        nodes=created + len(rows.documents) + len(rows.sentences),
        relationships=rows.relationships,
    )


def write_rows(tx: neo4j.ManagedTransaction, rows: Rows, backend: Backend) -> int:
    """Write rows in the open transaction; nodes first, then relationships by type.

    Returns
    -------
    int
        Entities that were new.
    """
    _run(tx, CREATE_DOCUMENTS, rows.documents)
    created = 0
    named_otherwise: dict[str, str] = {}
    for label in LABELS:
        of_label = list(rows.entities.get(label, {}).values())
        new, otherwise = write_entities(tx, label, of_label, backend)
        created += new
        named_otherwise |= otherwise
    _run_gathered(tx, CREATE_SENTENCES, rows.sentences, "document")
    _run_gathered(tx, CREATE_MENTIONS, rows.mentions, "sentence", "entity")
    rename_entities(tx, named_otherwise)
    _run(tx, CREATE_ISSUERS, rows.issuers)
    write_relations(tx, rows.relations)
    return created


def write_entities(
    tx: neo4j.ManagedTransaction, label: str, rows: list[Row], backend: Backend
) -> tuple[int, dict[str, str]]:
    """Create the entities that are not there, and add new aliases to those that are.

    Returns
    -------
    tuple of int and dict
        How many were created; and for those that bear another name than in `rows`, the
        name of `rows` by id, for `rename_entities`.
    """
    created = 0
    named_otherwise: dict[str, str] = {}
    for batch in _batches(rows):
        new, known = backend.enter_entities(tx, label, batch)
        created += new
        grown = []
        for row in batch if known else ():
            name, aliases = known.get(row["id"], (row["name"], row["aliases"]))
            if name != row["name"]:
                named_otherwise[row["id"]] = row["name"]
            if not set(row["aliases"]) <= set(aliases):
                grown.append({"id": row["id"], "aliases": sorted({*aliases, *row["aliases"]})})
        _run(tx, SET_ALIASES, grown)
    return created, named_otherwise


def rename_entities(tx: neo4j.ManagedTransaction, names: dict[str, str]) -> None:
    """Give entities these names by id, and the aliases that their mentions then leave.

    A name follows from the id, except where a person has corrected it.
    """
    for batch in _batches(list(names)):
        renamed = [
            {"id": id_, "name": names[id_], "aliases": sorted(set(texts) - {names[id_]})}
            for id_, _, texts in tx.run(STILL_SAID, entities=batch).values()
        ]
        _run(tx, SET_NAMES, renamed)


def write_relations(tx: neo4j.ManagedTransaction, relations: dict[str, list[Row]]) -> None:
    """Create relations between entities that are there, type by type."""
    for type_, rows in relations.items():
        _run_gathered(tx, CREATE_RELATIONS[type_], rows, "head", "tail")


def _run(tx: neo4j.ManagedTransaction, statement: str, rows: list[Row]) -> None:
    for batch in _batches(rows):
        tx.run(statement, rows=batch).consume()


def _run_gathered(
    tx: neo4j.ManagedTransaction,
    statement: str,
    rows: list[Row],
    one: str,
    other: str | None = None,
) -> None:
    """Run with rows gathered by their node `one`; `other` names the node at the other end."""
    for batch in _batches(rows):
        gathered: dict[str, list[list[Any]]] = {}
        for row in batch:
            end = row[other] if other else None
            gathered.setdefault(row[one], []).append([end, row["properties"]])
        tx.run(statement, rows=Batch([id_, ends] for id_, ends in gathered.items())).consume()


def _batches(rows: list[Any]) -> Iterator[Batch]:
    for start in range(0, len(rows), BATCH):
        yield Batch(rows[start : start + BATCH])
