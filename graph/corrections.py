"""Corrections made by hand: a JSONL file that every build replays.

One JSON object a line; people may edit the file, and git may keep it. ``op`` says what:

=========  ==========================================  =======================================
op         keys                                        effect
=========  ==========================================  =======================================
merge      entity, into                                every mention of `entity` is one of `into`
split      entity, name, [document], [text]            mentions of `entity` in a document, or
                                                       with that surface, are a thing of their own
rename     entity, name                                shown under another name; the id stays
retype     entity, type                                another of the five types
alias      text, entity, [type]                        the surface `text` always means `entity`
forget     entity, [document]                          no entity at all
undo       of                                          takes back the correction with this id
=========  ==========================================  =======================================

`entity` and `into` are an entity's id or its name. `documents` (content ids) is written by
the commands: only those documents need to be built anew; without it, all of them. `note` is
for people. Lines that begin with ``#`` are comments.

A correction's id is a digest of what it says, so that an edited line is a new correction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from graph.ontology import LABELS
from zhitu.errors import CorrectionError

if TYPE_CHECKING:
    from graph.store import Store

OPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "merge": (("entity", "into"), ()),
    "split": (("entity", "name"), ("document", "text")),
    "rename": (("entity", "name"), ()),
    "retype": (("entity", "type"), ()),
    "alias": (("text", "entity"), ("type",)),
    "forget": (("entity",), ("document",)),
    "undo": (("of",), ()),
}
"""Required and optional keys of each op; `documents`, `note` and `at` may always stand."""

_ALWAYS = ("op", "documents", "note", "at")


@dataclass(frozen=True)
class Correction:
    """One correction; keys that its op does not use are None. See the module."""

    op: str
    entity: str | None = None
    into: str | None = None
    name: str | None = None
    type: str | None = None
    text: str | None = None
    document: str | None = None
    of: str | None = None
    documents: tuple[str, ...] = ()
    note: str | None = None
    at: str | None = None
    line: int = 0

    @property
    def id(self) -> str:
        """Digest of what it says, eight hexadecimal figures; note, time and line are no part.

        Examples
        --------
        >>> noted = Correction("rename", "柯城", name="柯城区", note="看过")
        >>> noted.id == Correction("rename", "柯城", name="柯城区").id
        True
        """
        said = (self.op, self.entity, self.into, self.name, self.type, self.text)
        whole = json.dumps([*said, self.document, self.of], ensure_ascii=False)
        return hashlib.sha256(whole.encode()).hexdigest()[:8]

    def describe(self) -> str:
        """One line for people."""
        what = {
            "merge": f"{self.entity} → {self.into}",
            "split": f"{self.entity} → {self.name}",
            "rename": f"{self.entity} → {self.name}",
            "retype": f"{self.entity} → {self.type}",
            "alias": f"“{self.text}” → {self.entity}",
            "forget": f"{self.entity}",
            "undo": f"{self.of}",
        }
        where = f" in {self.document}" if self.document else ""
        return f"{self.id} {self.op} {what[self.op]}{where}"

    def to_json(self) -> str:
        """The line of the file, without its end."""
        row = {k: v for k, v in asdict(self).items() if k != "line" and v not in (None, ())}
        return json.dumps(row, ensure_ascii=False)


def parse_correction(text: str, where: str = "corrections", line: int = 0) -> Correction:
    """Read one line.

    Raises
    ------
    CorrectionError
        If it is no JSON object, or a key or the op is unknown or missing.

    Examples
    --------
    >>> parse_correction('{"op": "rename", "entity": "柯城", "name": "柯城区"}').name
    '柯城区'
    """
    place = f"{where}:{line}" if line else where
    try:
        row = json.loads(text)
    except json.JSONDecodeError as error:
        raise CorrectionError(f"{place}: not a JSON object ({error.msg}); one a line") from None
    if not isinstance(row, dict) or row.get("op") not in OPS:
        op = row.get("op") if isinstance(row, dict) else row
        raise CorrectionError(f"{place}: op is {op!r}; known: {', '.join(OPS)}")
    required, optional = OPS[row["op"]]
    for key in required:
        if not isinstance(row.get(key), str) or not row[key]:
            raise CorrectionError(f"{place}: {row['op']} needs {key!r}, a non-empty string")
    if unknown := set(row) - {*required, *optional, *_ALWAYS}:
        known = ", ".join((*required, *optional, *_ALWAYS[1:]))
        raise CorrectionError(f"{place}: unknown key {sorted(unknown)[0]!r}; known: {known}")
    if row.get("type") is not None and row["type"] not in LABELS:
        raise CorrectionError(f"{place}: type {row['type']!r}; known: {', '.join(LABELS)}")
    documents = row.pop("documents", [])
    if not isinstance(documents, list):
        raise CorrectionError(f"{place}: documents must be a list of document ids")
    return Correction(documents=tuple(documents), line=line, **row)


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """Every line of the file, undone ones and undos too; empty if there is no file.

    Raises
    ------
    CorrectionError
        If the file cannot be read or a line is wrong.
    """
    if not path.exists():
        return ()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CorrectionError(f"{path}: cannot be read as UTF-8 text ({error})") from None
    return tuple(
        parse_correction(line, str(path), number)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    )


def in_force(corrections: Sequence[Correction], where: str = "corrections") -> tuple:
    """The corrections that are not undone, in their order.

    Raises
    ------
    CorrectionError
        If an undo names no earlier correction.

    Examples
    --------
    >>> merge = Correction("merge", "赵清献公", "赵抃")
    >>> in_force([merge, Correction("undo", of=merge.id)])
    ()
    """
    kept: list[Correction] = []
    for correction in corrections:
        if correction.op != "undo":
            kept.append(correction)
            continue
        at = next((i for i in reversed(range(len(kept))) if kept[i].id == correction.of), None)
        if at is None:
            raise CorrectionError(
                f"{where}:{correction.line}: nothing to undo with id {correction.of!r}; "
                "delete this line, or see the ids with `zhitu undo --list`"
            )
        del kept[at]
    return tuple(kept)


def load_corrections(path: Path) -> tuple[Correction, ...]:
    """The corrections of a file that are in force; empty if there is no file."""
    return in_force(read_corrections(path), str(path))


def append_correction(path: Path, correction: Correction) -> None:
    """Add a line to the file, and make the file if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.read_bytes() if path.exists() else b""
    ragged = bool(written) and not written.endswith(b"\n")
    with path.open("a", encoding="utf-8") as file:
        file.write(("\n" if ragged else "") + correction.to_json() + "\n")


