"""Which section a sentence stands in, and whether it tells what was done or is planned.

Sections come from the numbering (第一部分 一、 （一） 1.) and from unnumbered headings such as
``2024年工作任务``. A section's status follows from its year against the date of the report
and from its words (回顾, 任务); a sentence's own words (将, 计划于, 拟) go before that.
"""

from __future__ import annotations

import re
from dataclasses import replace

from extract.documents import Document, Sentence
from extract.kinds import CONGRESS, CPPCC, DEPARTMENT, GOVERNMENT, NEWS, OTHER

DONE = "done"
PLANNED = "planned"
REPORTS = (CPPCC, GOVERNMENT, CONGRESS, DEPARTMENT)
SEPARATOR = " / "
"""Between the headings of a section's path."""

_LEVELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (0, re.compile(r"第[一二三四五六七八九十百]+(?:部分|章|篇)")),
    (
        1,
        re.compile(
            r"第[一二三四五六七八九十百]+节|第[一二三四五六七八九十]+[,，、]|[一二三四五六七八九十]{1,3}[、.．]"
        ),
    ),
    (2, re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]|[㈠-㈩]")),
    (3, re.compile(r"\d{1,2}[、.．)）]|[①-⑳]")),
    (4, re.compile(r"[(（]\d{1,2}[)）]|[⑴-⒇]")),
)
_UNNUMBERED, _INNER = 0, 5

