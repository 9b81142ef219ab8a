"""Administrative divisions: the table, its names, and walking up and down in it."""

from __future__ import annotations

import lzma
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

LEVELS: tuple[str, ...] = ("province", "city", "county", "township", "village")
"""From the top down; counties include county-level cities, districts and national zones."""


class Division(NamedTuple):
    """One administrative division (GB/T 2260; townships by their statistical code).

    A named tuple and not a dataclass because 45,000 are made on first use.
    `lng` and `lat` are degrees of the seat, None below the county.
    """

    code: str
    name: str
    level: str
    parent: str
    lng: float | None
    lat: float | None


_PEOPLES = (
    "蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 "
    "水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 "
    "乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 各"
).split()
# Some names leave 族 out (伊犁哈萨克自治州); for one-character peoples that would be a guess.
_PEOPLE = "|".join(
    sorted((f"{p}族" if len(p) == 1 else f"{p}族?" for p in _PEOPLES), key=lambda p: (-len(p), p))
)
_AUTONOMOUS = re.compile(rf"^(.+?)(?:{_PEOPLE})+自治(州|县|旗)$")
_ETHNIC_TOWN = re.compile(rf"^(.+?)(?:{_PEOPLE})+(乡|镇|苏木|街道)$")
_ZONE = (
    ("高新技术产业开发区", "高新区"),
    ("高新技术产业园区", "高新区"),
    ("高新技术开发区", "高新区"),
    ("经济技术开发区", "经开区"),
    ("经济开发区", "经开区"),
    ("工业园区", "园区"),
)
_ZONE_PROVINCE = re.compile(
    r"^(?:河北|山西|内蒙古|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|四川|贵州|云南"
    r"|西藏|陕西|甘肃|青海|宁夏|新疆)(?=..)"
)
_PROVINCE_TAIL = re.compile(r"(?:维吾尔|壮族|回族)?自治区$|特别行政区$|[省市]$")
_TAIL = re.compile(
    r"(?:地区|林区|矿区|新区|[省市县区旗盟镇乡]|街道办事处|街道|苏木|民族乡|管委会|行政委员会|管理区)$"
)


@cache
def _table() -> dict[str, Division]:
    raw = files("extract.gazetteer").joinpath("divisions.tsv.xz").read_bytes()
    table = {}
    for line in lzma.decompress(raw).decode("utf-8").splitlines():
        code, name, level, parent, lng, lat = line.split("\t")
        table[code] = Division(
            code,
            name,
            level,
            parent,
            float(lng) if lng else None,
            float(lat) if lat else None,
        )
    return table


def divisions() -> Iterator[Division]:
    """All 45,000 divisions from province to township, in the order of their codes."""
    return iter(_table().values())


def division(code: str | None) -> Division | None:
    """The division with this code, or None.

    Examples
    --------
    >>> division("330822").name
    '常山县'
    """
    return _table().get(code) if code else None


def ancestors(of: Division) -> tuple[Division, ...]:
    """The divisions above, nearest first.

    Examples
    --------
    >>> [d.name for d in ancestors(division("330802"))]
    ['衢州市', '浙江省']
    """
    found = []
    while of.parent:
        of = _table()[of.parent]
        found.append(of)
    return tuple(found)


def is_within(inner: Division, outer: Division) -> bool:
    """Whether `inner` is `outer` or lies in it."""
    return inner.code == outer.code or any(up.code == outer.code for up in ancestors(inner))


def path(of: Division) -> str:
    """Full path from the province down, the canonical name of a division.

    Examples
    --------
    >>> path(division("330802"))
    '浙江省衢州市柯城区'
    """
    return "".join(d.name for d in (*reversed(ancestors(of)), of))


@cache
def _children() -> dict[str, tuple[Division, ...]]:
    found: dict[str, list[Division]] = defaultdict(list)
    for item in divisions():
        found[item.parent].append(item)
    return {code: tuple(items) for code, items in found.items()}


