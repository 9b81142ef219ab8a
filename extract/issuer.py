"""Who issued a document, and for which division: canonical names.

政协 + path + 委员会, path + 人民政府, path + 人民代表大会常务委员会, path + department, path +
融媒体中心. Whatever the head leaves open (a text that begins ``(上接第三版)``, a news item
that says 我县) is judged from the whole text by `extract.jurisdiction`.
"""

from __future__ import annotations

import re

from extract.documents import Jurisdiction
from extract.gazetteer import Division, addresses, division, organ
from extract.head import HEAD_CHARACTERS, Head
from extract.jurisdiction import (
    as_jurisdiction,
    best_supported,
    place_names,
    speaks_for,
    supports,
)
from extract.kinds import CONGRESS, CPPCC, DEPARTMENT, GOVERNMENT, NEWS, OTHER
from graph.identity_context import Context, Home
from graph.identity_organisations import organisation


def jurisdiction_of(head: Head, kind: str, text: str) -> Jurisdiction | None:
    """The division governed: by the head's words, else by the whole text."""
    if _national(kind, head, text):
        return None
    ranked = supports(text)
    scores = {support.division.code: support.score for support in ranked}
    if kind in (CPPCC, GOVERNMENT, CONGRESS):
        sources = [head.title or "", head.meeting or "", head.post or ""]
    elif kind == DEPARTMENT:
        sources = [_signer(head, text), head.post or ""]
    elif kind == OTHER and head.post:
        sources = [head.post]
    else:
        sources = []  # A headline names the places it tells of, not who publishes it.
    for source in sources:
        best = _place_in(source, scores)
        if best is not None:
            return as_jurisdiction(best)
    found = best_supported(ranked)
    if kind in (NEWS, OTHER) and found is not None and not _local(found, text):
        return None
    return found


_NATIONWIDE = re.compile("各省、自治区、直辖市")
_LOCAL = 0.6
"""Confidence from which a text of no known author is taken for one of a division."""


def _local(where: Jurisdiction, text: str) -> bool:
    """Whether news and other texts are those of a division, not national ones that name it.

    They speak from within (我县, 县委), or name it in full at their beginning, or three times.
    """
    if where.confidence < _LOCAL or _NATIONWIDE.search(text[:200]):
        return False
    item = division(where.code)
    if item is None or speaks_for(text, where):
        return True
    return item.name in text[:100] or text.count(item.name) > 2


def _place_in(line: str, scores: dict[str, float]) -> Division | None:
    """The division that a line of the head names; the text chooses among namesakes."""
    compact = re.sub(r"\s", "", line)
    for start, _ in place_names(compact):
        readings = [a for a in addresses(compact[start : start + 30]) if not a.bare]
        if not readings:
            continue
        longest = [a for a in readings if a.end == readings[0].end]
        # 安徽安庆经济开发区 is the zone, not a township 经济开发区 somewhere in 安庆.
        longest = [a for a in longest if a.division.level != "township"] or longest
        steps = max(a.steps for a in longest)
        return max(
            (a.division for a in longest if a.steps == steps),
            key=lambda item: (scores.get(item.code, 0.0), _above(item, scores)),
        )
    return None


def _above(item: Division, scores: dict[str, float]) -> float:
    parent = division(item.parent)
    return scores.get(parent.code, 0.0) if parent else 0.0


_SIGNATURE = re.compile(
    r"^[一-鿿（）]{4,40}(?:局|厅|委员会|办公室|人民政府|中心|管委会|法院|检察院|总队|支队|大队|部)$"
)


def _signature(text: str) -> str:
    """The organisation that signs at the end, empty if none does."""
    for line in reversed(text[-400:].splitlines()):
        compact = re.sub(r"\s", "", line)
        if _SIGNATURE.match(compact):
            return compact
    return ""


