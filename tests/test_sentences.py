"""Cutting and joining sentences: exact offsets always, and the cuts of the annotated data."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.documents import Document
from extract.read import make_document
from extract.sentences import MAX_LENGTH, is_chinese, segment

ROOT = Path(__file__).parent
WRITTEN = ROOT / "data" / "written"


def sentences(text: str) -> list[str]:
    document = segment(Document("d", "d", text))
    check_offsets(document)
    return [sentence.text for sentence in document.sentences]


def check_offsets(document: Document) -> None:
    """What holds for every document: offsets map back, spans fit, nothing overlaps."""
    last = -1
    for sentence in document.sentences:
        assert sentence.text and sentence.text == sentence.text.strip()
        assert len(sentence.offsets) == len(sentence.text)
        for position, character in zip(sentence.offsets, sentence.text, strict=True):
            assert document.text[position] == character
            assert position > last
            last = position
        assert sentence.start == sentence.offsets[0]
        assert sentence.end == sentence.offsets[-1] + 1
        assert not set(sentence.text) & set("\n\r\f\v\x00\u2028\u2029\ufeff")


PIECES = st.sampled_from(
    [
        *"常山县政协委员，。、；：！？“”‘’《》（）()\n\n\n\f\v\r\t 　-—…·●0123456789%.AbC",
        *"\x00\x07\u200b\ufeff\u2028\U00020bb7",
        *(
            "一、",
            "（一）",
            "2024年工作任务",
            "\n\n",
            "- 3 -",
            "第2页",
            "各位委员，",
            "协商\n\n成果",
            "a b\n",
        ),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=120).map("".join))
def test_offsets_map_back_whatever_the_text(text):
    document = segment(Document("d", "d", text))
    check_offsets(document)
    assert all(len(sentence.text) <= MAX_LENGTH for sentence in document.sentences)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_offsets_map_back_for_any_unicode(text):
    check_offsets(segment(Document("d", "d", text)))


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_nothing_that_can_be_read_is_lost(text):
    kept = {i for s in segment(Document("d", "d", text)).sentences for i in s.offsets}
    lost = [text[i] for i in range(len(text)) if i not in kept]
    # Only white space, invisible characters and page numbers passed over in a sentence go.
    assert not [c for c in lost if c.isprintable() and c.strip() and c not in "0123456789-第页—·"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Cut by a page break: the examples.
        (
            "委员参与达到750余人次。协商\n\n成果《中国时间，衢州开始》被各大媒体广泛转发。",
            ["委员参与达到750余人次。", "协商成果《中国时间，衢州开始》被各大媒体广泛转发。"],
        ),
        (
            "创建8个界别委员工作室,召开通报会、培训会。全年共开\n\n展各类活动32次。",
            ["创建8个界别委员工作室,召开通报会、培训会。", "全年共开展各类活动32次。"],
        ),
        (
            "毫不动摇坚持党的全面领导，把学习贯彻中共二十大精神与学习贯彻\n\n重要讲话精神贯穿全年。",
            ["毫不动摇坚持党的全面领导，把学习贯彻中共二十大精神与学习贯彻重要讲话精神贯穿全年。"],
        ),
        # A page number between the halves.
        (
            "召开了会议，研究部署工作。会议强调要加快推进\n- 12 -\n寺桥水库建设，确保如期完工。",
            ["召开了会议，研究部署工作。", "会议强调要加快推进寺桥水库建设，确保如期完工。"],
        ),
        # Inside quotes or a book title.
        ("开展“话平安、解纠纷、\n聚共识”活动。", ["开展“话平安、解纠纷、聚共识”活动。"]),
        # Headings stay by themselves.
        (
            "2023年工作回顾\n一年来，区政协开展了工作。\n一、突出重点，服务大局有作为\n围绕中心工作献策。",
            [
                "2023年工作回顾",
                "一年来，区政协开展了工作。",
                "一、突出重点，服务大局有作为",
                "围绕中心工作献策。",
            ],
        ),
        (
            "第一，聚力红色铸魂，在守好“根脉”上展现新气象\n坚持讲好“第一课”，重温入党誓词。",
            ["第一，聚力红色铸魂，在守好“根脉”上展现新气象", "坚持讲好“第一课”，重温入党誓词。"],
        ),
        # Quotations: one that opens a sentence goes on with who said it.
        (
            "“一天能跑两个来回。”货车司机李师傅笑着说。他又说：“变化真大！”大家都笑了。",
            ["“一天能跑两个来回。”货车司机李师傅笑着说。", "他又说：“变化真大！”", "大家都笑了。"],
        ),
        # Nothing is cut in brackets; semicolons cut.
        (
            "一是增速居前六（含并列。下同），质量提升；二是项目落地。",
            ["一是增速居前六（含并列。下同），质量提升；", "二是项目落地。"],
        ),
        # Half-width marks cut where they are marks; decimals and domains are none.
        ("召开会议!推进3.5公里道路;完成投资。", ["召开会议!", "推进3.5公里道路;", "完成投资。"]),
        # A quote that is never closed does not swallow the rest.
        ("打造“一园两带。" + "推进项目建设。" * 40, None),
    ],
)
def test_cuts(text, expected):
    found = sentences(text)
    if expected is None:
        assert len(found) > 10
    else:
        assert found == expected


def test_hard_wrapped_text_is_joined():
    text = """智能船舶融合了现代信息技术和人工智能等高新技术，
