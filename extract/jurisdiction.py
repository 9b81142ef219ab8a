"""Which division a text is about, by the places it names and how it speaks of them.

Used where the head of a document does not say it, and to choose between divisions of one
name where it does (鼓楼区). Every place name in the text is looked up; a division gains
from its own name, more so with an organ behind it (阜康市委书记), from the townships or
counties in it, and from the divisions above it. The words for its level decide between a
city and its county: a text that says 全县 and 县政协 is about a county.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extract.documents import Jurisdiction
from extract.gazetteer import (
    Division,
    ancestors,
    by_name,
    by_short,
    division,
    is_word,
    known_names,
    path,
    short_names,
)

_SAMPLE = 60_000
"""Characters that are searched; the places of a longer text are no others."""

_UNCONFIRMED = 0.3
"""Factor for a division of which only the bare name occurs: 合作, 和平, 解放, 资源 are words."""

_THIN = 3.0
"""Score below which a text says too little of any division."""

_ORGAN = re.compile(
    r"[省市县区州旗盟]?(?:委(?!员)|政府|人民政府|人大|政协|纪委|党工委|管委会|融媒|人民法院|公安局|发改|书记|市长|县长|区长)"
)
_NOT_DISTRICT = "治园社地景城片校灾辖库山老牧新林湾港郊矿农厂小专"
"""Characters before 区 that make it another word (社区, 自治区)."""

_SELF = re.compile(
    rf"""(?P<own>[全我](?P<a>[省市县州旗盟]|区(?!域)))
       |(?<![一-鿿])?(?<![{_NOT_DISTRICT}])(?P<b>[省市县区州旗盟])
        (?:委(?!员)|政府|人民政府|政协|人大|纪委|直机关|长(?![江沙春治期远大城])|[一-鿿]{{2,8}}局)""",
    re.VERBOSE,
)
_ZONE = re.compile(
    r"(?<![一-鿿])(?:高新|经开|开发|新|园)区|(?:高新|经开|开发|园)区(?=党工委|管委会|管理委)|(?<![一-鿿])区(?=党工委)"
)
"""A development zone speaking of itself: 高新区 with no place before it."""

_AUTONOMOUS_REGION = re.compile("自治区(?:党委|政府|人民政府|政协|人大|主席)")


@dataclass(frozen=True)
class Support:
    """How well a text supports a division: `score`, and what it rests on, for people."""

    division: Division
    score: float
    reason: str


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """First two characters of a name to the lengths of such names, longest first."""
    found: dict[str, set[int]] = defaultdict(set)
    for name in known_names():
        if len(name) > 1:
            found[name[:2]].add(len(name))
    return {start: tuple(sorted(sizes, reverse=True)) for start, sizes in found.items()}


def place_names(text: str) -> list[tuple[int, str]]:
    """Positions and names of divisions in a text, longest first, not overlapping.

    Examples
    --------
    >>> place_names("衢州市柯城区政协赴兰溪市")
    [(0, '衢州市'), (3, '柯城区'), (9, '兰溪市')]
    """
    lengths = _lengths()
    found = []
    position = 0
    while position < len(text) - 1:
        for size in lengths.get(text[position : position + 2], ()):
            name = text[position : position + size]
            if len(name) == size and (by_name(name) or by_short(name)):
                found.append((position, name))
                position += size
                break
        else:
            position += 1
    return found


def level_words(text: str) -> Counter[str]:
    """How often a text speaks of its own 省, 市, 县, 区, 州, 旗 or 盟.

    Words that can only mean the text's own division (全县, 我区) count three times.

    Examples
    --------
    >>> level_words("全县政协系统在县委领导下开展工作，得到市政协指导").most_common()
    [('县', 4), ('市', 1)]
    """
    words: Counter[str] = Counter()
    for match in _SELF.finditer(text):
        words[match["a"] or match["b"]] += 3 if match["own"] else 1
    if regional := len(_AUTONOMOUS_REGION.findall(text)):
        words["自治区"] += regional
    if zone := len(_ZONE.findall(text)):
        words["开发区"] += zone
    return words


def supports(text: str) -> list[Support]:
    """Rank the divisions of a text, best first.

    Parameters
    ----------
    text : str
        The document's text.

    Returns
    -------
    list of Support
        Provinces, cities, counties and zones that the text names or whose parts it names.
    """
    text = text[:_SAMPLE]
    typed: Counter[str] = Counter()
    bare: Counter[str] = Counter()
    acting: Counter[str] = Counter()
    named: dict[str, set[str]] = defaultdict(set)
    inside: dict[str, dict[str, float]] = defaultdict(dict)
    for start, name in place_names(text):
        full = by_name(name)
        # 主城区, 县委和县政府: inside a stretch of text these are mostly other words.
        inside_text = "一" <= text[start - 1 : start] <= "鿿"
        if full and inside_text and (is_word(name) or name == "和县"):
            continue
        bearers = full or by_short(name)
        acts = _ORGAN.match(text, start + len(name)) is not None
        for item in bearers:
            if item.level != "township":
                (typed if full else bare)[item.code] += 1
                acting[item.code] += acts
                named[item.code].add(name)
            if full and item.parent and item.level != "province":
                inside[item.parent][item.code] = 1 / len(bearers)
    words = level_words(text)
    zones = Counter(match[0] for match in _ZONE.finditer(text))
    ranked = []
    for code in {*typed, *bare, *(code for code, kids in inside.items() if sum(kids.values()) > 1)}:
        item = division(code)
        if item is None or item.level == "township":
            continue
        itself = zones[_zone_word(item)] if typed[code] else 0
        if not typed[code] and all(map(is_word, named[code])):
            bare[code] = acting[code] = 0
        own = (
            2.0 * min(typed[code], 5)
            + 1.3 * min(bare[code] + itself, 8)
            + 1.0 * min(acting[code], 4)
        )
        kids = min(sum(inside[code].values()), 6)
        above = sum(min(typed[up.code] + bare[up.code], 2) for up in ancestors(item))
        score = (own + 1.5 * kids + 1.0 * above) * _level_fit(item, words)
        if not typed[code] and not above and kids < 1:
            score *= _UNCONFIRMED
        reason = f"本名{typed[code]}次，简称{bare[code]}次，下辖{len(inside[code])}处"
        ranked.append(Support(item, score, reason))
    ranked.sort(key=lambda support: (-support.score, support.division.code))
    return ranked


def _zone_word(item: Division) -> str:
    """What a zone calls itself: 高新区, 经开区, 园区; empty for what is none."""
    short = item.name if item.name.endswith("园区") else short_names(item.name, item.level)[:1]
    match = re.search("(?:高新|经开|园)区$", "".join(short))
    return match[0] if match and item.level == "county" and len(item.name) > 4 else ""


def speaks_for(text: str, where: Jurisdiction) -> bool:
    """Whether a text speaks from within a division (我县, 县委, 全县), not only about it."""
    words = level_words(text)
    tail = where.path[-1]
    return words[tail] >= 2 or (where.level == "county" and words["开发区"] >= 2)


def _level_fit(item: Division, words: Counter[str]) -> float:
    """How well the level words fit: between 0.5 (never said) and 1.5 (the only one said)."""
    total = sum(words.values())
    if not total:
        return 1.0
    tail = item.name[-1]
    if item.level == "province" and item.name.endswith("自治区"):
        share = (words["自治区"] + 0.5 * words["区"]) / total
    elif _zone_word(item):
        share = (words["开发区"] + 0.7 * words["区"]) / total
    elif tail in "省市县区州旗盟":
        share = words[tail] / total
    else:
        share = 0.0
    return 0.5 + share


def judge(text: str) -> Jurisdiction | None:
    """The division that a text's own places support best, with a confidence below 1.

    Examples
    --------
    >>> found = judge("中共常山县委领导，县政协、全县各委员，干出新时代常山政协新样子")
    >>> found.code, found.path, found.level
    ('330822', '浙江省衢州市常山县', 'county')
    """
    return best_supported(supports(text))


def best_supported(ranked: Sequence[Support]) -> Jurisdiction | None:
    """The first of `supports`, None where the support is too thin to say anything.

    Its confidence is its share of the support of the first two, at most 0.95.
    """
    if not ranked or ranked[0].score < _THIN:
        return None
    best, second = ranked[0].score, ranked[1].score if len(ranked) > 1 else 0.0
    return as_jurisdiction(ranked[0].division, round(min(0.95, best / (best + second)), 2))


def as_jurisdiction(item: Division, confidence: float = 1.0) -> Jurisdiction:
    """A division of the gazetteer as a document's jurisdiction."""
    return Jurisdiction(item.code, path(item), item.level, confidence)
