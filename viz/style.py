"""How types look: one shape, one colour in light and one in dark; sizes and label boxes.

Shape and colour say the same thing twice, so that nobody needs to tell the colours apart;
`tests/test_style.py` measures that they stay apart for the common colour deficiencies.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

from graph.ontology import ENTITY_TYPES, RELATION_TYPES


@dataclass(frozen=True)
class Look:
    """Shape (a vis-network name) and colours (hex) of one entity type."""

    shape: str
    light: str
    dark: str


LOOKS: dict[str, Look] = {
    "Organization": Look("square", "#2a5f9e", "#74aef0"),
    "Place": Look("dot", "#36a18b", "#4bd3a0"),
    "Project": Look("diamond", "#c87f12", "#e9b44c"),
    "Brand": Look("hexagon", "#8a1f62", "#e0629b"),
    "Person": Look("triangle", "#4a4743", "#dcd8d0"),
}
"""By graph label; the colours follow Okabe and Ito's advice, toned down."""

RELATION_NAMES: dict[str, str] = {r.name: r.zh for r in RELATION_TYPES}
SYMMETRIC: frozenset[str] = frozenset(r.name for r in RELATION_TYPES if r.symmetric)
TYPE_NAMES: dict[str, str] = {t.label: t.zh for t in ENTITY_TYPES}

LABEL_SIZE = 15
"""Height of label text in layout units (pixels at scale 1), as LABEL in labels.js."""
LINE_HEIGHT = 18
_LINE = 10
_LINES = 3
_BREAK_AFTER = "省市县区旗盟镇乡村会院厅局部、·）)”》"
_NO_BREAK_BEFORE = "”》）)」』、，。·"


def radius(degree: int, *, centre: bool = False) -> float:
    """Radius of a node in layout units, by the number of its relations.

    >>> radius(0), radius(400), radius(1, centre=True)
    (7.0, 24.0, 18.0)
    """
    grown = min(24.0, 7.0 + 1.6 * math.sqrt(degree))
    return round(max(grown, 18.0) if centre else grown, 1)


def text_width(text: str) -> float:
    """Width of one line in layout units: a Chinese character is as wide as it is high."""
    wide = sum(unicodedata.east_asian_width(c) in "WFA" for c in text)
    return LABEL_SIZE * (wide + 0.58 * (len(text) - wide))


def wrap(name: str) -> str:
    """Break a name into at most three lines of about ten characters, at joints of the name.

    Longer names end in an ellipsis; the page shows them whole when they are chosen.

    Examples
    --------
    >>> wrap("政协浙江省衢州市柯城区委员会").split("\\n")
    ['政协浙江省衢州市', '柯城区委员会']
    >>> wrap("鲜辣常山")
    '鲜辣常山'
    """
    text = " ".join(name.split())
    lines: list[str] = []
    while text:
        left = _LINES - len(lines)
        count = min(left, math.ceil(_columns(text) / _LINE))
        if count <= 1:
            if _columns(text) > _LINE + 2:
                text = _cut(text, _LINE) + "…"
            lines.append(text)
            break
        at = _break(text, min(_LINE, _columns(text) / count))
        lines.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return "\n".join(lines)


def label_box(label: str) -> tuple[float, float]:
    """Width and height of a wrapped label in layout units.

    >>> label_box("鲜辣常山")
    (60.0, 18)
    """
    lines = label.split("\n")
    return max(map(text_width, lines)), LINE_HEIGHT * len(lines)


def _columns(text: str) -> float:
    return text_width(text) / LABEL_SIZE


def _cut(text: str, columns: float) -> str:
    while text and _columns(text) > columns:
        text = text[:-1]
    return text


def _break(text: str, columns: float) -> int:
    """Position of the best break near `columns`: after a joint, never before a closing mark."""
    ideal = len(_cut(text, columns))
    best, cost = max(1, ideal), math.inf
    for at in range(max(2, ideal - 3), min(len(text) - 1, ideal + 3) + 1):
        if text[at] in _NO_BREAK_BEFORE or _columns(text[:at]) > _LINE + 1:
            continue
        if text[at : at + 2] == "员会" or text[at - 1 : at + 2] == "委员会":
            continue
        latin = text[at - 1].isascii() and text[at].isascii() and " " not in text[at - 1 : at + 1]
        penalty = abs(at - ideal) + 3 * (text[at - 1] not in _BREAK_AFTER) + 9 * latin
        if penalty < cost:
            best, cost = at, penalty
    return best