_DONE_HEADING = re.compile(
    r"回顾|总结|成效|成绩|成就|过去|[一五]年来|主要工作(?:情况|开展|及|和|$)|工作(?:完成|进展|开展)?情况|做法|所做的工作|取得"
)
_PLANNED_HEADING = re.compile(
    r"任务|打算|部署|安排|建议|计划|展望|今后|下一?步|目标|要求|重点工作|思路|要点|新的一年|明年|未来|即将|规划(?!.{0,14}(?:回顾|完成|说明))"
)
_MAJOR = re.compile(
    rf"{_DONE_HEADING.pattern}|{_PLANNED_HEADING.pattern}|^(?:20\d\d年(?!\s*\d+月)|[“\"]?十[一二三四五六]五).{{0,24}}$|工作$|问题|不足"
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_SENTENCE_END = re.compile(r"[。！？；!?;，,：:…、]\s*[”’」』）)]*$")

_PLANNED_CUE = re.compile(
    r"(?<![即必势现])将(?:于|在|会|继续|进一步|陆续|对|重点|全面|着力|持续|以|按|实施|建设|推出|举办|开展|启动|新建|完成|达到?)"
    r"|即将|(?<!行动)(?<!发展)(?<!超)计划(?=[于在投用开建新到今明总完实启引]|年内)|(?<![模虚草比])拟(?=[于在投建引新用开出])"
    r"|预计(?=.{0,14}(?:明年|后年|年底|年内|下半年|\d+月|20\d\d年|建成|完工|竣工|投产|投用|通车))|有望|力争(?=.{0,12}(?:明年|年底|年内|20\d\d年|\d+月))"
    r"|下一步|明年|今后(?:一|几|五)|接下来"
)
_BA = re.compile(
    r"将(?:.{1,24}?)(?:纳入|列入|列为|作为|转化|转为|变为|变成|打造成|授予|评为|推向|送到)"
)
"""将 for 把: no future."""

_DONE_CUE = re.compile(
    r"已(?:经|建成(?!自)|完成|有|成立|累计|开工|投|正)|荣获|获评|入选|去年|过去[一五几]|[一五]年来"
    r"|截至|被.{2,24}?(?:评为|授予|命名|列为)"
)
_PROBLEM = re.compile(
    r"存在.{0,12}(?:问题|不足|短板|差距|薄弱)|(?:问题|不足|短板)(?:主要)?(?:是|有|表现)|还(?:不够|需|不足|有差距|存在|不强)|有待|亟待|仍(?:有|然)?(?:差距|不足|薄弱|需)"
)


_GREETING = re.compile(r"^(?:各位|同志们)|请予?审议|向大会(?:作)?报告|^[(（][上下]接")


def mark_sections(document: Document) -> Document:
    """Fill in `section` and `status` of every sentence.

    Parameters
    ----------
    document : Document
        With `sentences` and `header`.

    Returns
    -------
    Document
        `section` is the path of headings (``2024年工作任务 / 一、…``), None outside any;
        `status` is ``done``, ``planned`` or None where the document does not tell
        (greetings, shortcomings, captions).

    Examples
    --------
    >>> from extract.header import read_header
    >>> from extract.read import make_document
    >>> from extract.sentences import segment
    >>> text = '''政府工作报告
    ... ——2025年1月14日在桓台县第十九届人民代表大会第四次会议上
    ... 一、2024年工作回顾
    ... 博远产业园建成投用。马桥园区三期将于明年开工。
    ... 二、2025年重点工作
    ... 加快建设东部新城。'''
    >>> marked = mark_sections(read_header(segment(make_document(text, "a.txt"))))
    >>> for sentence in marked.sentences[3:]:
    ...     print(sentence.status, sentence.section, sentence.text)
    done 一、2024年工作回顾 博远产业园建成投用。
    planned 一、2024年工作回顾 马桥园区三期将于明年开工。
    planned 二、2025年重点工作 二、2025年重点工作
    planned 二、2025年重点工作 加快建设东部新城。
    """
    headings = _headings(document)
    date = document.header.date
    stack: list[tuple[int, str]] = []
    marked: list[Sentence] = []
    opening = _opening(document, headings)
    ahead = False  # In a report, what follows the plans is planned too.
    for number, sentence in enumerate(document.sentences):
        level = headings[number]
        if level is not None and level < 0:
            marked.append(sentence)
            continue
        if level is not None:
            while stack and stack[-1][0] >= level:
                stack.pop()
            stack.append((level, _heading_text(sentence.text)))
        above = _status_of_headings([text for _, text in stack], date)
        if above is None and (document.header.kind == NEWS or number in opening):
            above = DONE
        elif above is None and ahead:
            above = PLANNED
        ahead = ahead or (above == PLANNED and document.header.kind in REPORTS)
        marked.append(
            replace(
                sentence,
                section=SEPARATOR.join(text for _, text in stack) or None,
                status=sentence_status(sentence.text, above) if sentence.chinese else None,
            )
        )
    return replace(document, sentences=tuple(marked))


def sentence_status(text: str, section: str | None) -> str | None:
    """Status of one sentence: its own words first, then its section's.

    Parameters
    ----------
    text : str
        The sentence.
    section : str or None
        Status of the section.

    Examples
    --------
    >>> sentence_status("红木文化节将于12月开幕。", "done")
    'planned'
    >>> sentence_status("市委将政协协商纳入年度督查。", "done")
    'done'
    >>> sentence_status("创新能力还不足，政府自身建设仍有薄弱环节。", "done") is None
    True
    """
    if _PROBLEM.search(text):
        return None
    if _PLANNED_CUE.search(_BA.sub("", text)):
        return PLANNED
    if section == PLANNED and _DONE_CUE.search(text):
        return DONE
    return section


def _headings(document: Document) -> list[int | None]:
    """Level of each sentence that is a heading; -1 for the head and captions, else None."""
    text, sentences = document.text, document.sentences
    alone = [_stands_alone(text, sentence) for sentence in sentences]
    numbered = any(_level(s.text) is not None for s in sentences)
    levels: list[int | None] = []
    begun = document.header.kind in (NEWS, OTHER) and not numbered
    for number, sentence in enumerate(sentences):
        level = _level(sentence.text) if _starts_line(text, sentence) else None
        if not sentence.chinese:
            levels.append(-1)
        elif level is not None and (alone[number] or _run_in(sentence.text, level)):
            begun = True
            levels.append(level)
        elif level is not None or not alone[number]:
            begun = begun or (level is None and len(sentence.text) > 30)
            levels.append(None)
        elif _is_major(document, number) and any(
            _leads(sentences, alone, n) for n in (number, number + 1)
        ):
            begun = True
            levels.append(_UNNUMBERED)
        elif not begun or not _leads(sentences, alone, number):
            levels.append(-1)
        else:
            levels.append(_INNER if numbered else _UNNUMBERED)
    return levels


def _opening(document: Document, headings: list[int | None]) -> range:
    """Sentences before the part that looks ahead, where nothing says that they look back.

    A report without a heading for its first part, or one continued from another page,
    tells what was done until it comes to its plans.
    """
    if document.header.kind in (NEWS, OTHER):
        return range(0)
    begin = None
    for number, sentence in enumerate(document.sentences):
        if begin is None and headings[number] != -1 and not _GREETING.search(sentence.text):
            begin = number
        if headings[number] in (_UNNUMBERED, 1):
            status = heading_status(_heading_text(sentence.text), document.header.date)
            if status == PLANNED:
                return range(begin or 0, number)
            if status == DONE:
                return range(0)
    return range(0)


def _level(text: str) -> int | None:
    return next((level for level, pattern in _LEVELS if pattern.match(text)), None)


def _run_in(text: str, level: int) -> bool:
    """Whether a numbered sentence heads its paragraph: 一、突出党建引领，……。"""
    return level <= 2 and len(text) <= 60


def _starts_line(text: str, sentence: Sentence) -> bool:
    return not text[max(0, sentence.start - 8) : sentence.start].rpartition("\n")[2].strip()


def _stands_alone(text: str, sentence: Sentence) -> bool:
    """Whether a sentence is a line of its own without a full stop."""
    after = text[sentence.end : sentence.end + 8].partition("\n")[0].strip()
    return (
        len(sentence.text) <= 50
        and not after
        and not _SENTENCE_END.search(sentence.text)
        and _starts_line(text, sentence)
    )


def _is_major(document: Document, number: int) -> bool:
    text = document.sentences[number].text
    return text != document.header.title and _MAJOR.search(text) is not None


def _leads(sentences: tuple[Sentence, ...], alone: list[bool], number: int) -> bool:
    """Whether text or a numbered heading follows; a row of short lines is a poster."""
    if number + 1 >= len(sentences):
        return False
    after = sentences[number + 1]
    return after.chinese and (not alone[number + 1] or _level(after.text) is not None)


def _heading_text(text: str) -> str:
    return re.sub(r"\s+", " ", text).rstrip("。：:！；")


def _status_of_headings(headings: list[str], date: str | None) -> str | None:
    """Status of the deepest heading that has one."""
    for heading in reversed(headings):
        if status := heading_status(heading, date):
            return status
    return None


def heading_status(heading: str, date: str | None) -> str | None:
    """Whether a section looks back or ahead.

    Parameters
    ----------
    heading : str
        Its heading.
    date : str or None
        ISO date of the document: in January a report on 2024 looks back and on 2025
        ahead; one of December looks back on its own year.

    Examples
    --------
    >>> heading_status("2025年重点工作", "2025-02-18"), heading_status("2024年工作", "2025-01-14")
    ('planned', 'done')
    >>> heading_status("二、今后一年的主要任务", None), heading_status("三、优化环境", None)
    ('planned', None)
    """
    done, planned = _DONE_HEADING.search(heading), _PLANNED_HEADING.search(heading)
    years = [int(year) for year in _YEAR.findall(heading)]
    if date and len(years) == 1 and not (done and planned):
        looked_back = int(date[:4]) - (int(date[5:7]) < 7)
        return DONE if years[0] <= looked_back else PLANNED
    if bool(done) != bool(planned):
        return DONE if done else PLANNED
    return None
