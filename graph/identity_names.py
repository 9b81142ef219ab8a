"""People, projects and brands: a name, and where it counts as the same.

A person is the same within an organisation's jurisdiction, a brand within the county (or
whoever the text says runs it), a project wherever its name says its place. Names that the
whole country knows are in ``known.tsv``.
"""

from __future__ import annotations

import re

from extract import gazetteer as g
from graph.entities import Entity
from graph.identity_context import Context, Home
from graph.identity_known import shared
from graph.names import display, name_key, project_key, project_name


def person(name: str, home: Home | None, *, nationwide: bool = False) -> Entity:
    """A person of a jurisdiction; one of the known figures everywhere.

    `nationwide` says that the text gives an office of the whole country, or of another.

    Examples
    --------
    >>> person("习近平", None).id
    'Person:习近平'
    """
    name = re.sub(r"\s+", "", name)
    if figure := shared("Person", name):
        return Entity(f"Person:{figure.name}", figure.name, "Person", reason="众所周知的人物")
    if home is None:
        why = "任全国或外国职务，不限于一地" if nationwide else "文档未说明所在地方"
        return Entity(f"Person:{name}", name, "Person", reason=why)
    return Entity(
        f"Person:{name}@{home.code or home.path}",
        name,
        "Person",
        code=home.code,
        reason=f"同名者只在{home.path}之内视为同一人",
    )


_LINE = re.compile(
    r"(?:高铁|高速|铁路|高速公路|城际|国道|省道|运河|管道|直流(?!充)|特高压|[电算]入|(?<![然燃])气入(?![户村])|陆海新通道)"
)
_NATIONAL = re.compile(
    r"^(?:国家(?!级)|全国|第[一二三四五六七八九十]+次全国).*(?:计划|行动|普查|专项|系统|平台|大赛)$"
)
_NO_PLACE = re.compile(r"^(?:[山江河湖海峡岭岛]|大学|电气|石油)")


def named_place(name: str, context: Context) -> Home | None:
    """The division that a name carries: the jurisdiction, above or beside it, any in full.

    Examples
    --------
    >>> from extract.gazetteer import division
    >>> home = Home.of(division("330802"))
    >>> named_place("衢州有礼", Context(home, None, "", "")).name
    '衢州市'
    """
    for home in (*context.line(), *_beside(context)):
        if home.division is None:
            continue
        names = (home.name, *g.short_names(home.name, home.level))
        if any(form in name and not g.is_word(form) for form in names):
            return home
    if home := _leading(name, context):
        return home
    for start in range(len(name) - 1):
        for reading in g.addresses(name[start : start + 12]):
            if not reading.bare and reading.division.level != "township":
                others = g.by_name(name[start : start + reading.end])
                word = reading.steps == 1 and g.is_word(reading.division.name)
                if len(others) == 1 and not word:
                    return Home.of(reading.division)
    for home in context.line():
        # 浙里办, 赣服通: the province's one-character name.
        if home.level == "province" and name and g.nicknamed(name[0]) == home.division:
            return home
    return None


def _leading(name: str, context: Context) -> Home | None:
    """The city or county of the same province whose bare name comes first: 大同黄花菜."""
    province = next((h.division for h in context.line() if h.level == "province"), None)
    if province is None:
        return None
    found = {
        (reading.division, reading.end)
        for reading in g.addresses(name)
        if reading.bare
        and reading.division.level in ("city", "county")
        and g.is_within(reading.division, province)
        and reading.end < len(name)
        and not g.is_word(name[: reading.end])
        and not _NO_PLACE.match(name[reading.end :])
    }
    return Home.of(found.pop()[0]) if len(found) == 1 else None


def _beside(context: Context) -> list[Home]:
    """The counties of the same city: 鲜辣常山 in a document of 柯城."""
    city = next((h.division for h in context.line() if h.level == "city"), None)
    if city is None:
        return []
    return [Home.of(d) for d in g.children(city) if d.level == "county"]


def thing(name: str, label: str, context: Context, owner: Home | None) -> Entity:
    """A project or brand, within its place.

    Parameters
    ----------
    name : str
        The fullest form that the document uses.
    label : str
        ``Project`` or ``Brand``.
    context : Context
        The document's.
    owner : Home or None
        Jurisdiction of the organisation that the text says runs it, if any.
    """
    project = label == "Project"
    shown = project_name(name) if project else display(name)
    for key in (name_key(shown), project_key(name)):
        common = shared(label, key)
        if common is not None and common.within == "*":
            shown = common.name
        elif common is not None and common.fits(context.near):
            scope = f"@{common.within}" if common.within else ""
            return Entity(
                f"{label}:{common.name}{scope}",
                common.name,
                label,
                code=common.within,
                reason="各地通用的名称",
            )
    if project and _LINE.search(shown):
        return Entity(f"{label}:{shown}", shown, label, reason="线路工程，跨地方视为同一项目")
    place = named_place(shown, context)
    if place is None and owner is None and _NATIONAL.match(shown):
        return Entity(f"{label}:{shown}", shown, label, reason="名称说明是全国的")
    home = owner or place or context.jurisdiction
    if home is None:
        return Entity(f"{label}:{shown}", shown, label, reason="文档未说明所在地方")
    if owner:
        why = f"文中由{home.path}的机构主办"
    elif home != context.jurisdiction:
        why = f"名称带{home.name}"
    else:
        why = "别处同名者视为另一个"
    return Entity(
        f"{label}:{shown}@{home.code or home.path}",
        shown,
        label,
        code=home.code,
        reason=f"{home.path}的{'项目' if project else '品牌'}；{why}",
    )
