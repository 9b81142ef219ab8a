"""What the head of a document says of it: title, kind, issuer, meeting, date, speaker.

Work reports open with a title, a meeting and a speaker, each on its line; departments sign
their papers in the title or at the end; news has a headline and a dateline. Whatever the
head leaves open (a text that begins ``(上接第三版)``, a news item that says 我县) is
judged from the whole text by `extract.jurisdiction`.

Canonical names of issuers: 政协 + path + 委员会, path + 人民政府, path +
人民代表大会常务委员会, path + department, path + 融媒体中心.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from extract.dates import iso_date
from extract.documents import Document, Header, Jurisdiction
from extract.gazetteer import Division, addresses, division
from extract.jurisdiction import as_jurisdiction, best_supported, place_names, speaks_for, supports
from extract.kinds import CONGRESS, CPPCC, DEPARTMENT, GOVERNMENT, NEWS, OTHER, kind_of
from graph.identity_context import Context, Home
from graph.identity_organisations import organisation

_HEAD_LINES = 24
_HEAD_CHARACTERS = 1500

_FURNITURE = re.compile(
    r"(?:您(?:的|现在的)?位置|当前位置|首页|来源|稿源|时间|日期|发布|发表|作者|浏览|阅读量?|点击|分享|打印|字体|字号"
    r"|【字体|责任编辑|编辑[:：]|索引号).*|[大中小]|[】\[\]()（）:：>|\s\d-]+"
)
"""Lines that web pages put around a text; the date in them counts all the same."""

_MEETING = re.compile(
    r"(?P<meeting>[^\s在日（(）)，。；：—\d][^在，。；：（(）)—\d]{2,50}"
    r"(?:第[一二三四五六七八九十]+次(?:全体)?(?:\(扩大\)|（扩大）)?会议|届[一二三四五六七八九十]+次(?:全体)?会议))"
)
_POSTS = (
    "主席|主任|省长|市长|县长|区长|州长|旗长|盟长|专员|局长|厅长|书记|院长|检察长|秘书长|部长|乡长|镇长"
    "|董事长|总经理"
)
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董袁潘于余叶蒋杜苏魏程吕丁沈任姚卢"
    "傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎闫薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤温康"
    "施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷"
    "盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏"
    "席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁"
    "胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻厉位伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋"
    "相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利"
    "於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由嘎旦格索达扎次洛桑巴乌艾阿华才"
)
_SPEAKER = re.compile(
    rf"(?P<post>[一-鿿、（）]{{0,40}}(?:{_POSTS}))\s*"
    rf"(?P<name>[一-鿿]\s?[一-鿿]{{1,3}}(?:·[一-鿿]{{1,6}})?|[一-鿿]{{2,6}}(?:·[一-鿿]{{1,6}})+)\s*[）)]?$"
)
_NAME_ONLY = re.compile(rf"^[{_SURNAMES}]\s?[一-鿿]{{1,2}}$|^[一-鿿]{{2,5}}·[一-鿿·]{{2,8}}$")
_RUNNING = re.compile(r"[。！；].|^(?:各位|同志们)")


@dataclass(frozen=True)
class _Head:
    """The head's lines without web furniture, and the facts read off them."""

    lines: tuple[str, ...]
    title: str | None
    meeting: str | None
    date: str | None
    speaker: str | None
    post: str | None


def read_header(document: Document) -> Document:
    """Fill in `header`: what the head says, and what the text must be about.

    Parameters
    ----------
    document : Document
        With `text`; a title or date that its `header` already has is kept.

    Returns
    -------
    Document
        With `header`; its `issuer` is a canonical name, `date` is ISO 8601 (``2024-01-27``,
        or ``2025-06`` where no day is given). What is not known is None.

    Examples
    --------
    >>> from extract.read import make_document
    >>> text = '''政协第五届衢州市柯城区委员会常务委员会工作报告
    ... 2024年1月27日在政协第五届衢州市柯城区委员会第三次会议上
    ... 衢州市柯城区政协主席 叶美峰
    ... 2023年工作回顾'''
    >>> header = read_header(make_document(text, "a.txt")).header
    >>> header.kind, header.issuer, header.date
    ('政协工作报告', '政协浙江省衢州市柯城区委员会', '2024-01-27')
    >>> header.post, header.speaker, header.jurisdiction.code
    ('衢州市柯城区政协主席', '叶美峰', '330802')
    """
    given = document.header
    head = _read_head(document.text, given)
    kind = kind_of(head.title or "", document.text, " ".join(head.lines[1:6]))
    where = _jurisdiction(head, kind, document.text)
    issuer = _issuer(kind, head, where, document.text)
    header = Header(
        title=head.title,
        kind=kind,
        issuer=issuer,
        meeting=head.meeting,
        date=head.date or (_signed_date(document.text) if kind != NEWS else None),
        speaker=head.speaker,
        post=head.post,
        jurisdiction=where,
    )
    return replace(document, header=header)


