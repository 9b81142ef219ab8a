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

_PAPER = re.compile(
    r"(?:报告|总结|打算|要点|计划|思路|安排|通知|意见|方案|办法|规定|公告|通告|批复|函|纪要|规划|指南|细则|决定|通报|决议)"
    r"(?:[（(][^）)]{1,12}[）)])?$"
)
_REPORTED = re.compile(r"作(?:了)?(?:政府)?工作报告|听取|审议|举行|召开|开幕|闭幕|印发.{0,4}$")
_ORGAN = re.compile(
    r"(?:局|厅|委|委员会|办公室|办|人民政府|管委会|中心|法院|检察院|公司|学校|大学|医院|队|部|会)"
    r"(?=关于|(?:19|20)\d\d|[二一][〇○零一二三四五六七八九]{3}|印发|转发|工作)"
)
_NUMBERED = re.compile(r"[〔\[［](?:19|20)\d\d[〕\]］]\s*\d+\s*号")
_NEWS_MARKS = re.compile(
    r"本报讯|本台消息|讯[（(]|消息[（(]|电[（(]记者|[（(](?:本报|见习|通讯|全媒体)?(?:记者|通讯员)|(?:本报)?(?:记者|通讯员)[\s\u3000]"
    r"|融媒|日前|近日|昨[日天]|当[天日]|据(?:了解|悉|介绍)|简讯|要闻|快讯|[”’](?:[一-鿿]{2,20})[说道]。|告诉记者|在现场"
)
_REPORT_MARKS = re.compile(
    r"各位(?:代表|委员)|请予?审议|向大会报告|工作(?:回顾|任务|总结|打算|部署|建议)|总体要求|主要目标任务"
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
    if _PAPER.search(title) and not _REPORTED.search(title):
        if kind := _paper(title, text, below):
            return kind
    news = len(_NEWS_MARKS.findall(text))
    report = len(_REPORT_MARKS.findall(text))
    if news > 1 and news > 2 * report:
        return NEWS
    if report:
        return _speech(text)
    if _NUMBERED.search(text[:600]):
        return DEPARTMENT
    if news or re.search(r"\d{1,2}月\d{1,2}日", text[:400]):
        return NEWS
    return OTHER


def _paper(title: str, text: str, below: str) -> str | None:
    report = re.search(r"报告|总结", title)
    if report and re.search("政府工作报告|人民政府工作", title):
        return GOVERNMENT
    if report and re.search("政协|政治协商会议", title):
        return CPPCC
    if report and re.search("人民代表大会|人大", title):
        return CONGRESS
    if _ORGAN.search(title) or _NUMBERED.search(text[:600]):
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
    return None


def _speech(text: str) -> str:
    """Whose report a text without a telling title is, by whom it addresses and speaks of."""
    if re.search("各位委员", text) or text.count("政协") > 8:
        return CPPCC
    if re.search("各位代表|请予?审议", text):
        own = re.search(
            r"(?:我)?(?:代表|受).{0,12}?(人大常委会|人民代表大会常务|人民政府|政府)", text
        )
        if own:
            return CONGRESS if "人" == own[1][0] and "大" in own[1] else GOVERNMENT
        return CONGRESS if text.count("常委会") > text.count("政府") else GOVERNMENT
    return OTHER
