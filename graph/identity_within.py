"""Short forms inside one document: 合越食品 for 广西凭祥合越食品有限公司.

Only names that jurisdiction and kind do not settle come here. Each rule needs the long form
in the same document; a short form that fits two long ones stays alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from extract import gazetteer as g
from extract.gazetteer import Division
from graph.names import company_brand, company_core, is_company, is_subsequence, name_key

_LEGAL_TAIL = re.compile(
    r"(?:股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司|公司|集团|股份)+$"
)
_GROUP = re.compile(r"集团(?:股份)?(?:有限)?(?:责任)?(?:公司)?$")
_KIND = re.compile(
    r"(?:银行|商场|商城|超市|酒店|饭店|宾馆|基金|合作社|农场|支行|分行|事务所|工坊|工厂|机场|集团|产业|科技|投资|[一二三四五]?分公司)+"
)
_COMMON = re.compile(
    r"^(?:大学|学院|医院|学校|公司|集团|中心|银行|委员会|党支部|党委|党组|协会|商会"
    r"|人民法院|人民检察院|人民代表大会|人民政府)$"
)


@lru_cache(maxsize=10_000)
def strip_place(name: str) -> str:
    """`name` without the divisions at its front.

    Examples
    --------
    >>> strip_place("广西凭祥合越食品有限公司"), strip_place("合越食品")
    ('合越食品有限公司', '合越食品')
    """
    while readings := g.addresses(name):
        end = max((a.end for a in readings if a.end < len(name) - 1), default=0)
        if end == 0:
            break
        name = name[end:]
    return name


def same_firm(short: str, long: str) -> bool:
    """Whether a short form names the firm `long`: equal but for place, industry, legal form.

    Examples
    --------
    >>> same_firm("华理数联", "大庆华理数联软件公司")
    True
    >>> same_firm("云天化集团", "云天化水富分公司"), same_firm("弦韵集团", "河北弦韵乐器集团")
    (False, True)
    """
    if not is_company(long) or _elsewhere(short, long):
        return False
    short_core = company_core(strip_place(short))
    long_core = company_core(strip_place(long))
    if len(short_core) < 2 or _KIND.fullmatch(short_core):
        return False
    if short_core in (long_core, company_brand(long_core)):
        return True
    if short.endswith("集团") and _GROUP.search(long) and long_core.startswith(short_core):
        # 弦韵集团 is 河北弦韵乐器集团, whatever its industry is called.
        return 2 <= len(long_core) - len(short_core) <= 4
    # 华理数联软件 begins with 华理数联, and only words of an industry follow.
    return long_core.startswith(short_core) and company_brand(long_core) == company_brand(
        short_core
    )


def _elsewhere(short: str, long: str) -> bool:
    """Whether both names begin with a place, and not with the same one (郑州…, 北京…)."""
    one, other = _places(short), _places(long)
    return bool(one and other) and not any(
        g.is_within(a, b) or g.is_within(b, a) for a in one for b in other
    )


def _places(name: str) -> list[Division]:
    """Divisions that a name begins with, not 新华 and the like, nor a county's bare name."""
    return [
        a.division
        for a in g.addresses(name)
        if not a.bare or a.division.level in ("province", "city")
    ]


def same_body(short: str, long: str) -> bool:
    """Whether `short` drops characters of `long`, after the same place, up to the same head.

    Both are canonical names that begin with the same path (市文旅集团, 市文化旅游发展集团).

    Examples
    --------
    >>> same_body("鹰潭市文旅集团", "鹰潭市文化旅游发展集团有限公司")
    True
    >>> same_body("鹰潭市交通局", "鹰潭市教育局")
    False
    """
    short, long = _LEGAL_TAIL.sub("集团", short), _LEGAL_TAIL.sub("集团", long)
    common = 0
    while common < min(len(short), len(long)) and short[common] == long[common]:
        common += 1
    readings = [a.end for a in g.addresses(long)]
    place = max((end for end in readings if end <= common), default=0)
    if place == 0 or common <= place or len(short) - place < 3:
        return False
    return short[-1] == long[-1] and is_subsequence(short[place:], long[place:])


def _cuts_country(name: str, at: int) -> bool:
    """Whether a country's name runs across `at`: 俄罗斯政府 is no tail of 白俄罗斯政府."""
    return any(start < at < end for start, end, _ in g.named_countries(name))


def is_tail(short: str, long: str) -> bool:
    """Whether `short` is the last word or words of `long`: 医疗队, 互助组.

    Examples
    --------
    >>> is_tail("医疗队", "福建省立医院援疆医疗队"), is_tail("医院", "市人民医院")
    (True, False)
    """
    bare_long = _LEGAL_TAIL.sub("", long)
    return (
        len(short) > 2
        and len(long) > len(short)
        and (long.endswith(short) or bare_long.endswith(short))
        and not _COMMON.match(short)
        and not _cuts_country(long, len(long) - len(short))
        and all(a.bare or a.division.level == "township" for a in g.addresses(short))
    )


def long_form(short: str, others: Sequence[str]) -> str | None:
    """The one name among `others` that `short` is a form of, or None.

    Parameters
    ----------
    short : str
        A name that the reader of names could not settle.
    others : sequence of str
        The other names of the document, nearest first for a bare tail.

    Examples
    --------
    >>> long_form("合越食品", ["广西凭祥合越食品有限公司", "广西北部湾投资集团"])
    '广西凭祥合越食品有限公司'
    """
    for rule in (same_firm, same_body):
        fits = {other for other in others if len(other) > len(short) and rule(short, other)}
        if len(fits) == 1:
            return fits.pop()
        if fits:
            return None
    for other in others:
        if is_tail(short, other):
            return other
    return None


def contained(short: str, others: Sequence[str]) -> str | None:
    """The longer project or brand that `short` is a part of: 摆谈会 in 院坝协商·摆谈会.

    A part counts when a dot, dash or bracket sets it off in the long form, or when it is the
    long form less a place at its front.

    Examples
    --------
    >>> contained("集美圆桌会", ["有事先商量·集美圆桌会"])
    '有事先商量·集美圆桌会'
    >>> contained("商量", ["有事先商量·集美圆桌会"]) is None
    True
    """
    key = name_key(short)
    fits = []
    for other in others:
        whole = name_key(other)
        if len(whole) <= len(key) or key not in whole:
            continue
        pieces = [name_key(p) for p in re.split(r"[·•・—\-（）()“”]", other)]
        if key in pieces or key == name_key(strip_place(other)):
            fits.append(other)
    return fits[0] if len(set(fits)) == 1 else None
