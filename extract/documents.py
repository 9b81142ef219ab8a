"""The data object that every stage takes and returns.

A `Document` is frozen; a stage is a function ``Document -> Document`` that fills in its
own fields with `dataclasses.replace`. Offsets are in characters of `Document.text`,
half-open, unless a field says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.entities import Entity, Link


@dataclass(frozen=True)
class Jurisdiction:
    """The division that a document's issuer governs.

    `code` is its GB/T 2260 code, `path` the full path (``浙江省衢州市柯城区``), `level`
    ``province``, ``city``, ``county`` (development zones too) or ``township``.
    `confidence` is 1 when the head of the document says it, lower when only the
    document's own mentions support it.
    """

    code: str | None
    path: str
    level: str
    confidence: float = 1.0


@dataclass(frozen=True)
class Header:
    """What the head of a document says of it; `issuer` is a canonical name."""

    title: str | None = None
    kind: str = "其他"
    issuer: str | None = None
    meeting: str | None = None
    date: str | None = None
    speaker: str | None = None
    post: str | None = None
    jurisdiction: Jurisdiction | None = None


@dataclass(frozen=True)
class Sentence:
    """One sentence, joined across page breaks and hard wraps.

    `text` holds the characters as they stand in the source, without line breaks inside;
    `offsets[i]` is the position of `text[i]` in `Document.text`. The source span
    ``[start, end)`` therefore may be longer than `text`.
    `status` is ``done`` or ``planned`` where the document tells, else None.
    `chinese` is False for captions in other scripts and tables of numbers: stages that
    recognise or relate leave those alone.
    """

    id: str
    start: int
    end: int
    text: str
    offsets: tuple[int, ...]
    section: str | None = None
    status: str | None = None
    chinese: bool = True


@dataclass(frozen=True)
class Mention:
    """One occurrence of a name.

    `begin` counts in `Sentence.text`, `start` and `end` in `Document.text`. `type` is a
    graph label. `source` says who found it (``model``, ``gazetteer``, ``dictionary``,
    ``pattern``). `entity` is filled in by `graph.identity.resolve`.
    """

    start: int
    end: int
    text: str
    type: str
    sentence: int
    begin: int
    confidence: float
    source: str
    entity: str | None = None


@dataclass(frozen=True)
class Relation:
    """A claim: `head` does `type` to `tail`, and sentence number `sentence` says so.

    `head` and `tail` are indices into `Document.mentions`; `head` is None where the
    subject is left out and the issuer is meant (``@ISSUER``). `rule` names the rule or
    model that drew it.
    """

    head: int | None
    type: str
    tail: int
    sentence: int
    confidence: float
    rule: str
    title: str | None = None
    status: str | None = None


@dataclass(frozen=True)
class Document:
    """A document and all that has been found in it.

    `id` is derived from the text alone: the same text under two names is one document.
    `name` is the file's name for people; `source` is where it was read from (absolute
    path, with ``#member`` or ``#row`` inside archives and tables): a changed text at the
    same source replaces the old one.
    `issuer` is the entity id of the issuing organisation once identities are resolved.
    `applied` are the ids of the corrections made by hand that changed something in it,
    `corrections` these and all others that concerned it when it was resolved.
    """

    id: str
    name: str
    text: str
    source: str = ""
    header: Header = Header()
    sentences: tuple[Sentence, ...] = ()
    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    links: tuple[Link, ...] = ()
    issuer: str | None = None
    corrections: tuple[str, ...] = ()
    applied: tuple[str, ...] = ()
