"""Full-text search over names and aliases, the same on both stores.

The stores' own full-text indexes differ, and one of them cannot be asked through Cypher. So
an index, where there is one, only narrows down the entities that Cypher, the same on both,
then looks at; and one rule ranks them here: how much of a name the text covers first, how
often the entity is mentioned second.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cypher.model import entity_label
from graph.ontology import LABELS
from graph.store import NAMES_INDEX
from zhitu.errors import QueryError, UsageError

if TYPE_CHECKING:
    from graph.store import Store

CANDIDATES = 200
"""Entities that are ranked; the store cuts the rest, longer names first."""

_HAN = re.compile("[\u4e00-\u9fff]{2,}")
"""Words that the index finds wherever they stand in a name: it holds pairs of characters."""

EVERY = "MATCH (e:Entity)"
INDEXED = (
    f"CALL db.index.fulltext.queryNodes('{NAMES_INDEX}', $indexed) YIELD node AS e WITH e AS e"
)
"""The entities that a search looks at: all, or those that the index of names gives."""

# `$words` holds for each word its spellings (c919, C919): one of each must be there.
CONTAINING = """
WHERE all(spellings IN $words WHERE any(word IN spellings WHERE e.name CONTAINS word
      OR any(alias IN coalesce(e.aliases, []) WHERE alias CONTAINS word)))
  AND ($types IS NULL OR any(label IN labels(e) WHERE label IN $types))
RETURN e.id AS id, e.name AS name, labels(e) AS labels, coalesce(e.aliases, []) AS aliases
ORDER BY CASE WHEN e.name = $text OR $text IN coalesce(e.aliases, []) THEN 0
              WHEN e.name STARTS WITH $text THEN 1 ELSE 2 END, size(e.name), e.id
LIMIT $candidates
"""

RESEMBLING = """
WHERE $types IS NULL OR any(label IN labels(e) WHERE label IN $types)
WITH e, size([pair IN $pairs WHERE e.name CONTAINS pair
              OR any(alias IN coalesce(e.aliases, []) WHERE alias CONTAINS pair)]) AS shared
WHERE shared >= $least
RETURN e.id AS id, e.name AS name, labels(e) AS labels, coalesce(e.aliases, []) AS aliases
ORDER BY shared DESC, size(e.name), e.id
LIMIT $candidates
"""

MENTIONS = """
UNWIND $ids AS id
MATCH (e:Entity {id: id})-[:MENTIONED_IN]->(s:Sentence)-[:IN_DOCUMENT]->(d:Document)
RETURN id, d.name AS document, count(*) AS mentions
ORDER BY id, mentions DESC, document
"""

NAMED, GIVEN = (
    f"""
UNWIND $values AS value
MATCH (e:Entity {{{key}: value}})
RETURN e.id AS id, e.name AS name, labels(e) AS labels
ORDER BY id
"""
    for key in ("name", "id")
)

BY_ALIAS = """
WHERE $name IN e.aliases
RETURN e.id AS id, e.name AS name, labels(e) AS labels
ORDER BY id
"""

ENDING = """
WHERE e.name ENDS WITH $name
RETURN e.id AS id, e.name AS name, labels(e) AS labels
ORDER BY id
"""

DOCUMENTS = """
MATCH (d:Document)
WHERE d.id = $text OR d.name CONTAINS $text OR d.title CONTAINS $text
RETURN d.id AS id, d.name AS name, d.title AS title
ORDER BY name, id
LIMIT 50
"""


@dataclass(frozen=True)
class Found:
    """An entity that a text was found in.

    `documents` are names, the one with most mentions first; `mentions` counts them over
    all; `score` is comparable within one search only.
    """

    id: str
    name: str
    type: str
    aliases: tuple[str, ...]
    documents: tuple[str, ...]
    mentions: int
    score: float


def find(
    store: Store,
    text: str,
    *,
    types: Sequence[str] | None = None,
    limit: int = 20,
    timeout: float | None = None,
) -> list[Found]:
    """Search entities by name and alias.

    Every word of `text` (split at spaces) has to be in the name or in an alias; where no
    entity has them all, those that share at least half of its pairs of characters are
    taken. Letters match in any case and width.

    Parameters
    ----------
    store : Store
        From `graph.store.connect`.
    text : str
        For example ``议事`` or ``柯城 政协``.
    types : sequence of str, optional
        Labels to keep.
    limit : int
        Entities to return at most.
    timeout : float, optional
        Seconds a statement may take.

    Returns
    -------
    list of Found
        Best first; the same on both stores.

    Raises
    ------
    UsageError
        If the text is empty, `limit` is below 1 or a type is unknown.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    if not text:
        raise UsageError("nothing to search for; for example: zhitu find 议事")
    if limit < 1:
        raise UsageError(f"--limit {limit}: at least 1 is needed")
    chosen = None if types is None else [entity_label(name) for name in types]
    words = text.split()
    common = {"types": chosen, "candidates": max(CANDIDATES, limit)}
    rows = _among(
        store,
        CONTAINING,
        " AND ".join(f'"{word}"' for word in words if _HAN.fullmatch(word)),
        {"words": [_spellings(w) for w in words], "text": text, **common},
        timeout,
    )
    if not rows and (pairs := sorted(_pairs(text), key=text.find)):
        least = math.ceil(len(pairs) / 2)
        # Who has that many of the pairs has one of any that are one more than the rest; those
        # at the end are the rarer ones: many names begin with the same place.
        some = pairs[least - 1 :]
        rows = _among(
            store,
            RESEMBLING,
            " OR ".join(some) if all(map(_HAN.fullmatch, some)) else "",
            {"pairs": pairs, "least": least, **common},
            timeout,
        )
    return _ranked(store, text, rows, limit, timeout)