def children(of: Division | None) -> tuple[Division, ...]:
    """The divisions directly below; the provinces if `of` is None."""
    return _children().get(of.code if of else "", ())


def short_names(name: str, level: str) -> tuple[str, ...]:
    """The shorter names by which a division goes, without any context.

    Examples
    --------
    >>> short_names("循化撒拉族自治县", "county"), short_names("甘孜藏族自治州", "city")
    (('循化县', '循化'), ('甘孜州', '甘孜'))
    >>> short_names("广西壮族自治区", "province"), short_names("隰县", "county")
    (('广西',), ())
    >>> short_names("大庆高新技术产业开发区", "county")
    ('大庆高新区',)
    """
    if level == "province":
        return (_PROVINCE_TAIL.sub("", name),)
    if match := _AUTONOMOUS.match(name):
        stem, kind = match.groups()
        return (f"{stem}{kind}", stem) if len(stem) > 1 else ()
    if match := _ETHNIC_TOWN.match(name):
        stem, kind = match.groups()
        return (f"{stem}{kind}", stem) if len(stem) > 1 else (f"{stem}{kind}",)
    for long, short in _ZONE:
        if name.endswith(long) and name != long:
            stem = name.removesuffix(long)
            # 安徽安庆经济开发区 goes as 安庆经济开发区 and 安庆经开区, 蚌埠市… as 蚌埠经开区.
            bare = _ZONE_PROVINCE.sub("", stem).removesuffix("市")
            forms = (f"{stem}{short}", f"{bare}{short}", f"{bare}{long}")
            return tuple(form for form in dict.fromkeys(forms) if form != name)
    stem = _TAIL.sub("", name)
    if name.endswith("林区") and len(stem) < 3:
        stem = name[:-1]  # 碑林区 is no 林区; 神农架林区 is.
    return (stem,) if 1 < len(stem) < len(name) else ()


@cache
def _indices() -> tuple[dict[str, tuple[Division, ...]], dict[str, tuple[Division, ...]]]:
    full: dict[str, list[Division]] = defaultdict(list)
    bare: dict[str, list[Division]] = defaultdict(list)
    for item in divisions():
        full[item.name].append(item)
        for short in short_names(item.name, item.level):
            # 循化县 says what it is and is as good as the full name; 循化 is not.
            typed = short[-1] == item.name[-1] and short[-1] in "州县旗区镇乡"
            (full if typed else bare)[short].append(item)
    return (
        {name: tuple(items) for name, items in full.items()},
        {name: tuple(items) for name, items in bare.items()},
    )


def by_name(name: str) -> tuple[Division, ...]:
    """Divisions with this full name, or a short form that still says what they are.

    Examples
    --------
    >>> [path(d) for d in by_name("甘孜州")]
    ['四川省甘孜藏族自治州']
    """
    return _indices()[0].get(name, ())


def by_short(name: str) -> tuple[Division, ...]:
    """Divisions whose bare name this is: ``常山`` without 县. Never enough by itself.

    Examples
    --------
    >>> [d.name for d in by_short("柯城")]
    ['柯城区']
    """
    return _indices()[1].get(name, ())


def known_names() -> Iterator[str]:
    """Every name that `by_name` or `by_short` knows, for scanning a whole text."""
    for index in _indices():
        yield from index


@cache
def _words() -> frozenset[str]:
    text = files("extract.gazetteer").joinpath("words.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


def is_word(name: str) -> bool:
    """Whether this name of a division is first of all a word, as 公安 and 矿区 are.

    Examples
    --------
    >>> is_word("公安"), is_word("公安县"), is_word("矿区")
    (True, False, True)
    """
    return name in _words()


@cache
def _nicknames() -> dict[str, str]:
    text = files("extract.gazetteer").joinpath("nicknames.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    return dict(rows)


def nicknamed(name: str) -> Division | None:
    """The division with this nickname or abbreviation (浙, 齐鲁), or None.

    Examples
    --------
    >>> nicknamed("齐鲁").name
    '山东省'
    """
    return division(_nicknames().get(name))
