"""Copying a graph from one store to another, whole documents at a time, and checking it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.checksums import Checksum, checksums
from graph.load import write_rows
from graph.ontology import LABELS, RELATIONS
from graph.retract import DocumentTraces, clear_documents, drop_orphans
from graph.rows import Row, Rows
from graph.store import Backend, ManifestEntry
from graph.store_bolt import BoltStore
from zhitu.errors import StoreError

if TYPE_CHECKING:
    import neo4j

GROUP = 50
"""Documents read from the source at a time."""

SENTENCES = """
UNWIND $ids AS id
MATCH (s:Sentence)-[:IN_DOCUMENT]->(:Document {id: id})
RETURN id, properties(s)
"""

MENTIONS = """
UNWIND $ids AS id
MATCH (e:Entity)-[m:MENTIONED_IN]->(s:Sentence)-[:IN_DOCUMENT]->(:Document {id: id})
RETURN id, e.id, s.id, properties(m)
"""

DOCUMENTS = """
UNWIND $ids AS id
MATCH (d:Document {id: id})
OPTIONAL MATCH (d)-[:ISSUED_BY]->(e:Entity)
RETURN id, properties(d), e.id
"""

RELATIONSHIPS = """
MATCH (h:Entity)-[r]->(t:Entity)
WHERE r.document IN $ids
RETURN r.document, type(r), h.id, t.id, properties(r)
"""

ENTITIES = """
UNWIND $ids AS id
MATCH (e:Entity {id: id})
RETURN labels(e), properties(e)
"""


@dataclass(frozen=True)
class CopyReport:
    """What a copy did; `sums` are the checksums on which both stores agree."""

    copied: int
    unchanged: int
    sums: dict[str, Checksum]


def copy(
    source: BoltStore,
    target: BoltStore,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> CopyReport:
    """Copy all documents, with what they say, from one store into another.

    Documents that the target holds in the same version are left alone, so that a copy
    that was interrupted is continued by the next; what else the target holds stays.
    Each document is copied in one transaction. Afterwards both stores are read anew and
    compared by counts and checksums.

    Parameters
    ----------
    source, target : BoltStore
        From `graph.store.connect`.
    progress : callable, optional
        Called with the number of documents done and of all.

    Raises
    ------
    StoreError
        If the stores differ afterwards: by what, in one line.
    """
    wanted = source.manifest()
    there = target.manifest()
    missing = [id_ for id_ in wanted if not _same(wanted[id_], there.get(id_))]
    done = len(wanted) - len(missing)
    for start in range(0, len(missing), GROUP):
        for id_, rows in read_rows(source, missing[start : start + GROUP]).items():
            target.transact(lambda tx, id_=id_, rows=rows: _replace(tx, id_, rows, target.backend))
            done += 1
            if progress:
                progress(done, len(wanted))
    # Aliases come from all documents of a store: they agree only if these do.
    alone = set(target.manifest()) == set(wanted)
    sums = checksums(source, wanted, aliases=alone)
    compare(sums, checksums(target, wanted, aliases=alone), source.name, target.name)
    return CopyReport(len(missing), len(wanted) - len(missing), sums)


def compare(
    expected: dict[str, Checksum], found: dict[str, Checksum], source: str, target: str
) -> None:
    """Raise StoreError if two stores' checksums differ; says in what and how."""
    differing = [
        f"{kind}: {expected.get(kind, Checksum()).count} and {found.get(kind, Checksum()).count}"
        for kind in sorted(expected.keys() | found.keys())
        if expected.get(kind) != found.get(kind)
    ]
    if differing:
        raise StoreError(
            f"{source} and {target} differ after the copy in {', '.join(differing)}; was one "
            "written to meanwhile? copy again, or remove the documents from the target first"
        )


def read_rows(store: BoltStore, ids: list[str]) -> dict[str, Rows]:
    """Read documents back as the rows that the loader writes, by document id."""
    rows = {id_: Rows() for id_ in ids}
    parameters = {"ids": ids}
    spoken: dict[str, set[str]] = defaultdict(set)
    for id_, properties, issuer in store.read(DOCUMENTS, parameters).rows:
        rows[id_].documents.append(properties)
        if issuer is not None:
            rows[id_].issuers.append({"document": id_, "entity": issuer})
            spoken[id_].add(issuer)
    for id_, properties in store.read(SENTENCES, parameters).rows:
        rows[id_].sentences.append({"document": id_, "properties": properties})
    surfaces: dict[tuple[str, str], set[str]] = defaultdict(set)
    for id_, entity, sentence, properties in store.read(MENTIONS, parameters).rows:
        row = {"entity": entity, "sentence": sentence, "properties": properties}
        rows[id_].mentions.append(row)
        spoken[id_].add(entity)
        surfaces[id_, entity].add(properties["text"])
    for id_, type_, head, tail, properties in store.read(RELATIONSHIPS, parameters).rows:
        if type_ in RELATIONS:
            row = {"head": head, "tail": tail, "properties": properties}
            rows[id_].relations.setdefault(type_, []).append(row)
            spoken[id_] |= {head, tail}
    entities = _read_entities(store, set().union(*spoken.values()))
    for id_, of_document in spoken.items():
        for entity in sorted(of_document):
            label, properties = entities[entity]
            aliases = sorted(surfaces[id_, entity] - {properties["name"]})
            row = {**properties, "aliases": aliases}
            rows[id_].entities.setdefault(label, {})[entity] = row
    return rows


def _read_entities(store: BoltStore, ids: Iterable[str]) -> dict[str, tuple[str, Row]]:
    found = store.read(ENTITIES, {"ids": sorted(ids)}).rows
    return {
        properties["id"]: (next(label for label in LABELS if label in labels), properties)
        for labels, properties in found
    }


def _replace(tx: neo4j.ManagedTransaction, id_: str, rows: Rows, backend: Backend) -> None:
    traces = clear_documents(tx, [id_])
    write_rows(tx, rows, backend)
    if traces != DocumentTraces():
        drop_orphans(tx, traces)


def _same(one: ManifestEntry, other: ManifestEntry | None) -> bool:
    return other is not None and (one.version, one.corrections) == (
        other.version,
        other.corrections,
    )