是未来船舶发展的重点方向。为深入贯彻落实党中央、国务
院关于建设制造强国、海洋强国、交通强国的决策部署，工
业和信息化部、交通运输部、国防科工局联合印发《智能船
舶发展行动计划（2019-2021 年）》，明确提出研究制定智能
船舶规范和标准体系建设指南。交通运输部、中央网信办、
发展改革委、教育部、科技部、工业和信息化部、财政部联
合发布《智能航运发展指导意见》，提出以法规为重点。
一、总体要求
紧密围绕制造强国、海洋强国、交通强国建设战略目标，
落实总体要求。
"""
    found = sentences(text)
    assert found[0] == "智能船舶融合了现代信息技术和人工智能等高新技术，是未来船舶发展的重点方向。"
    assert found[3:] == [
        "一、总体要求",
        "紧密围绕制造强国、海洋强国、交通强国建设战略目标，落实总体要求。",
    ]
    assert found[1].endswith("标准体系建设指南。") and len(found) == 5


def test_invisible_characters_are_left_out_and_offsets_still_hold():
    document = segment(Document("d", "d", "\ufeff常\u200b山县\x00政协\u00ad开会。"))
    check_offsets(document)
    assert document.sentences[0].text == "常山县政协开会。"
    assert document.sentences[0].offsets == (1, 3, 4, 6, 7, 9, 10, 11)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The background of the entire graphic is a vibrant blue sky with soft clouds.", False),
        ("ALL FOR U", False),
        ("“145”", False),
        ("浙江省 12.5 3.4 8.1 99", False),
        ("2023 2024 2025", False),
        ("カブトムシは日本の夏の虫です", False),
        ("한국어 문장입니다", False),
        ("C919首飞", True),
        ("GDP增长5.1%、6.2%、7.3%、8.4%。", True),
        ("一切为了U", True),
        ("CHANGSHAN 常山", True),
        ("与DeepSeek、OpenAI等平台合作", True),
    ],
)
def test_foreign_captions_and_tables_of_numbers_are_set_apart(text, expected):
    assert is_chinese(text) is expected


def test_the_caption_of_the_example_is_not_chinese():
    text = (ROOT.parent / "examples" / "常山县政协常委会工作报告2023.txt").read_text(
        encoding="utf-8"
    )
    document = segment(make_document(text, "a"))
    check_offsets(document)
    foreign = [sentence.text for sentence in document.sentences if not sentence.chinese]
    assert foreign[0].startswith("The background of the entire graphic")
    assert not any("常山县" in text for text in foreign)


def test_cuts_agree_with_the_annotated_data():
    gold: dict[str, list[str]] = defaultdict(list)
    for part in ("train", "dev"):
        for line in (WRITTEN / f"{part}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            gold[row["id"].rsplit(":", 1)[0]].append(row["text"])
    same = total = 0
    for name, expected in gold.items():
        text = (WRITTEN / "docs" / f"{name}.txt").read_text(encoding="utf-8")
        document = segment(make_document(text, name))
        check_offsets(document)
        ours = {sentence.text for sentence in document.sentences}
        same += sum(text in ours for text in expected)
        total += len(expected)
    assert same / total >= 0.97, f"{same} of {total}"


@pytest.mark.parametrize(
    "text",
    [
        "常山县政协委员会" * 420_000,
        "“" * 200_000 + "常山县政协。" * 300_000,
        "（" * 500_000,
        "常山，" * 1_000_000,
        "\n" * 2_000_000 + "常山县。",
        "，\n" * 200_000,
        "a b 1 2 " * 400_000,
        "常\x00山\u200b" * 600_000,
    ],
    ids=[
        "no stops",
        "open quotes",
        "open brackets",
        "commas",
        "blank",
        "short lines",
        "latin",
        "dirt",
    ],
)
def test_megabytes_in_one_line_take_seconds(text):
    begun = time.process_time()
    document = segment(Document("d", "d", text))
    assert time.process_time() - begun < 15
    assert all(len(sentence.text) <= MAX_LENGTH for sentence in document.sentences)