def concerning(corrections: Sequence[Correction], document: str) -> frozenset[str]:
    """Ids of the corrections that a document must have seen.

    Parameters
    ----------
    corrections : sequence of Correction
        In force.
    document : str
        Content id.

    Examples
    --------
    >>> here = Correction("forget", "甲", documents=("d1",))
    >>> everywhere = Correction("forget", "乙")
    >>> concerning([here, everywhere], "d2") == {everywhere.id}
    True
    """
    return frozenset(c.id for c in corrections if not c.documents or document in c.documents)


def up_to_date(corrections: Sequence[Correction], document: str, seen: Sequence[str]) -> bool:
    """Whether a document that was built with corrections `seen` need not be built anew.

    It must be if one that concerns it is new, or one that changed it is no longer in force.
    """
    known = frozenset(seen)
    return concerning(corrections, document) <= known <= {c.id for c in corrections}


def without_effect(corrections: Sequence[Correction], store: Store) -> tuple[Correction, ...]:
    """The corrections in force that changed no document of the graph: they no longer apply."""
    rows = store.read(
        "MATCH (d:Document) UNWIND coalesce(d.applied, []) AS id RETURN DISTINCT id"
    ).rows
    applied = {row[0] for row in rows}
    return tuple(c for c in corrections if c.id not in applied)


def with_documents(correction: Correction, documents: Sequence[str]) -> Correction:
    """The same correction, said to concern just these documents."""
    return replace(correction, documents=tuple(sorted(documents)))


# Every document that supports an entity: it mentions it, is issued by it, or relates it.
DOCUMENTS = """
MATCH (e:Entity) WHERE e.id IN $ids
MATCH (e)-[:MENTIONED_IN]->(:Sentence)-[:IN_DOCUMENT]->(d:Document)
RETURN DISTINCT d.id AS id, d.name AS name
UNION
MATCH (e:Entity) WHERE e.id IN $ids
MATCH (d:Document)-[:ISSUED_BY]->(e)
RETURN DISTINCT d.id AS id, d.name AS name
UNION
MATCH (e:Entity) WHERE e.id IN $ids
MATCH (e)-[r]-(:Entity)
MATCH (d:Document {id: r.document})
RETURN DISTINCT d.id AS id, d.name AS name
"""

SAYING = """
MATCH (:Entity)-[m:MENTIONED_IN {text: $text}]->(:Sentence)-[:IN_DOCUMENT]->(d:Document)
RETURN DISTINCT d.id AS id, d.name AS name
"""


def record(
    store: Store, path: Path, made: Correction, ids: Sequence[str], *, text: str | None = None
) -> tuple[Correction, dict[str, str]]:
    """Write a correction down, with the documents that it concerns and the time.

    Parameters
    ----------
    store : Store
    path : Path
        The corrections file.
    made : Correction
    ids : sequence of str
        Entities whose documents must be built anew.
    text : str, optional
        A surface whose documents must be built anew too.

    Returns
    -------
    tuple
        The correction as written, and the names of those documents by id.

    Raises
    ------
    CorrectionError
        If it is in force already.
    """
    if made.id in {c.id for c in load_corrections(path)}:
        raise CorrectionError(f"{path}: this correction is in force already ({made.id})")
    documents = {row[0]: row[1] for row in store.read(DOCUMENTS, {"ids": list(ids)}).rows}
    if text is not None:
        documents |= {row[0]: row[1] for row in store.read(SAYING, {"text": text}).rows}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    made = replace(with_documents(made, list(documents)), at=now)
    append_correction(path, made)
    return made, documents
