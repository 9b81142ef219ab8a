"""The kind of a document: six kinds, told by its title first and by its words otherwise."""

from __future__ import annotations

import re

CPPCC = "政协工作报告"
GOVERNMENT = "政府工作报告"
CONGRESS = "人大工作报告"
DEPARTMENT = "部门文件"
NEWS = "新闻"
OTHER = "其他"
KINDS: tuple[str, ...] = (CPPCC, GOVERNMENT, CONGRESS, DEPARTMENT, NEWS, OTHER)

_NOTE = r"(?:[（(][^）)]{1,12}[）)])?$"
_PAPER = re.compile(
    r"(?:报告|总结|汇报|打算|要点|计划|思路|安排|通知|意见|方案|办法|规定|公告|通告|批复|函|纪要|规划|指南|细则"
    rf"|决定|通报|决议|公报|条例|章程){_NOTE}"
)
_REPORT = re.compile(rf"(?:报告|总结){_NOTE}")
_SPEECH = re.compile(rf"(?:讲话|致辞|致词|发言|贺信|公开信|倡议书){_NOTE}")
_REPORTED = re.compile(
    r"作(?:了)?(?:政府)?工作报告|听取|审议|举行|召开|开幕|闭幕|出台|发布|公布|推出|启动|部署|解读|(?:调研|视察|考察)(?!报告)"
)
_ORGAN = re.compile(
    r"(?:局|厅|委|委员会|办公室|办|人民政府|管委会|中心|法院|检察院|公司|学校|大学|医院|队|部|会|[镇乡]|街道)"
    r"(?=关于|(?:19|20)\d\d|[二一][〇○零一二三四五六七八九]{3}|印发|转发|工作)"
)
_SPOKEN = re.compile("的讲话(?!》)|^(?:同志们|尊敬的|(?:女士们|先生们|朋友们).{0,12}[：:])")
_ORDER = re.compile(
    r"^各(?:省|市|州|县|区|乡|镇|有关|部门|单位).{2,60}[:：]|第一条|^为.{4,120}(?:制定|提出|现就|印发)"
)
_DATELINE = re.compile(
    r"(?<!年)\d{1,2}月\d{1,2}[日号]|[今昨][天日晚]|[本我]台|记者|[一-鿿]\d{1,2}[号日](?:[上下]午|晚|在|宣布|说|向|公布|会见)"
)
_DATED = re.compile(r"^[^。\n]{0,12}?(?<!年)\d{1,2}月\d{1,2}日[^）)]", re.MULTILINE)
"""A paragraph that opens with a day of this year, as news does."""

_OWN_WORDS: tuple[tuple[str, re.Pattern[str], int], ...] = (
    (CPPCC, re.compile("政协|协商|提案|界别|委员(?!会)|建言|履职|社情民意"), 12),
    (CONGRESS, re.compile("人大|审议|执法检查|代表|常委会|监督|任免|宪法"), 18),
)
"""What a body's report speaks of all the time, and how often in a thousand characters at
least; reports of others and news stay below a third of that."""

_SUMMARY = re.compile(
    r"(?:(?:工作|年度|半年|季度).*(?:总结|打算|要点|思路|汇报|计划|安排)"
    rf"|通知|公报|公告|通告|批复|细则|办法|规定|条例|章程|方案|实施意见|规划|纲要|指南){_NOTE}"
)
_OFFICE = re.compile("法院|检察院|办公室|机关(?:党委|党组)?(?=20)")
_NUMBERED = re.compile(r"[〔\[［](?:19|20)\d\d[〕\]］]\s*\d+\s*号")
_NEWS_MARKS = re.compile(
    r"本报讯|本台消息|讯[（(：:]|消息[（(：:]|电[（(]记者|(?:电视台|通讯社|新华社|中新社).{0,12}[:：电]|[（(](?:本报|见习|通讯|全媒体)?(?:记者|通讯员)|(?:本报)?(?:记者|通讯员)[\s\u3000]"
    r"|融媒|日前|近日|昨[日天]|当[天日]|据(?:了解|悉|介绍)|简讯|要闻|快讯|[”’](?:[一-鿿]{2,20})[说道]。|告诉记者|在现场"
)
_REPORT_MARKS = re.compile(
    r"各位(?:代表|委员)|请予?审议|向大会报告|工作(?:回顾|任务|总结|打算|部署|建议)(?=\s*$)|总体要求|主要目标任务",
    re.MULTILINE,
)