# --- reading the head ---------------------------------------------------------------------


def _read_head(text: str, given: Header) -> _Head:
    """Facts of the head; title and date that the file itself gives (a table's columns) hold."""
    lines: list[str] = []
    opening = text[:_HEAD_CHARACTERS]
    for line in opening.splitlines()[: 2 * _HEAD_LINES]:
        line = _unspaced(line.strip().strip("\ufeff\x00"))
        if not line or (_FURNITURE.fullmatch(line) and not iso_date(line)):
            continue
        lines.append(line)
        if len(lines) == _HEAD_LINES or (len(line) > 40 and _RUNNING.search(line)):
            break
    title = given.title or _title(lines)
    below = [line for line in lines if line != title]
    meeting = _MEETING.search("".join(re.sub(r"\s", "", line) for line in below))
    post, speaker = _speaker(lines)
    return _Head(
        lines=tuple(lines),
        title=title,
        meeting=meeting["meeting"] if meeting else None,
        date=given.date or _head_date(lines),
        speaker=speaker,
        post=post,
    )


_TITLE_TAIL = re.compile(
    r"(?:报告|总结|打算|要点|计划|思路|安排|通知|意见|方案|办法|规定|公告|通告|批复|函|纪要|规划|指南|细则|决定|通报|讲话|决议)"
    r"(?:[（(][^）)]{1,12}[）)])?$"
)
_ORGAN_LINE = re.compile(
    r"^(?:中国人民政治协商会议|政协|中共|[一-鿿]{2,20}(?:委员会|人民政府|人民代表大会|局|厅))"
)


def _title(lines: list[str]) -> str | None:
    """The title: the line that ends as titles of papers do, else the first line."""
    for position, line in enumerate(lines[:12]):
        clean = re.sub(r"\s+", " ", line).strip()
        if len(clean) > 70 or "。" in clean or not _TITLE_TAIL.search(clean):
            continue
        before = re.sub(r"\s+", "", lines[position - 1]) if position else ""
        if _broken_title(before, clean):
            clean = before + clean
        return clean
    for line in filter(lambda line: not _FURNITURE.fullmatch(line), lines[:6]):
        clean = re.sub(r"\s+", " ", line).strip()
        if re.fullmatch(r"[（(].{1,12}[）)]", clean) or len(clean) < 4:
            continue
        return clean if len(clean) <= 70 and not re.search(r"[。；]", clean) else None
    return None


def _unspaced(line: str) -> str:
    """A line without the spaces that set it wide.

    >>> _unspaced("政　府　工　作　报　告"), _unspaced("市长 孟庆峰")
    ('政府工作报告', '市长 孟庆峰')
    """
    wide = re.fullmatch(r"(?:[一-鿿]\s+){3,}[一-鿿]", line)
    return re.sub(r"\s", "", line) if wide else line


def _broken_title(before: str, line: str) -> bool:
    """Whether a title was set in two lines: 政协第五届柯城区委员会 / 常务委员会工作报告."""
    if not before or len(before) > 40 or _TITLE_TAIL.search(before) or "。" in before:
        return False
    if re.match(r"(?:第.{1,3}届)?(?:常务委员会)?工作报告|关于", line):
        return _ORGAN_LINE.match(before) is not None
    started = re.match(r"中国人民政治协商会议|政协第", before) is not None
    return started and not re.match(r"中国人民政治|政协|[—（(\d]", line)


def _head_date(lines: list[str]) -> str | None:
    """The date of the head; the meeting's wins over the day a web page was put up."""
    dated = [line for line in lines[:12] if len(line) < 120]
    for line in sorted(dated, key=lambda line: "会议" not in line):
        if date := iso_date(line):
            return date
    return None


def _signed_date(text: str) -> str | None:
    """The date under the signature: the last short line, and nothing else on it."""
    lines = [line.strip() for line in text[-400:].splitlines() if line.strip()]
    for line in reversed(lines[-3:]):
        if len(line) <= 20 and (date := iso_date(line)) and not re.search("[，。；]", line):
            return date
    return None


