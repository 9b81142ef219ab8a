"""What a query may name: the labels, relationship types and properties of the graph.

The entity labels and the ten relation types come from `graph.ontology`; this module adds
the documents and sentences around them, the properties that each carries, and the nearest
known name to one that was written.

>>> nearest("Organisation", LABELS)
['Organization']
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from graph.ontology import ENTITY_TYPES, RELATION_TYPES, RELATIONS, label_named, relation_named
from graph.ontology import LABELS as ENTITY_LABELS
from zhitu.errors import UsageError

LABELS: dict[str, str] = {
    "Entity": "any of the five below · 实体",
    "Organization": "组织机构",
    "Place": "地点",
    "Project": "项目",
    "Brand": "品牌",
    "Person": "人物",
    "Document": "文档",
    "Sentence": "句子",
}
"""Every label of the graph and what it stands for."""

STRUCTURE: dict[str, str] = {
    "MENTIONED_IN": "实体 → 句子：提及",
    "IN_DOCUMENT": "句子 → 文档：属于",
    "ISSUED_BY": "文档 → 机构：发布者",
}
"""Relationship types that hold documents, sentences and mentions together."""

TYPES: dict[str, str] = {name: r.zh for name, r in RELATIONS.items()} | STRUCTURE
"""Every relationship type of the graph and what it stands for."""

PROPERTIES: dict[str, tuple[str, ...]] = {
    "Entity": tuple("id name aliases code level path lng lat".split()),
    "Document": tuple(
        "id name title kind meeting date speaker post jurisdiction code level source "
        "version corrections applied".split()
    ),
    "Sentence": tuple("id number text start end section status".split()),
    "MENTIONED_IN": tuple("start end begin text confidence source reason".split()),
    "relation": tuple("document sentences evidence confidence title status rule source".split()),
}
"""Properties by label or type; ``relation`` stands for the ten relation types."""

PROPERTY_NAMES: frozenset[str] = frozenset(name for names in PROPERTIES.values() for name in names)

KEYWORDS: tuple[str, ...] = tuple(
    "MATCH OPTIONAL WHERE RETURN WITH UNWIND ORDER BY SKIP LIMIT DISTINCT UNION CALL YIELD AS "
    "AND OR NOT XOR IN CONTAINS STARTS ENDS IS NULL CASE WHEN THEN ELSE END EXISTS COUNT "
    "ASC DESC TRUE FALSE".split()
)
"""Words of reading Cypher."""

FUNCTIONS: tuple[str, ...] = tuple(
    "abs all any avg ceil coalesce collect count date datetime duration elementId endNode exists "
    "floor head keys labels last left length max min nodes none percentileCont point properties "
    "range reduce relationships replace reverse right round shortestPath allShortestPaths sign "
    "single size split startNode substring sum tail toBoolean toFloat toInteger toLower toString "
    "toUpper trim type".split()
)
"""Functions that both stores have."""

assert set(ENTITY_LABELS) < set(LABELS)


def nearest(name: str, known: Iterable[str], n: int = 3) -> list[str]:
    """Find the known names most like `name`, whatever the case, best first.

    Examples
    --------
    >>> nearest("implement", TYPES)
    ['IMPLEMENTS']
    """
    by_folded: dict[str, str] = {}
    for candidate in known:
        by_folded.setdefault(candidate.casefold(), candidate)
    written = name.casefold()
    close = difflib.get_close_matches(written, by_folded, n=n, cutoff=0.6)
    likeness = [difflib.SequenceMatcher(None, written, c).ratio() for c in close]
    # The runners-up help only where they are about as like as the best.
    return [by_folded[c] for c, r in zip(close, likeness, strict=True) if r > likeness[0] - 0.1]


def entity_label(text: str, *, option: str = "--type") -> str:
    """Read the type of an entity by its label, tag or Chinese name.

    Raises
    ------
    UsageError
        If there is no such type; the message, about `option`, lists the nearest, or all.

    Examples
    --------
    >>> entity_label("品牌")
    'Brand'
    """
    if label := label_named(text):
        return label
    raise _none_such(option, text, "type", {kind.label: kind.zh for kind in ENTITY_TYPES})


def relation_type(text: str, *, option: str = "TYPE") -> str:
    """Read a relation type by its name, in any case, or by its Chinese name.

    Raises
    ------
    UsageError
        If there is no such type; the message, about `option`, lists the nearest, or all.

    Examples
    --------
    >>> relation_type("位于")
    'LOCATED_IN'
    """
    if name := relation_named(text):
        return name
    raise _none_such(option, text, "relation", {kind.name: kind.zh for kind in RELATION_TYPES})


def _none_such(option: str, text: str, what: str, known: dict[str, str]) -> UsageError:
    near = nearest(text, known)
    every = ", ".join(f"{name} {zh}" for name, zh in known.items())
    told = f"nearest: {', '.join(near)}" if near else f"known: {every}"
    return UsageError(f"{option} {text}: no such {what}; {told}")
