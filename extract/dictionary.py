"""Names known beforehand: the gazetteer's, and a user's own dictionary.

A `Lexicon` finds the longest known names in a text. The user's entries always win over
every other source; the gazetteer only adds where nobody else has spoken, and mends the
edges of places (`extract.arbitration`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extract.spans import Span
from graph.ontology import LABELS, label_named
from zhitu.errors import UsageError


@dataclass(frozen=True)
class Lexicon:
    """Names with their labels, indexed by their first two characters.

    Made by `make_lexicon`.
    """

    names: dict[str, str]
    lengths: dict[str, tuple[int, ...]]
    source: str
    confidence: float

    def find(self, text: str) -> list[Span]:
        """The longest known names in `text`, from left to right, no two overlapping.

        Examples
        --------
        >>> lexicon = make_lexicon([("柯城区", "Place"), ("柯城区教育局", "Organization")])
        >>> [(s.begin, s.end, s.label) for s in lexicon.find("到柯城区教育局和柯城区")]
        [(1, 7, 'Organization'), (8, 11, 'Place')]
        """
        found, at = [], 0
        while at < len(text) - 1:
            for length in self.lengths.get(text[at : at + 2], ()):
                label = self.names.get(text[at : at + length])
                if label is not None and at + length <= len(text):
                    found.append(Span(at, at + length, label, self.confidence, self.source))
                    at += length
                    break
            else:
                at += 1
        return found


def make_lexicon(
    entries: Iterable[tuple[str, str]], *, source: str = "dictionary", confidence: float = 1.0
) -> Lexicon:
    """Index names of at least two characters; a later entry replaces an earlier one."""
    names = {name: label for name, label in entries if len(name) > 1}
    lengths: dict[str, set[int]] = {}
    for name in names:
        lengths.setdefault(name[:2], set()).add(len(name))
    ordered = {head: tuple(sorted(sizes, reverse=True)) for head, sizes in lengths.items()}
    return Lexicon(names, ordered, source, confidence)


def read_dictionary(path: Path | str) -> Lexicon:
    """Read a user's dictionary: CSV with a header ``name,type``, UTF-8.

    `type` is a label (Organization), a tag (ORG) or a Chinese name of the type (组织机构).

    Raises
    ------
    UsageError
        If the file cannot be read, or a row names no known type; the message says which.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp(), "names.csv")
    >>> _ = file.write_text("name,type\\n宋诗之河,项目\\n三衢味,Brand\\n", encoding="utf-8")
    >>> sorted(read_dictionary(file).names.items())
    [('三衢味', 'Brand'), ('宋诗之河', 'Project')]
    """
    entries = []
    try:
        with open(path, encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            if not {"name", "type"} <= set(rows.fieldnames or ()):
                raise UsageError(f"dictionary {path}: the first line must be the header name,type")
            for row in rows:
                name, kind = (row["name"] or "").strip(), (row["type"] or "").strip()
                label = label_named(kind)
                if label is None:
                    raise UsageError(
                        f"dictionary {path}, line {rows.line_num}: type {kind!r} is none of "
                        f"{', '.join(LABELS)}"
                    )
                if len(name) < 2:
                    raise UsageError(
                        f"dictionary {path}, line {rows.line_num}: {name!r} is too short; "
                        "a name needs two characters"
                    )
                entries.append((name, label))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"dictionary {path} cannot be read: {error}") from None
    return make_lexicon(entries)


_GENERIC = frozenset(
    "市辖区 城区 郊区 矿区 新区 开发区 经济开发区 高新区 经开区 旅游度假区".split()
)
_ADDED = ("province", "city", "county")


@cache
def gazetteer_lexicon() -> Lexicon:
    """Names that stand for themselves: divisions down to counties, organs, universities.

    Bare short names (柯城) are not in here: too many of them are ordinary words, so they
    need the document's support (`extract.consistency`). Nor are townships: 发展乡 and
    小城镇 are among them, so they only mend edges (`division_lexicon`).
    """
    from extract import gazetteer

    entries = [
        (name, "Place")
        for division in gazetteer.divisions()
        if division.level in _ADDED
        for name in _full_names(division)
    ]
    entries += [(university.name, "Organization") for university in gazetteer.universities()]
    for organ in filter(lambda each: each.central, gazetteer.organs()):
        names = (organ.name, *organ.aliases)
        entries += [(name, "Organization") for name in names if len(name) > 2]
    return make_lexicon(entries, source="gazetteer", confidence=0.85)


@cache
def division_lexicon() -> Lexicon:
    """Full names of all divisions down to townships, to tell where a name begins and ends."""
    from extract import gazetteer

    names = (name for division in gazetteer.divisions() for name in _full_names(division))
    return make_lexicon(((name, "Place") for name in names), source="gazetteer")


def _full_names(division) -> list[str]:
    from extract import gazetteer

    shorts = gazetteer.short_names(division.name, division.level)
    typed = [name for name in shorts if name.endswith(("州", "县", "旗", "高新区", "经开区"))]
    return [
        name
        for name in (division.name, *typed)
        if len(name) > 2 and name not in _GENERIC and not name.endswith("园区")
    ]