def _speaker(lines: list[str]) -> tuple[str | None, str | None]:
    """Post and name of who speaks, from the lines below the title."""
    for position, line in enumerate(lines[:12]):
        if len(line) > 70 or (position and _RUNNING.search(lines[position - 1]) and position > 8):
            continue
        tail = re.split(r"会议上?[\s）)]*", line)[-1]
        tail = re.sub(r"^[（(]?(?:\d{4}年\d{1,2}月\d{1,2}日)?\s*", "", tail).strip("—－- ")
        if match := _SPEAKER.fullmatch(tail):
            name = re.sub(r"\s", "", match["name"])
            spaced = re.search(r"\s", tail[match.end("post") : match.end()])
            if spaced or name[0] in _SURNAMES:
                return re.sub(r"\s", "", match["post"]), name
    for before, line in pairwise(lines[:9]):
        if _NAME_ONLY.match(line) and re.search("会议|年.*日|报告", before):
            return None, re.sub(r"\s", "", line)
    return None, None


# --- jurisdiction and issuer --------------------------------------------------------------


def _jurisdiction(head: _Head, kind: str, text: str) -> Jurisdiction | None:
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
    return best_supported(ranked)


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
_SESSION = re.compile(r"第[一二三四五六七八九十]+(?:届|次(?:全体)?会议)")
_DEPARTMENT = re.compile(
    r"^(?P<org>.{2,40}?(?:局|厅|委员会|委|办公室|管委会|中心|法院|检察院|人民政府|公司|学校|大学|医院|院|所|站|队|部|会|办|[镇乡]|街道))"
    r"(?=关于|(?:19|20)\d\d|[二一][〇○零一二三四五六七八九]{3}|印发|转发|工作|[“《]|$)"
)


def _signer(head: _Head, text: str) -> str:
    """The organisation that a department's paper names in its head or signs with at the end.

    Of several that sign together (中共柯城区委 柯城区人民政府关于…) the first.
    """
    title = head.title or ""
    first = re.match(r"\S{4,20}(?:委|委员会|政府|局|厅|办公室)(?=\s)", title)
    if first:
        return first[0]
    if match := _DEPARTMENT.match(_SESSION.sub("", re.sub(r"\s", "", title))):
        return match["org"]
    for line in head.lines[1:6]:
        compact = re.sub(r"\s", "", line)
        if _SIGNATURE.match(compact):
            return compact
    return _signature(text)


def _issuer(kind: str, head: _Head, where: Jurisdiction | None, text: str) -> str | None:
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
    if where is None:
        return None
    if kind == CPPCC:
        return f"政协{where.path}委员会"
    if kind == GOVERNMENT:
        return f"{where.path}人民政府"
    if kind == CONGRESS:
        return f"{where.path}人民代表大会常务委员会"
    if kind == DEPARTMENT:
        return _department(_signer(head, text), where)
    return _speaking(head, where)


def _national(kind: str, head: _Head, text: str) -> str | None:
    """The central organ whose report it is; those have no jurisdiction below the country."""
    told = re.sub(r"\s", "", f"{head.title} {head.meeting} {head.post}")
    told += "".join(re.findall("我(?:代表|受)(?:国务院|全国[一-鿿]{2,8})", text[:_HEAD_CHARACTERS]))
    if kind == GOVERNMENT and re.search("全国人民代表大会|国务院总理|代表国务院", told):
        return "国务院"
    if kind == CONGRESS and "全国人民代表大会" in told:
        return "全国人民代表大会常务委员会"
    if kind == CPPCC and re.search("全国委员会|全国政协", told):
        return "中国人民政治协商会议全国委员会"
    return None


def _department(named: str, where: Jurisdiction) -> str | None:
    """The canonical name of who signs, by the rules that all names of organisations follow."""
    if not named:
        return None
    if re.search("(?:[镇乡]|街道)$", named):
        return f"{where.path}{'人民政府' if named[-1] in '镇乡' else '办事处'}"
    item = division(where.code)
    home = Home.of(item) if item else None
    return organisation(named, Context(home, None, DEPARTMENT, ""), 0).name


_POST_ORGAN = (("书记", "中共{}委员会"), ("长", "{}人民政府"), ("政协主席", "政协{}委员会"))


def _speaking(head: _Head, where: Jurisdiction) -> str | None:
    """For speeches: the organ that the speaker heads; for party congresses the committee."""
    told = f"{head.title}{head.meeting}"
    if re.search("中国共产党|中共|党代会", told):
        return f"中共{where.path}委员会"
    for tail, name in _POST_ORGAN:
        if head.post and head.post.endswith(tail):
            return name.format(where.path)
    return None
