"""Header facts: who issued what, when, for which division."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from extract.dates import iso_date
from extract.documents import Header
from extract.gazetteer import children, division, divisions, path, short_names
from extract.header import read_header
from extract.jurisdiction import judge, level_words, supports
from extract.kinds import KINDS, kind_of
from extract.read import make_document
from extract.sections import mark_sections
from extract.sentences import segment
from training.evaluate_documents import KINDS as GOLD_KINDS
from training.evaluate_documents import score_headers

ROOT = Path(__file__).parent


def header(text: str) -> Header:
    return read_header(make_document(text, "a.txt")).header


def example(name: str) -> Header:
    return header((ROOT.parent / "examples" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("folder", "part", "count"),
    [("written", "train", 28), ("written", "dev", 8), ("fresh", "dev", 14)],
)
def test_bar_on_whole_documents(folder, part, count):
    scores = score_headers(ROOT / "data" / folder, part)
    assert scores.documents == count
    assert scores.passed, "\n".join(scores.errors)


def test_every_gold_kind_is_mapped():
    assert set(GOLD_KINDS.values()) <= set(KINDS)


def test_example_with_a_head():
    found = example("柯城区政协常委会工作报告2024.txt")
    assert found.kind == "政协工作报告"
    assert found.title == "中国人民政治协商会议 第五届衢州市柯城区委员会常务委员会工作报告"
    assert found.issuer == "政协浙江省衢州市柯城区委员会"
    assert found.meeting == "政协第五届衢州市柯城区委员会第三次会议"
    assert found.date == "2024-01-27"
    assert (found.post, found.speaker) == ("衢州市柯城区政协主席", "叶美峰")
    assert found.jurisdiction.code == "330802"
    assert found.jurisdiction.path == "浙江省衢州市柯城区"
    assert found.jurisdiction.level == "county"
    assert found.jurisdiction.confidence == 1.0


def test_example_without_a_head_is_judged_by_its_own_mentions():
    found = example("常山县政协常委会工作报告2023.txt")
    assert found.kind == "政协工作报告"
    assert found.issuer == "政协浙江省衢州市常山县委员会"
    assert found.jurisdiction.code == "330822"
    assert 0.5 < found.jurisdiction.confidence < 1
    assert (found.title, found.meeting, found.date, found.speaker) == (None, None, None, None)


CASES = [
    # A web page's furniture around the head; the speech's date, not the page's.
    (
        "您的位置:\n首页\n>\n云南要闻\n2026年政府工作报告\n来源：云南日报\n"
        "2026-02-03 09:02:33\n【字体：\n大\n中\n小\n】\n"
        "——2026年1月28日在云南省第十四届人民代表大会第四次会议上\n省长 王予波\n各位代表：\n"
        "现在，我代表省人民政府，向大会报告工作。\n",
        ("政府工作报告", "云南省人民政府", "2026-01-28", "省长", "王予波", "530000"),
    ),
    # A meeting broken into two lines.
    (
        "政府工作报告\n——2026年1月26日在广东省第十四届\n人民代表大会第五次会议上\n"
        "广东省省长 孟凡利\n各位代表：\n",
        ("政府工作报告", "广东省人民政府", "2026-01-26", "广东省省长", "孟凡利", "440000"),
    ),
    # A title broken into two lines, a Chinese date, a speaker without a post.
    (
        "中国人民政治协商会议第五届\n衢州市柯城区委员会常务委员会工作报告\n"
        "（二〇二四年一月二十七日）\n叶美峰\n各位委员：\n",
        ("政协工作报告", "政协浙江省衢州市柯城区委员会", "2024-01-27", None, "叶美峰", "330802"),
    ),
    # Date, post and name in one line; a name of another people.
    (
        "政协第十六届共和县委员会常务委员会工作报告\n（2025年3月4日　县政协主席　华青才让）\n"
        "各位委员，\n",
        (
            "政协工作报告",
            "政协青海省海南藏族自治州共和县委员会",
            "2025-03-04",
            "县政协主席",
            "华青才让",
            "632521",
        ),
    ),
    (
        "北京市门头沟区人民代表大会常务委员会工作报告\n（2026年1月14日）\n"
        "门头沟区人大常委会主任  艾尔肯·吐尼亚孜\n",
        (
            "人大工作报告",
            "北京市门头沟区人民代表大会常务委员会",
            "2026-01-14",
            "门头沟区人大常委会主任",
            "艾尔肯·吐尼亚孜",
            "110109",
        ),
    ),
    # One of four 鼓楼区: the text decides.
    (
        "鼓楼区政协常委会工作报告\n"
        "一年来，区政协服务徐州高质量发展。九里街道、黄楼街道协商议事。徐州市政协指导有力。\n",
        ("政协工作报告", "政协江苏省徐州市鼓楼区委员会", None, None, None, "320302"),
    ),
    # A report on motions is the CPPCC's too; 作报告 is not the speaker's post.
    (
        "政协常山县委员会常务委员会关于十届二次会议以来提案工作情况的报告\n"
        "（2024年1月18日）\n县政协副主席 李小明\n各位委员：\n",
        (
            "政协工作报告",
            "政协浙江省衢州市常山县委员会",
            "2024-01-18",
            "县政协副主席",
            "李小明",
            "330822",
        ),
    ),
    # The State Council has no jurisdiction below the country.
    (
        "政府工作报告\n——2024年3月5日在第十四届全国人民代表大会第二次会议上\n"
        "国务院总理 李强\n各位代表：\n我代表国务院，向大会报告工作。浙江、广东挑大梁。\n",
        ("政府工作报告", "国务院", "2024-03-05", None, None, None),
    ),
    # Departments: in the title, with abbreviations made full …
    (
        "托里县农业农村局2025年工作总结及2026年工作打算\n"
        "2025年，全县农作物播种面积稳定在42万亩。\n",
        ("部门文件", "新疆维吾尔自治区塔城地区托里县农业农村局", None, None, None, "654224"),
    ),
    (
        "常山县发改局2024年工作要点\n围绕县委、县政府决策部署，推进项目建设。\n",
        ("部门文件", "浙江省衢州市常山县发展和改革局", None, None, None, "330822"),
    ),
    # … without a place …
    (
        "县农业农村局2024年工作总结\n"
        "今年以来，常山县农业农村局推进胡柚产业。招贤镇、球川镇开展示范。全县播种12万亩。\n",
        ("部门文件", "浙江省衢州市常山县农业农村局", None, None, None, "330822"),
    ),
    # … in the signature …
    (
        "关于印发2024年全县森林防火工作方案的通知\n各乡镇人民政府：\n"
        "为做好防火工作，现印发方案。\n常山县人民政府办公室\n2024年2月1日\n（此件公开发布）\n",
        ("部门文件", "浙江省衢州市常山县人民政府办公室", "2024-02-01", None, None, "330822"),
    ),
    # … under the title of a report on the plan, and with two that sign together.
    (
        "关于2024年国民经济和社会发展计划执行情况的报告\n"
        "——2025年2月18日在柯城区第九届人民代表大会第四次会议上\n柯城区发展和改革局\n"
        "各位代表：\n",
        ("部门文件", "浙江省衢州市柯城区发展和改革局", "2025-02-18", None, None, "330802"),
    ),
    (
        "中共柯城区委 柯城区人民政府关于推进乡村振兴的实施意见\n（2024年1月20日）\n"
        "为贯彻中央一号文件精神，提出如下意见。\n",
        ("部门文件", "中共浙江省衢州市柯城区委员会", "2024-01-20", None, None, "330802"),
    ),
    (
        "关于常山县2024年预算执行情况和2025年预算草案的报告\n"
        "——2025年1月8日在常山县第十七届人民代表大会第四次会议上\n常山县财政局局长 徐小林（女）\n"
        "各位代表：\n",
        (
            "部门文件",
            "浙江省衢州市常山县财政局",
            "2025-01-08",
            "常山县财政局局长",
            "徐小林",
            "330822",
        ),
    ),
    (
        "常山县2024年国民经济和社会发展统计公报\n常山县统计局\n2025年3月10日\n"
        "2024年，全县生产总值增长5.6%。\n",
        ("部门文件", "浙江省衢州市常山县统计局", "2025-03-10", None, None, "330822"),
    ),
    (
        "2024年工作总结和2025年工作思路\n"
        "2024年，常山县交通运输局在县委、县政府的坚强领导下，推进各项工作。辉埠镇公路建成。\n",
        ("部门文件", "浙江省衢州市常山县交通运输局", None, None, None, "330822"),
    ),
    (
        "国家发展改革委关于做好2024年降成本重点工作的通知\n各省、自治区、直辖市发展改革委：\n"
        "现通知如下。浙江省、衢州市要加快。\n2024年5月9日\n",
        ("部门文件", "中华人民共和国国家发展和改革委员会", "2024-05-09", None, None, None),
    ),
    # A headline may end like a paper's title.
    (
        "县政协召开2024年工作总结大会\n1月5日，常山县政协召开工作总结大会，县政协主席王建国讲话。"
        "县政协副主席主持会议，全县政协委员参加。\n",
        ("新闻", "浙江省衢州市常山县融媒体中心", None, None, None, "330822"),
    ),
    # Type set wide.
    (
        "政 府 工 作 报 告\n——在常山县第十七届人民代表大会第四次会议上\n常山县人民政府县长：王 建\n"
        "（2025年1月8日）\n",
        (
            "政府工作报告",
            "浙江省衢州市常山县人民政府",
            "2025-01-08",
            "常山县人民政府县长",
            "王建",
            "330822",
        ),
    ),
    # Development zones by their everyday name.
    (
        "安庆经开区经济发展局2024年工作总结\n（2024年12月20日）\n"
        "今年以来，在区党工委领导下，推进项目。\n",
        (
            "部门文件",
            "安徽省安庆市安徽安庆经济开发区经济发展局",
            "2024-12-20",
            None,
            None,
            "340871",
        ),
    ),
    (
        "球川镇人民政府2024年工作总结\n2024年，常山县球川镇开展了各项工作，黄泥畈村项目落地。\n",
        ("部门文件", "浙江省衢州市常山县球川镇人民政府", None, None, None, "330822111"),
    ),
    # News: the county's media centre if the text speaks from the county, else its own outlet.
    (
        "我县召开生态旅游重点项目推进会\n"
        "6月5日，汤旺县生态旅游重点项目推进会召开，县委书记高远峰讲话，县长宋丽华主持。会后，"
        "与会人员观摩了汤旺河林海奇石景区。\n",
        ("新闻", "黑龙江省伊春市汤旺县融媒体中心", None, None, None, "230723"),
    ),
    (
        "新华社北京3月5日电（记者 李明）十四届全国人大二次会议5日在人民大会堂开幕。"
        "国务院总理作政府工作报告。\n",
        ("新闻", "新华社", None, None, None, None),
    ),
    (
        "省长作政府工作报告\n"
        "本报讯（记者 王某）日前，浙江省十四届人大四次会议在杭州开幕，浙江省省长作工作报告。\n"
        "来源：浙江日报\n",
        ("新闻", "浙江日报", None, None, None, "330000"),
    ),
    (
        "在全区经济工作会议上的讲话\n（2024年2月5日）\n柯城区委书记 张某\n同志们：\n"
        "今天召开全区经济工作会议。\n",
        ("其他", "中共浙江省衢州市柯城区委员会", "2024-02-05", "柯城区委书记", "张某", "330802"),
    ),
    (
        "床前明月光，疑是地上霜。\n举头望明月，低头思故乡。\n",
        ("其他", None, None, None, None, None),
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0][:14] for case in CASES])
def test_heads(text, expected):
    found = header(text)
    where = found.jurisdiction.code if found.jurisdiction else None
    kind, issuer, date, post, speaker, code = expected
    assert (found.kind, found.issuer, found.date) == (kind, issuer, date)
    assert where == code
    if speaker:
        assert (found.post, found.speaker) == (post, speaker)


def test_any_county_or_city_is_found_by_its_head():
    """300 divisions of the table, in heads of four kinds, with and without the level above."""
    chosen = random.Random(7).sample(
        [d for d in divisions() if d.level in ("city", "county") and d.code < "710000"], 300
    )
    wrong = []
    for item in chosen:
        word = item.name[-1] if item.name[-1] in "市县区旗州盟" else "区"
        typed = [s for s in short_names(item.name, item.level) if s[-1] in "县州旗区"]
        names = {item.name, *(s for s in typed if s != item.name[:-1])}
        towns = "、".join(town.name for town in children(item)[:2])
        body = (
            f"一、2024年工作回顾\n一年来，在{word}委领导下，全{word}工作取得进展。在{towns}等地调研，"
            f"赴杭州市、江苏省无锡市考察。\n二、2025年工作任务\n推进{word}重点项目。\n"
        )
        above = division(item.parent).name
        for name in names:
            heads = {
                f"政协第五届{name}委员会常务委员会工作报告\n": f"政协{path(item)}委员会",
                f"中国人民政治协商会议{above}{name}委员会工作报告\n": f"政协{path(item)}委员会",
                f"政府工作报告\n——2025年1月9日在{name}第九届人民代表大会第四次会议上\n": (
                    f"{path(item)}人民政府"
                ),
                f"{name}农业农村局2024年工作总结\n": f"{path(item)}农业农村局",
            }
            for head, issuer in heads.items():
                if header(head + body).issuer != issuer:
                    wrong.append((head, issuer, header(head + body).issuer))
    assert not wrong


def test_bare_names_that_are_words_are_no_places():
    text = "我们坚持合作共赢，维护和平，解放思想，节约资源，促进共同富裕，弘扬新兴产业。" * 10
    assert judge(text) is None


def test_conjunctions_make_no_county():
    ranked = supports("在循化县委和县政府、县人大和县政协的领导下，循化县各项工作顺利。" * 3)
    assert ranked[0].division.name == "循化撒拉族自治县"
    assert "和县" not in [support.division.name for support in ranked]


@pytest.mark.parametrize(
    ("text", "word", "count"),
    [
        ("全县上下", "县", 3),
        ("县政协委员", "县", 1),
        ("社区党委、自治区党委", "区", 0),
        ("区委、区政府", "区", 2),
        ("市场监管、市民", "市", 0),
    ],
)
def test_level_words(text, word, count):
    assert level_words(text)[word] == count


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("2024年1月27日在", "2024-01-27"),
        ("时间：2026-02-09 10:00", "2026-02-09"),
        ("二〇二四年十二月三十一日", "2024-12-31"),
        ("二○二五年一月", "2025-01"),
        ("2024年13月1日", None),
        ("2024年2月45日", None),
        ("3月12日", None),
        ("", None),
    ],
)
def test_dates(line, date):
    assert iso_date(line) == date


def test_kind_by_words_where_the_title_does_not_tell():
    assert kind_of("", "各位代表，过去一年，县政府实施三大战略，县政府推进项目。") == "政府工作报告"
    assert kind_of("", "我受区人大常委会委托，向大会报告工作。各位代表，") == "人大工作报告"
    assert kind_of("工作报告", "各位委员：", "在县政协十届四次会议上") == "政协工作报告"


def test_hostile_heads():
    for text in ("\x00" * 50 + "常", "—" * 10_000, "年月日" * 5_000, "（" * 5_000, "市" * 50_000):
        found = header(text + "。")
        assert found.kind in KINDS


def test_twenty_thousand_characters_in_well_under_a_fifth_of_a_second():
    text = "".join(
        sorted(
            p.read_text(encoding="utf-8") for p in (ROOT / "data" / "written" / "docs").iterdir()
        )
    )
    document = make_document(text[:20_000], "a")
    mark_sections(read_header(segment(document)))  # Reads the tables of the gazetteer once.
    times = []
    for _ in range(5):
        begun = time.process_time()
        mark_sections(read_header(segment(document)))
        times.append(time.process_time() - begun)
    assert min(times) < 0.2