def kind_of(title: str, text: str, below: str = "") -> str:
    """Tell the kind of a document.

    Parameters
    ----------
    title : str
        Its title or headline, empty if it has none.
    text : str
        The whole text; its words decide where the title does not.
    below : str
        The lines below the title (meeting, speaker).

    Returns
    -------
    str
        One of `KINDS`.

    Examples
    --------
    >>> kind_of("政协杭州市委员会常务委员会工作报告", "")
    '政协工作报告'
    >>> kind_of("托里县农业农村局2025年工作总结及2026年工作打算", "")
    '部门文件'
    >>> kind_of("省长作政府工作报告", "本报讯（记者 王某）日前，……")
    '新闻'
    >>> kind_of("", "各位委员，县政协常委会……县政协工作的总体要求是……")
    '政协工作报告'
    """
    title = re.sub(r"[\s\u3000]", "", title)
    opening = text[:400]
    if _PAPER.search(title) and not _REPORTED.search(title):
        if kind := _paper(title, text, below):
            return kind
    if _SPEECH.search(title) or _SPOKEN.search(opening[:120].strip()):
        return OTHER
    news = len(_NEWS_MARKS.findall(text))
    report = len(_REPORT_MARKS.findall(text))
    if news > 1 and news > 2 * report:
        return NEWS
    if (report <= 1 and _REPORTED.search(title)) or (not report and _DATED.search(opening)):
        return NEWS
    if report or len(text) > 300:
        if (kind := _speech(text)) != OTHER:
            return kind
    if _NUMBERED.search(text[:600]) or _ORDER.search(opening.strip()):
        return DEPARTMENT
    return NEWS if news or _DATELINE.search(opening) else OTHER


def _paper(title: str, text: str, below: str) -> str | None:
    report = _REPORT.search(title)
    if report and not _OFFICE.search(title):
        if re.search("政府工作报告|人民政府工作", title):
            return GOVERNMENT
        if re.search("政协|政治协商会议", title):
            return CPPCC
        if re.search("(?:人民代表大会|人大)常", title):
            return CONGRESS
    if _ORGAN.search(title) or _NUMBERED.search(text[:600]) or title.startswith("关于"):
        return DEPARTMENT
    if report and title.endswith("工作报告"):
        for kind, mark in (
            (CPPCC, "政协"),
            (CONGRESS, "人大常委会主任"),
            (GOVERNMENT, "人民代表大会"),
        ):
            if mark in below:
                return kind
        return _speech(text)
    return DEPARTMENT if _SUMMARY.search(title) else None


def _speech(text: str) -> str:
    """Whose report a text without a telling title is, by whom it addresses and speaks of."""
    own = re.search(
        r"(?:代表|受).{0,20}?(政协|人大常委会|人民代表大会常务|人民政府|[省市县区州]政府|国务院).{0,30}?报告",
        text,
    )
    if own:
        return {"政协": CPPCC, "人大": CONGRESS, "人民代表": CONGRESS}.get(
            own[1][:2] if own[1][:2] != "人民" else own[1][:4], GOVERNMENT
        )
    if "各位委员" in text:
        return CPPCC
    for kind, words, share in _OWN_WORDS:
        if len(words.findall(text)) * 1000 > share * max(len(text), 300):
            return kind
    if re.search("各位代表|请予?审议", text):
        return CONGRESS if text.count("常委会") > text.count("政府") else GOVERNMENT
    return OTHER