def holds(found: Found, text: str) -> bool:
    """Whether every word of a search stands in the names of what it found, not only pairs of it.

    Examples
    --------
    >>> found = Found("Brand:民生议事堂", "民生议事堂", "Brand", (), (), 0, 1.0)
    >>> holds(found, "议事 民生"), holds(found, "民生议事厅")
    (True, False)
    """
    names = [_folded(name) for name in (found.name, *found.aliases)]
    return all(any(_folded(word) in name for name in names) for word in text.split())


def _among(
    store: Store, query: str, indexed: str, parameters: dict[str, Any], timeout: float | None
) -> list[tuple]:
    """Ask `query` of all entities, or of those only that the index finds for `indexed`."""
    if indexed and store.has_names_index():
        given = {"indexed": indexed, **parameters}
        return store.read(INDEXED + query, given, timeout=timeout).rows
    return store.read(EVERY + query, parameters, timeout=timeout).rows


def _ranked(
    store: Store, text: str, rows: Sequence[tuple], limit: int, timeout: float | None
) -> list[Found]:
    documents: dict[str, list[str]] = {}
    mentions: dict[str, int] = {}
    ids = [row[0] for row in rows]
    if ids:
        for id_, document, count in store.read(MENTIONS, {"ids": ids}, timeout=timeout).rows:
            documents.setdefault(id_, []).append(document)
            mentions[id_] = mentions.get(id_, 0) + count
    found = [
        Found(
            id_,
            name,
            next((label for label in LABELS if label in labels), ""),
            tuple(sorted(aliases)),
            tuple(documents.get(id_, ())),
            mentions.get(id_, 0),
            relevance(text, [name, *aliases], mentions.get(id_, 0)),
        )
        for id_, name, labels, aliases in rows
    ]
    return sorted(found, key=lambda f: (-f.score, f.name, f.id))[:limit]


def relevance(text: str, names: Sequence[str], mentions: int) -> float:
    """Score how well `text` finds an entity called `names` (canonical name first).

    At most 3 for the text (whole name or alias 3, beginning 2, inside 1, else the share of
    common character pairs), up to 1 for how much of the name it covers, and up to 0.9 for
    mentions; an alias counts slightly less than the name.

    Examples
    --------
    >>> relevance("议事", ["民生议事堂"], 3) > relevance("议事", ["柯城区民主议事协商中心"], 3)
    True
    >>> relevance("议事堂", ["议事堂"], 0)
    4.0
    """
    wanted = _folded(text).replace(" ", "")
    best = 0.0
    for i, name in enumerate(names):
        here = _folded(name)
        if here == wanted:
            level = 3.0
        elif here.startswith(wanted):
            level = 2.0
        elif wanted in here:
            level = 1.0
        else:
            mine, theirs = _pairs(wanted), _pairs(here)
            level = 2 * len(mine & theirs) / ((len(mine) + len(theirs)) or 1)
        best = max(best, level + min(1.0, len(wanted) / len(here)) - (0.05 if i else 0.0))
    return round(best + 0.9 * (1 - 1 / (1 + math.log1p(mentions))), 6)


