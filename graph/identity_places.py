"""Places: which division, village or named spot a mention denotes.

`read_home` reads a place off the front of any name, for organisations too; `place` says what
a whole PLACE mention is. What the gazetteer and the document cannot decide stays unlinked,
and the entity's reason says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from extract import gazetteer as g
from extract.gazetteer import Address, Division
from graph.entities import Entity
from graph.identity_context import ZONE, Context, Home, level_word
from graph.identity_countries import country_of, is_abbreviated
from graph.identity_known import shared
from graph.names import is_body, tidy


@dataclass(frozen=True)
class Read:
    """A place read off the front of a name: what, how far, how sure and why.

    `bare` means that it stood without its 省, 市 or 县; `word` is the level word if only
    that stood there (区政协).
    """

    home: Home
    end: int
    reason: str
    bare: bool = False
    word: str | None = None


_TOWN = re.compile(r"^([\u4e00-\u9fff]{1,8}?(?:街道|民族乡|镇|乡|苏木|地区))")
_VILLAGE_KIND = re.compile(
    r"(?:社区居民区|居民区|社区|嘎查|村)(?!镇|民|级|委员会|落|庄|口|小学|中学)"
)
_TOWN_KIND = re.compile(r"(?:街道办事处|街道|地区|民族乡|[镇乡]|苏木)$")
# A county's bare name that may as well be a hill or a river: 常山, 岐山, 清江.
_NATURAL = re.compile(r"[山岭峰江河湖海溪泉岛川关口]$")
_LANDMARK = re.compile(rf"[屿楼庙寺塔桥宫站]$|{_NATURAL.pattern}")


def read_home(text: str, context: Context, position: int) -> Read | None:
    """Read the place that `text` begins with, down to the village; None if there is none.

    Parameters
    ----------
    text : str
        A tidied name (`graph.names.tidy`).
    context : Context
        The document's.
    position : int
        Where in the document the name stands: 镇 is the town named last before it.
    """
    found = _read_division(text, context)
    word = level_word(text)
    if found is None or (word and found.end <= word[1]):
        if word and (home := context.level_home(word[0], position)):
            why = f"{word[0]}指{home.path}（按文档辖区逐级对应）"
            found = Read(home, word[1], why, word=word[0])
    if found is None:
        found = _read_town(text, context)
    if found is None:
        return _read_village(text, context, position)
    return _deeper(found, text, context)


def _read_division(text: str, context: Context) -> Read | None:
    readings = g.addresses(text)
    if not readings or is_body(text):
        return None
    # 文化和旅游局 after a city is its bureau, not one of the city's 文化街道.
    body = min((a.end for a in readings if not a.bare and is_body(text[a.end :])), default=None)
    for end in sorted({a.end for a in readings}, reverse=True):
        if body is not None and end > body:
            continue
        options = [a for a in readings if a.end == end]
        chosen, reason = _choose(options, context)
        if chosen is not None:
            bare = all(a.bare for a in options if a.division == chosen)
            return Read(Home.of(chosen), end, reason, bare)
        if any(not a.bare for a in options):
            return None
    return None


def _choose(options: list[Address], context: Context) -> tuple[Division | None, str]:
    """Choose by jurisdiction, then by the divisions that the document names in full."""
    near = g.division(context.near)
    located = g.choose(options, near)
    chosen = located.division
    bare = all(a.bare for a in options)
    if chosen is not None and not _counts(chosen, options, context, bare):
        return None, f"可能是{g.path(chosen)}，也可能只是普通词语"
    if chosen is not None and bare and chosen.level == "township":
        # 武隆仙女山 is the mountain, 武汉黄鹤楼 the tower; 鞍山西柳 can only be the town.
        if _LANDMARK.search(re.sub(r"(?:街道|[镇乡])$", "", chosen.name)):
            return None, f"可能是{chosen.name}，也可能是山水或名胜"
    if chosen is None and located.others:
        named = [d for d in located.others if _supported(d, context, bare)]
        if len(named) == 1:
            return named[0], f"指{g.path(named[0])}（文中另有其上级或全称）"
        return None, located.reason
    alone = max(a.steps for a in options) == 1
    if chosen is not None and bare and alone and chosen.level == "county":
        if not _same_province(chosen, near) and not _touched(chosen, context):
            return None, f"与{g.path(chosen)}同名，但文档不涉及该地，可能另有所指"
    return chosen, located.reason


def _counts(chosen: Division, options: list[Address], context: Context, bare: bool) -> bool:
    """Whether a name that is first of all a word (矿区, 江南) names the division here.

    It does after a larger division, in the division's own neighbourhood, and where the document
    names what lies above it or, for a bare name, the full one.
    """
    words = g.short_names(chosen.name, chosen.level) if bare else (chosen.name,)
    if not any(map(g.is_word, words)):
        return True
    # 杭州滨江 is the district, 杭州西湖 the lake.
    if max(a.steps for a in options) > 1 and not (bare and any(w[-1] in "山湖" for w in words)):
        return True
    near = {home.code for home in context.line()}
    return chosen.code in near or chosen.parent in near or _supported(chosen, context, bare)


def _same_province(item: Division, near: Division | None) -> bool:
    return near is not None and item.code[:2] == near.code[:2]


def _touched(item: Division, context: Context) -> bool:
    """Whether a document of elsewhere may well mean this county by its bare name.

    For the name of a hill or a river (常山, 岐山) it has to name the county or its city in full.
    A text of nowhere in particular (national news) must name anything above it (湖南, 怀化).
    """
    if _NATURAL.search(item.name[:-1]):
        return _supported(item, context, bare=True)
    if context.jurisdiction is not None:
        return True
    names = [item.name]
    for up in g.ancestors(item):
        names += [up.name, *g.short_names(up.name, up.level)]
    return any(name in context.text for name in names)


def _supported(item: Division, context: Context, bare: bool) -> bool:
    """Whether the document names what lies above, or for a bare name the full one."""
    names = [up.name for up in g.ancestors(item) if up.level != "province"]
    if bare:
        names.append(item.name)
    return any(len(name) > 2 and name in context.text for name in names)


def _read_town(text: str, context: Context) -> Read | None:
    """A town that the table has under another kind (永定镇 is 永定地区 there), or not at all."""
    match = _TOWN.match(text)
    if match is None or context.jurisdiction is None:
        return None
    name = match.group(1)
    stem = _TOWN_KIND.sub("", name)
    if len(stem) < 2:
        return None
    for home in (context.jurisdiction,):
        if home.division is None or home.level not in ("city", "county"):
            continue
        inside = [
            d
            for d in _townships(home.division)
            if _TOWN_KIND.sub("", d.name) in (stem, f"{stem}街", f"{home.name}{stem}")
        ]
        if len(inside) == 1:
            return Read(
                Home.of(inside[0]), match.end(), f"指{g.path(inside[0])}（区划表中的类别不同）"
            )
    return None


def _townships(division: Division) -> list[Division]:
    below = list(g.children(division))
    if division.level == "city":
        below += [town for county in g.children(division) for town in g.children(county)]
    return [d for d in below if d.level == "township"]


_ZONES = (
    r"(高新技术产业(?:开发区|园区)|高新技术开发区|高新区|经济技术开发区|经济开发区|经开区|"
    r"综合保税区|工业园区|工业园)"
)
_ZONE_KIND = re.compile(rf"^(?:国家|国家级|省级)?{_ZONES}")
_ZONE_END = re.compile(rf"{_ZONES}$")
_ZONE_NAMES = {
    "高新技术产业园区": "高新技术产业开发区",
    "高新技术开发区": "高新技术产业开发区",
    "高新区": "高新技术产业开发区",
    "经济技术开发区": "经济开发区",
    "经开区": "经济开发区",
    "工业园": "工业园区",
}


def _zone(found: Read, text: str) -> Read | None:
    """阳信经济开发区, 县经开区: the zone of a city or county, one of each kind."""
    match = _ZONE_KIND.match(text[found.end :])
    if match is None or found.home.level not in ("city", "county"):
        return None
    name = _ZONE_NAMES.get(match.group(1), match.group(1))
    zone = _listed_zone(found.home, name) or found.home.inside(name, "zone")
    return Read(zone, found.end + match.end(), f"指{found.home.path}的{match.group(1)}")


def _listed_zone(home: Home, name: str) -> Home | None:
    """The zone of that kind that the table of divisions lists in a city or county, if it is one.

    市经开区 is 江苏邳州经济开发区 there, as 邳州经济开发区 is.
    """
    listed = [
        division
        for division in (g.children(home.division) if home.division else ())
        if (end := _ZONE_END.search(division.name)) and _ZONE_NAMES.get(end[0], end[0]) == name
    ]
    return Home.of(listed[0]) if len(listed) == 1 else None


def _deeper(found: Read, text: str, context: Context) -> Read:
    """Go on from a county to its town or zone and from a town to its village."""
    rest = text[found.end :]
    if zone := _zone(found, text):
        return zone
    if not rest or (found.bare and found.home.level != "township"):
        return found
    if found.home.level == "county":
        match = _TOWN.match(rest)
        if match and found.word is None and len(match.group(1)) > 2:
            inner = found.home.inside(match.group(1), "township")
            deeper = Read(inner, found.end + match.end(), f"{found.home.name}内的{match.group(1)}")
            return _deeper(deeper, text, context)
    above = found.home.division
    name = _village_name(rest, lambda n: above is not None and g.find_villages(n, above))
    if name and found.home.level in ("township", "county") and found.word is None:
        home, why = _village_in(name, found.home)
        return Read(home, found.end + len(name), why)
    return found


def _village_name(text: str, known: Callable[[str], object]) -> str | None:
    """The village that `text` begins with: the longest that is known, else the shortest.

    童村碓村 is one village, 村 inside it and all; 农业农村局 and 乡村振兴局 name none.
    """
    ends = [m.end() for m in _VILLAGE_KIND.finditer(text[:14]) if m.start() > 0]
    names = [text[:end] for end in ends if not text[:end].endswith(("农村", "乡村"))]
    return next((n for n in reversed(names) if known(n)), names[0] if names else None)


def _village_in(name: str, above: Home) -> tuple[Home, str]:
    if above.division is not None:
        villages = g.find_villages(name, above.division)
        if len(villages) == 1:
            village = villages[0]
            town = g.division(village.township)
            base = Home.of(town) if town is not None else above
            return base.inside(name, "village", village.code), f"{base.name}的{village.name}"
    return above.inside(name, "village"), f"{above.path}内，村名不在表中或不唯一"


def _read_village(text: str, context: Context, position: int) -> Read | None:
    name = _village_name(text, lambda n: village_by_name(n, context, position))
    if name is None:
        return None
    if found := village_by_name(name, context, position):
        return Read(found[0], len(name), found[1])
    home = context.jurisdiction
    if home is not None and home.level == "county" and len(name) < len(text):
        # 雷家村党支部: an organisation of a village that the table lacks is the county's.
        why = f"指{home.path}的{name}（村名不在表中或不唯一）"
        return Read(home.inside(name, "village"), len(name), why)
    return None


def village_by_name(name: str, context: Context, position: int) -> tuple[Home, str] | None:
    """The village that a bare name denotes: named in full elsewhere, in the last town, unique.

    Villages link only through a county or township that is known.
    """
    for home in context.homes():
        if home.level == "village" and home.name == name:
            return home, f"指{home.path}（文中有全称）"
    town = context.last(("镇", "乡", "街道", "苏木"), position)
    for above in (town, context.jurisdiction):
        if above is None or above.division is None or above.level not in ("township", "county"):
            continue
        villages = g.find_villages(name, above.division)
        if len(villages) == 1:
            return _village_in(name, above)
    return None


# Names that every county has: two of them in two counties are two places. Railways, national
# parks and named museums are not among them.
_LOCAL = re.compile(
    r".+(?:(?<![铁公之网])路|街|大道|巷|弄|胡同|小区|社区|村|老街|古街|步行街|夜市|农贸市场|客运站|水厂)$"
    r"|(?:人民|中山|解放|建设|和平|文化|新华|胜利|市民|世纪|青年|儿童|劳动|中心|体育|烈士|革命|烈士陵园|全民健身|"
    r"[东西南北]门?|城[东西南北]|滨[江河湖海])?"
    r"(?:桥|大桥|广场|公园|体育馆|体育场|体育中心|图书馆|文化馆|博物馆|展览馆|纪念馆|会堂|陵园|车站|码头|市场|书屋|驿站|"
    r"服务中心|会展中心|展示馆|大厦|大楼|小学|中学|学校|医院)$"
)


def place(text: str, context: Context, position: int) -> tuple[Entity, Home | None]:
    """The place that a PLACE mention denotes, and its home if it is a linked one.

    Returns
    -------
    entity : graph.entities.Entity
        With code, level, path and coordinates if it is in the gazetteer.
    home : Home or None
        None for a place that stays unlinked.
    """
    name = tidy(text)
    if common := shared("Place", name):
        return Entity(f"Place:{common.name}", common.name, "Place", reason="各地通用的名称"), None
    if abroad := country_of(name, context, position):
        return Entity(f"Place:{abroad.name}", abroad.name, "Place", reason="国家"), None
    word = level_word(name)
    if word and word[1] == len(name):
        home = context.level_home(word[0], position)
        if home is not None:
            return home_entity(home, f"指{home.path}（按文档辖区逐级对应）"), home
    if len(name) == 1 or g.nicknamed(name):
        if home := _abbreviated(name, context):
            return home_entity(home, f"是{home.path}的简称"), home
    if is_abbreviated(name, context):
        why = "几个国家都可如此简称，文中不能确定，只在本文档内视为同一处"
        return Entity(f"Place:{name[0]}@{context.here()}", name[0], "Place", reason=why), None
    read = read_home(name, context, position)
    if read is not None and read.end == len(name):
        return home_entity(read.home, read.reason), read.home
    if town := _town_of(name, context):
        home, why = town
        return home_entity(home, why), home
    if read is not None and not read.bare and ZONE.search(name):
        zone = read.home.inside(name[read.end :], "zone")
        if read.word:
            return home_entity(zone, f"{read.home.path}的{name[read.end :]}"), zone
    return _unlinked(text, name, read, context), None


def _abbreviated(name: str, context: Context) -> Home | None:
    """扬 in a document of 扬州; otherwise the general abbreviation."""
    for home in context.line():
        if len(name) == 1 and home.name.startswith(name) and home.level in ("city", "county"):
            return home
    division = g.nicknamed(name)
    return Home.of(division) if division else None


def _town_of(name: str, context: Context) -> tuple[Home, str] | None:
    """水落坡 for 水落坡镇: where the county has only this one, or the document names it in full.

    Unless it does, names that may be hills, rivers or words stay alone, and so do those of
    streets (五角场 is around 五角场街道) and of villages elsewhere in the county.
    """
    if len(name) < 2:
        return None
    if town := _only_town(name, context):
        return town, f"指{town.path}（县域内只此一处）"
    for home in context.homes():
        if home.level in ("township", "village") and _TOWN_KIND.sub("", home.name) == name:
            return home, f"指{home.path}（文中有全称）"
    return None


def _only_town(name: str, context: Context) -> Home | None:
    county = context.jurisdiction.division if context.jurisdiction else None
    if county is None or county.level != "county" or g.is_word(name) or _LANDMARK.search(name):
        return None
    towns = [t for t in _townships(county) if re.sub(r"(?:[镇乡]|苏木)$", "", t.name) == name]
    villages = g.find_villages(f"{name}村", county)
    if len(towns) != 1 or any(village.township != towns[0].code for village in villages):
        return None
    return Home.of(towns[0])


def home_entity(home: Home, reason: str) -> Entity:
    """The entity of a linked place."""
    division = home.division
    return Entity(
        id=f"Place:{home.path}",
        name=home.path,
        type="Place",
        code=home.code,
        level=home.level,
        path=home.path,
        lng=division.lng if division else None,
        lat=division.lat if division else None,
        reason=reason,
    )


def _unlinked(text: str, name: str, read: Read | None, context: Context) -> Entity:
    home = context.jurisdiction
    if read is not None and not read.bare:
        # 市体育中心, 凭祥市体育中心: the part after the division is a spot in it.
        full = read.home.path + name[read.end :]
        return Entity(
            f"Place:{full}", full, "Place", reason=f"{read.home.path}的{name[read.end :]}"
        )
    why = _why_unlinked(name, context)
    if level_word(name):
        scope = context.here()
        why = "文档未说明所在地方，只在本文档内视为同一处"
        return Entity(f"Place:{name}@{scope}", name, "Place", reason=why)
    if home is not None and _LOCAL.fullmatch(name):
        return Entity(
            f"Place:{name}@{home.code or home.path}",
            name,
            "Place",
            reason=f"{why}；通名，只在{home.path}的文档之间视为同一处",
        )
    return Entity(f"Place:{name}", name, "Place", reason=why)


def _why_unlinked(name: str, context: Context) -> str:
    readings = [a for a in g.addresses(name) if a.end == len(name)]
    if readings:
        return _choose(readings, context)[1]
    if not re.search(r"(?:村|社区|嘎查|居民区)$", name):
        return "不是区划，按名称本身识别"
    home = context.jurisdiction
    if home is None or home.division is None or home.level not in ("county", "township"):
        return "村名只在已知的县或乡镇之内查找"
    same = len(g.find_villages(name, home.division))
    return f"{home.path}内有{same}个同名的村，未能确定" if same else f"{home.path}的村名表中没有"
