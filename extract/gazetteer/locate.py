"""Reading a place name from the front of a text, and choosing among its bearers.

`addresses` finds every way to read divisions off the front of a text (浙江省衢州市…,
衢州柯城区…, 宁夏西吉县…); `locate` chooses by context: what lies in, above or beside the
jurisdiction at hand is preferred, and where nothing decides the answer is None with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from extract.gazetteer.tables import (
    LEVELS,
    Division,
    ancestors,
    by_name,
    by_short,
    division,
    is_within,
    is_word,
    nicknamed,
    path,
)

_LONGEST = 20


@dataclass(frozen=True)
class Address:
    """One reading: the deepest division and how many characters name it.

    `steps` is the number of divisions read; `bare` says that the last of them stood
    without its 省, 市, 县 (柯城), so that other things may bear the name.
    """

    division: Division
    end: int
    steps: int
    bare: bool


@dataclass(frozen=True)
class Located:
    """The division chosen, or None with the `reason` why not; `others` was close."""

    division: Division | None
    end: int
    reason: str
    others: tuple[Division, ...] = ()


def addresses(text: str) -> list[Address]:
    """Every way to read divisions off the front of `text`, longest first.

    Examples
    --------
    >>> [(a.division.name, a.end) for a in addresses("宁夏西吉县政协")]
    [('西吉县', 5), ('西吉县', 4), ('宁夏回族自治区', 2)]
    """
    found: dict[tuple[str, int], Address] = {}

    def read(start: int, above: Division | None, steps: int, after_word: bool = False) -> None:
        for end in range(min(len(text), start + _LONGEST), start, -1):
            name = text[start:end]
            candidates = [(d, False) for d in by_name(name)]
            if end - start > 1 and not after_word:
                candidates += [(d, True) for d in by_short(name)]
            for item, bare in candidates:
                if above is not None and (item.code == above.code or not is_within(item, above)):
                    continue
                if bare and item.level == "township" and not _town_counts(name, above):
                    continue
                key = (item.code, end)
                if key not in found or found[key].steps < steps + 1:
                    found[key] = Address(item, end, steps + 1, bare)
                    if item.level != "township" and end < len(text):
                        # 古城西安 is the old city, not a street in 古城区; 阿里普兰县 is read.
                        read(end, item, steps + 1, bare and above is None and is_word(name))

    read(0, None, 0)
    return sorted(found.values(), key=lambda a: (-a.end, a.bare, -a.steps, a.division.code))


def _town_counts(name: str, above: Division | None) -> bool:
    """Whether a town's bare name counts: after its city or county, and not 人民 or 文化."""
    if above is None or is_word(name):
        return False
    return above.level != "province" or above.name.endswith("市")


def _kinship(item: Division, home: Division) -> int:
    """How near `item` is to `home`: 0 itself or above, 1 inside, 2 … by common ancestor, 9 none."""
    if is_within(home, item):
        return 0
    if is_within(item, home):
        return 1
    line = [up.code for up in ancestors(item)]
    for distance, up in enumerate(ancestors(home)):
        if up.code in line:
            return 2 + distance
    return 9


def choose(candidates: list[Address], near: Division | None) -> Located:
    """Choose among readings of the same length.

    With a jurisdiction, the nearest wins. Without, or where all are equally far: a full
    name that only one division bears, or a bare one whose bearers differ in level
    (province and city before county). Townships need the jurisdiction.
    """
    end = candidates[0].end
    items = list(dict.fromkeys(a.division for a in candidates))
    bare = all(a.bare for a in candidates)
    steps = max(a.steps for a in candidates)
    if near is not None:
        ranked = sorted(items, key=lambda d: (_kinship(d, near), LEVELS.index(d.level), d.code))
        best = ranked[0]
        kin = _kinship(best, near)
        same = [d for d in ranked if _kinship(d, near) == kin and d.level == best.level]
        close = kin <= 1 or (kin < 9 and (steps > 1 or best.level != "township"))
        if close and len(same) == 1:
            return Located(best, end, _why(best, near, kin, ranked), tuple(ranked[1:]))
        if close and kin <= 1:
            return Located(None, end, f"{near.name}内有{len(same)}处同名，未能确定", tuple(same))
    if len(items) == 1 and (items[0].level != "township" or steps > 1):
        return Located(items[0], end, f"指{path(items[0])}（名称唯一）")
    high = min(LEVELS.index(d.level) for d in items)
    top = [d for d in items if LEVELS.index(d.level) == high]
    if len(top) == 1 and (high <= 1 or steps > 1):
        others = tuple(d for d in items if d != top[0])
        return Located(top[0], end, f"指{path(top[0])}（同名者中级别最高）", others)
    kind = "简称" if bare else "名称"
    return Located(None, end, f"{kind}有{len(items)}处同名，上下文不足以确定", tuple(items))


def _why(best: Division, near: Division, kin: int, ranked: list[Division]) -> str:
    if len(ranked) == 1:
        basis = "名称唯一"
    elif kin == 0:
        basis = "文档辖区或其上级"
    elif kin == 1:
        basis = f"在{near.name}之内"
    else:
        basis = f"同名者中离{near.name}最近"
    return f"指{path(best)}（{basis}）"


def locate(text: str, near: str | None = None) -> Located:
    """Read the longest place name off the front of `text` and choose its bearer.

    Parameters
    ----------
    text : str
        A name or a phrase that begins with a place (``衢州市柯城区政协``).
    near : str, optional
        GB/T 2260 code of the jurisdiction that the text is about.

    Returns
    -------
    Located
        `end` characters of `text` name it; 0 if no division begins the text.

    Examples
    --------
    >>> located = locate("柯城区政协")
    >>> located.division.name, located.end
    ('柯城区', 3)
    >>> locate("城关镇").division is None
    True
    >>> path(locate("城关镇", near="620826").division)
    '甘肃省平凉市静宁县城关镇'
    """
    home = division(near)
    readings = addresses(text)
    if not readings:
        named = nicknamed(text)
        if named is not None:
            return Located(named, len(text), f"是{path(named)}的别称")
        return Located(None, 0, "不是区划名称")
    longest = [a for a in readings if a.end == readings[0].end]
    # 浙江省衢州市柯城区 read whole beats 衢州市柯城区 read from its middle.
    typed = [a for a in longest if not a.bare] or longest
    return choose(typed, home)