_OUTLET = re.compile(
    r"(?:来源|稿源)[:：]\s*(?P<a>[一-鿿]{2,12}?(?:日报|晚报|时报|电视台|广播电视台|融媒体中心|融媒|发布|网|社|客户端))"
    r"|(?P<b>新华社|中新社|人民日报|中国网络电视台|央视网|中国新闻网|新华网)[一-鿿\d]{0,14}(?:电|讯|消息)"
)
_HEADS = re.compile(
    r"^(?P<org>.{2,20}(?:局|委|委员会|办公室|法院|检察院|中心))(?:副?局长|副?主任|院长|检察长)$"
)
_ACTING = re.compile(
    r"(?:^|[，,。：:])(?:[我全本])?(?P<org>[一-鿿]{2,20}?(?:局|委员会|办公室|中心|管委会|法院|检察院))"
    r"(?=在[^，]{2,30}领导下|坚持|紧紧围绕|紧扣|认真|深入|围绕|以)"
)
_SESSION = re.compile(r"第[一二三四五六七八九十]+(?:届|次(?:全体)?会议)")
_DEPARTMENT = re.compile(
    r"^(?P<org>.{2,40}?(?:局|厅|委员会|委|办公室|管委会|中心|法院|检察院|人民政府|公司|学校|大学|医院|院|所|站|队|部|会|办|[镇乡]|街道))"
    r"(?=关于|(?:19|20)\d\d|[二一][〇○零一二三四五六七八九]{3}|印发|转发|工作|[“《]|$)"
)


def _signer(head: Head, text: str) -> str:
    """The organisation that a department's paper names in its head or signs with at the end.

    Of several that sign together (中共柯城区委 柯城区人民政府关于…) the first.
    """
    title = head.title or ""
    first = re.match(r"\S{4,20}(?:委|委员会|政府|局|厅|办公室)(?=\s)", title)
    if first:
        return first[0]
    if match := _DEPARTMENT.match(_SESSION.sub("", re.sub(r"\s", "", title))):
        return match["org"]
    if head.post and (leads := _HEADS.match(head.post)):
        return leads["org"]
    for line in head.lines[1:6]:
        compact = re.sub(r"\s", "", line)
        if _SIGNATURE.match(compact):
            return compact
    if signed := _signature(text):
        return signed
    acting = _ACTING.search("".join(head.lines[1:])[:300])
    return acting["org"] if acting else ""


def issuer_of(kind: str, head: Head, where: Jurisdiction | None, text: str) -> str | None:
    """Canonical name of who issued the document, None where neither head nor text tells."""
    if kind == NEWS:
        if outlet := _OUTLET.search(text[:600]):
            name = outlet["a"] or outlet["b"]
            if not name.endswith(("融媒", "融媒体中心", "发布")):
                return name
        local = where and where.level in ("city", "county") and speaks_for(text, where)
        return f"{where.path}融媒体中心" if local else None
    if national := _national(kind, head, text):
        return national
    if kind == DEPARTMENT:
        return _department(_signer(head, text), where)
    if where is None:
        return None
    if kind == CPPCC:
        return f"政协{where.path}委员会"
    if kind == GOVERNMENT:
        return f"{where.path}人民政府"
    if kind == CONGRESS:
        return f"{where.path}人民代表大会常务委员会"
    return _speaking(head, where)


def _national(kind: str, head: Head, text: str) -> str | None:
    """The central organ whose report it is; those have no jurisdiction below the country."""
    told = re.sub(r"\s", "", f"{head.title} {head.meeting} {head.post}")
    told += "".join(re.findall("我(?:代表|受)(?:国务院|全国[一-鿿]{2,8})", text[:HEAD_CHARACTERS]))
    if kind == GOVERNMENT and re.search("全国人民代表大会|国务院总理|代表国务院", told):
        return "国务院"
    if kind == CONGRESS and "全国人民代表大会" in told:
        return "全国人民代表大会常务委员会"
    if kind == CPPCC and re.search("全国委员会|全国政协", told):
        return "中国人民政治协商会议全国委员会"
    signed = organ(_signer(head, text)) if kind == DEPARTMENT else None
    if signed is not None and signed.central:
        return signed.name
    return None


def _department(named: str, where: Jurisdiction | None) -> str | None:
    """The canonical name of who signs, by the rules that all names of organisations follow."""
    if not named:
        return None
    if where and re.search("(?:[镇乡]|街道)$", named):
        return f"{where.path}{'人民政府' if named[-1] in '镇乡' else '办事处'}"
    item = division(where.code) if where else None
    home = Home.of(item) if item else None
    return organisation(named, Context(home, None, DEPARTMENT, ""), 0).name


_POST_ORGAN = (("书记", "中共{}委员会"), ("长", "{}人民政府"), ("政协主席", "政协{}委员会"))


def _speaking(head: Head, where: Jurisdiction) -> str | None:
    """For speeches: the organ that the speaker heads; for party congresses the committee."""
    told = f"{head.title}{head.meeting}"
    if re.search("中国共产党|中共|党代会", told):
        return f"中共{where.path}委员会"
    for tail, name in _POST_ORGAN:
        if head.post and head.post.endswith(tail):
            return name.format(where.path)
    return None