def lookup(store: Store, name: str, *, timeout: float | None = None) -> list[tuple[str, str, str]]:
    """Find the entities that bear a name.

    Those whose canonical name it is come before those that documents call so; where there
    are neither, the name is made full by the rules of identity (柯城区政协 →
    政协浙江省衢州市柯城区委员会), or by the path of a division before it (青村镇 →
    上海市奉贤区青村镇).

    Returns
    -------
    list of (id, name, type)
        Empty if there is none.
    """
    name = name.strip()
    rows = store.read(NAMED, {"values": [name]}, timeout=timeout).rows
    whole = f'"{name}"' if _HAN.fullmatch(name) else ""
    rows = rows or _among(store, BY_ALIAS, whole, {"name": name}, timeout)
    # What a person renamed keeps its id, and with it the name that the rules gave.
    given = [f"{label}:{name}" for label in LABELS]
    rows = rows or store.read(GIVEN, {"values": given}, timeout=timeout).rows
    rows = rows or store.read(NAMED, {"values": full_names(name)}, timeout=timeout).rows
    if not rows and len(name) > 2:
        # 青村镇, where documents only name villages in it, is called by its path.
        ending = _among(store, ENDING, whole, {"name": name}, timeout)
        rows = [row for row in ending if is_path(row[1].removesuffix(name))]
    return [
        (id_, full, next((label for label in LABELS if label in labels), ""))
        for id_, full, labels in rows
    ]


def is_path(text: str) -> bool:
    """Whether a text is the path of a division.

    >>> is_path("上海市奉贤区"), is_path("上海市的")
    (True, False)
    """
    from extract.gazetteer import addresses

    return any(address.end == len(text) for address in addresses(text))


def full_names(name: str) -> list[str]:
    """Make a name full by the rules of identity alone, as each type it may be.

    A bare name of a city or county (柯城政协) is tried as that too; in a document it might not be.

    Examples
    --------
    >>> full_names("柯城区政协")[0], full_names("柯城政协")[0]
    ('政协浙江省衢州市柯城区委员会', '政协浙江省衢州市柯城区委员会')
    """
    from extract.gazetteer import addresses, path
    from graph.identity import by_name
    from graph.identity_context import Context

    if not name:
        return []
    nowhere = Context(None, None, "", "")
    readings = [name] + [
        path(reading.division) + name[reading.end :]
        for reading in addresses(name)
        if reading.bare and reading.division.level in ("city", "county")
    ]
    found = [by_name(each, label, nowhere).name for each in readings for label in LABELS]
    return [full for full in dict.fromkeys(found) if full != name]


def resolve_name(store: Store, name: str, *, timeout: float | None = None) -> str:
    """Turn a name or alias into the canonical name.

    Raises
    ------
    QueryError
        If no entity is called so (the nearest are listed), or several are (all are listed).
    """
    names = sorted({full for _, full, _ in lookup(store, name, timeout=timeout)})
    if len(names) == 1:
        return names[0]
    if names:
        shown = "、".join(names[:8]) + ("、…" if len(names) > 8 else "")
        raise QueryError(f"{name} may be any of {len(names)} entities: {shown}; give one of these")
    raise unknown_name(store, name, timeout=timeout)


def unknown_name(store: Store, name: str, *, timeout: float | None = None) -> QueryError:
    """The error that no entity is called so, with the nearest names."""
    near = [f.name for f in find(store, name, limit=5, timeout=timeout)] if name.strip() else []
    return QueryError(
        f"no entity is called {name}; "
        + (f"nearest: {'、'.join(near)}" if near else "zhitu find TEXT searches names and aliases")
    )


def resolve_document(store: Store, text: str, *, timeout: float | None = None) -> str:
    """Turn a document's name, title or id, or a part of the first two, into its id.

    Raises
    ------
    QueryError
        If none or several documents fit.
    """
    text = text.strip()
    rows = store.read(DOCUMENTS, {"text": text}, timeout=timeout).rows
    whole = [row for row in rows if text in row]
    rows = whole or rows
    if len(rows) == 1:
        return rows[0][0]
    if rows:
        shown = "、".join(f"{name} ({id_})" for id_, name, _ in rows[:6])
        raise QueryError(f"several documents fit {text!r}: {shown}; give an id")
    raise QueryError(f"no document's name or title holds {text!r}; zhitu query documents lists all")


def _spellings(word: str) -> list[str]:
    """List the ways a word may stand in a name: as given, in capitals, wide."""
    narrow = {word, word.upper(), word.lower(), word.capitalize()}
    wide = {
        "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in spelling)
        for spelling in narrow
    }
    return sorted(narrow | wide)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _pairs(text: str) -> set[str]:
    run = text.replace(" ", "")
    return {run[i : i + 2] for i in range(len(run) - 1)}
