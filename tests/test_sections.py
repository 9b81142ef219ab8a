"""Sections by their numbering, and what was done or is planned."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.documents import Document
from extract.header import read_header
from extract.read import make_document
from extract.sections import heading_status, mark_sections, sentence_status
from extract.sentences import segment

EXAMPLES = Path(__file__).parent.parent / "examples"


def marked(text: str) -> Document:
    return mark_sections(read_header(segment(make_document(text, "a.txt"))))


def statuses(document: Document) -> dict[str, str | None]:
    return {sentence.text: sentence.status for sentence in document.sentences}


def sections(document: Document) -> dict[str, str | None]:
    return {sentence.text: sentence.section for sentence in document.sentences}


def test_example_with_both_parts():
    document = marked((EXAMPLES / "柯城区政协常委会工作报告2024.txt").read_text(encoding="utf-8"))
    status, section = statuses(document), sections(document)
    assert status["寺桥水库、柯城抽水蓄能电站项目进展顺利。"] == "done"
    assert status["筹备组建区政协茶文化研究会。"] == "planned"
    assert status["衢州市柯城区政协主席 叶美峰"] is None
    assert section["筹备组建区政协茶文化研究会。"] == (
        "2024年工作任务 / 四、坚持大团结大联合广泛凝聚共识，为柯城经济社会发展汇聚磅礴力量"
    )
    assert all(s.status for s in document.sentences[3:])


def test_example_continued_from_another_page():
    document = marked((EXAMPLES / "常山县政协常委会工作报告2023.txt").read_text(encoding="utf-8"))
    status, section = statuses(document), sections(document)
    assert status["举办政协委员履职能力提升培训班。"] == "done"
    assert status["开展先锋委员评选，强化委员履职成果宣传。"] == "planned"
    assert status["部分调研课题和协商建言的质量还需进一步提高;"] is None
    assert section["深耕“同心向党·U先锋”党建品牌。"] == (
        "2023年工作任务 / 一、突出党建引领，以更高的政治站位落实党对政协工作的全面领导"
    )
    # The poster at the end belongs to no section and tells nothing.
    assert status["打造营商环境最优县"] is None and section["办事不用求人"] is None


NESTED = """政府工作报告
——2025年1月14日在桓台县第十九届人民代表大会第四次会议上
桓台县人民政府县长 荣晓峰
各位代表：现在，我代表县人民政府向大会报告工作，请予审议。
一、2024年工作回顾
（一）产业升级
1.园区
马桥化工产业园通过扩区认定。
2.项目
氟材料项目投产，二期将于明年开工。
（二）民生改善
建成幼儿园4所。
存在产业结构偏重等问题。
二、2025年重点工作
（一）抓项目
加快建设东部新城，该项目已完成前期工作。
推进桓台新区实验学校建设。
三、加强政府自身建设
自觉接受监督。
"""


def test_nested_numbering():
    document = marked(NESTED)
    section, status = sections(document), statuses(document)
    assert section["马桥化工产业园通过扩区认定。"] == (
        "一、2024年工作回顾 / （一）产业升级 / 1.园区"
    )
    assert section["建成幼儿园4所。"] == "一、2024年工作回顾 / （二）民生改善"
    assert section["推进桓台新区实验学校建设。"] == "二、2025年重点工作 / （一）抓项目"
    assert section["桓台县人民政府县长 荣晓峰"] is None
    assert status["氟材料项目投产，二期将于明年开工。"] == "planned"
    assert status["建成幼儿园4所。"] == "done"
    assert status["存在产业结构偏重等问题。"] is None
    assert status["加快建设东部新城，该项目已完成前期工作。"] == "done"
    assert status["推进桓台新区实验学校建设。"] == "planned"
    # What follows the plans in a report is planned too, unless its heading says otherwise.
    assert status["自觉接受监督。"] == "planned"


def test_parts_hold_numbered_headings():
    text = """政府工作报告
——2025年1月14日在桓台县第十九届人民代表大会第四次会议上
第一部分　2024年工作回顾
一、产业升级
马桥化工产业园通过扩区认定。
第二部分　2025年工作安排
一、抓项目
推进桓台新区实验学校建设。"""
    document = marked(text)
    section, status = sections(document), statuses(document)
    assert section["马桥化工产业园通过扩区认定。"] == "第一部分 2024年工作回顾 / 一、产业升级"
    assert status["马桥化工产业园通过扩区认定。"] == "done"
    assert status["推进桓台新区实验学校建设。"] == "planned"


def test_news_tells_what_happened_under_its_headlines():
    document = marked(
        "市领导调研重点项目建设\n"
        "本报讯（记者 王晓燕）3月12日，阜康市委书记李国栋到阜康产业园调研。\n"
        "简讯\n△市公安局启动专项行动，查处酒驾17起。\n△第三届文化节将于4月开幕。\n"
    )
    assert document.header.kind == "新闻"
    by_text = {sentence.text[:8]: sentence for sentence in document.sentences}
    assert by_text["本报讯（记者 王"].section == "市领导调研重点项目建设"
    assert by_text["△市公安局启动专"].section == "简讯"
    assert by_text["△市公安局启动专"].status == "done"
    assert by_text["△第三届文化节将"].status == "planned"


@pytest.mark.parametrize(
    ("text", "section", "expected"),
    [
        ("红木文化节将于12月开幕。", "done", "planned"),
        ("将13个项目纳入省重点项目清单。", "done", "done"),
        ("将政协委员全部编入专委会。", "done", "done"),
        ("现将有关情况总结如下。", "done", "done"),
        ("计划投资12亿元，明年建成。", "done", "planned"),
        ("完成“十四五”规划，实施发展计划。", "done", "done"),
        ("虚拟现实产业园投用。", "done", "done"),
        ("预计全县生产总值增长6.1%。", "done", "done"),
        ("该工程预计8月通水。", "done", "planned"),
        ("争取区委将政协协商纳入年度督查。", "done", "done"),
        ("去年，该品牌入选省级名录。", "planned", "done"),
        ("打造柯城议项品牌。", "planned", "planned"),
        ("委员主体作用发挥还不够均衡。", "done", None),
        ("各位委员！", None, None),
    ],
)
def test_a_sentence_s_own_words(text, section, expected):
    assert sentence_status(text, section) == expected


@pytest.mark.parametrize(
    ("heading", "date", "expected"),
    [
        ("2023年工作回顾", "2024-01-27", "done"),
        ("2024年工作任务", None, "planned"),
        ("2024年工作", "2025-01-14", "done"),
        ("2025年工作", "2025-01-14", "planned"),
        ("2024年工作", "2024-12-20", "done"),
        ("2025年工作", "2024-12-20", "planned"),
        ("一、过去一年的主要工作", None, "done"),
        ("二、今后一年的主要任务", None, "planned"),
        ("一、主要工作开展情况", None, "done"),
        ("二、“十四五”时期发展成就和“十五五”时期主要目标任务", None, None),
        ("一、突出政治引领", "2024-01-01", None),
    ],
)
def test_headings(heading, date, expected):
    assert heading_status(heading, date) == expected
