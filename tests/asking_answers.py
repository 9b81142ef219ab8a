"""What the named queries are asked of the small graph, and what the answers must hold."""

from __future__ import annotations

from tests.asking_graph import DOCUMENTS

KECHENG = "政协浙江省衢州市柯城区委员会"

# What is asked of the small graph, and one row that the answer must hold.
ASKED: dict[str, tuple[dict[str, str], tuple]] = {
    "ambiguous-names": (
        {},
        ("县政协", ["政协浙江省衢州市常山县委员会", "政协浙江省衢州市开化县委员会"], 7),
    ),
    "brands-by-documents": ({"top": "1"}, ("民生议事堂", 2, 5)),
    "brands-of": (
        {"name": "柯城区政协"},
        ("民生议事堂", "OPERATES", "区政协打造“民生议事堂”。", "柯城区政协报告2023.txt"),
    ),
    "brands-of-place": (
        {"name": "常山县"},
        ("鲜辣常山", "浙江省衢州市常山县", "常山县打造“鲜辣常山”。", "常山县政协报告2024.txt"),
    ),
    "common-ground": (
        {"one": "柯城区政协", "two": "常山县政协"},
        (
            "张三",
            "Person",
            "HOLDS_POSITION",
            "HOLDS_POSITION",
            "区政协主席张三作报告。",
            "张三任县政协副主席。",
        ),
    ),
    "document-contents": (
        {"document": "常山县政协报告", "type": "brand"},
        ("鲜辣常山", "Brand", 1),
    ),
    "documents": (
        {},
        ("新闻.txt", "衢州新闻", "工作报告", "2024-03-01", None, DOCUMENTS[3].id),
    ),
    "documents-issued-by": (
        {"name": "柯城区政协"},
        (
            "柯城区政协报告2024.txt",
            "柯城区政协常委会工作报告",
            "工作报告",
            "2024-01-30",
            DOCUMENTS[1].id,
        ),
    ),
    "documents-mentioning": (
        {"name": "民生议事堂"},
        ("柯城区政协报告2024.txt", "2024-01-30", 4, 3, DOCUMENTS[1].id),
    ),
    "documents-share": (
        {"first": "柯城区政协报告2024", "second": "常山县"},
        ("政协浙江省衢州市委员会", "Organization", 1, 2),
    ),
    "founded-by": (
        {"name": "区政协"},
        (
            "浙江省衢州市柯城区乡贤联谊会",
            "done",
            "区政协成立乡贤联谊会。",
            "柯城区政协报告2023.txt",
        ),
    ),
    "honours-of": (
        {"name": "民生议事堂"},
        (
            "政协浙江省委员会",
            "2024-01-30",
            "“民生议事堂”得到省政协肯定。",
            "柯城区政协报告2024.txt",
        ),
    ),
    "implementers-by-projects": ({}, (KECHENG, 1, 2)),
    "implementers-of": (
        {"name": "寺桥水库"},
        (
            KECHENG,
            "Organization",
            "IMPLEMENTS",
            "planned",
            "推进寺桥水库建设。",
            "柯城区政协报告2023.txt",
        ),
    ),
    "located-in": ({"name": "寺桥水库"}, (2, "浙江省衢州市", "city", 118.8, 28.9)),
    "members-of": ({"name": "柯城区政协"}, (1, f"{KECHENG}机关党组")),
    "mentions-of": (
        {"name": "寺桥水库"},
        (
            "柯城区政协报告2023.txt",
            "今年的任务",
            "寺桥水库",
            "推进寺桥水库建设。",
            DOCUMENTS[0].text.index("寺桥水库"),
            DOCUMENTS[0].text.index("寺桥水库") + 4,
        ),
    ),
    "names-of": ({"name": "柯城区政协"}, ("区政协", 8, 3, f"Organization:{KECHENG}")),
    "neighbours-of": (
        {"name": "柯城区政协"},
        (
            "—",
            "COOPERATES_WITH",
            "政协浙江省衢州市常山县委员会",
            "Organization",
            2,
            0.7,
            "区政协与县政协、市政协协作。",
        ),
    ),
    "operators-of": (
        {"name": "民生议事堂"},
        (
            "浙江省衢州市柯城区",
            "Place",
            "LOCATED_IN",
            "民生议事堂设在柯城区。",
            "柯城区政协报告2024.txt",
        ),
    ),
    "organisations-in-place": ({"name": "柯城区"}, ("浙江省衢州市柯城区教育局", 3)),
    "organisations-together": (
        {"least": "2"},
        ("政协浙江省衢州市委员会", "政协浙江省衢州市常山县委员会", 3),
    ),
    "pairs-cooperating": ({"top": "1"}, ("政协浙江省衢州市常山县委员会", KECHENG, 2)),
    "parents-of": ({"name": "区政协机关党组"}, (1, KECHENG)),
    "partners-of": (
        {"name": "柯城区政协"},
        (
            "政协浙江省衢州市委员会",
            "Organization",
            "2024-01-30",
            "区政协与县政协、市政协协作。",
            "柯城区政协报告2024.txt",
        ),
    ),
    "path-between": (
        {"from": "李四", "to": "常山县政协"},
        (
            ["李四", KECHENG, "政协浙江省衢州市常山县委员会"],
            ["HOLDS_POSITION", "COOPERATES_WITH"],
            None,
            2,
        ),
    ),
    "people-of": (
        {"name": "柯城区政协"},
        ("李四", "主席", "2024-01-30", "区政协主席李四作报告。", "柯城区政协报告2024.txt"),
    ),
    "places-by-projects": ({}, ("浙江省衢州市柯城区", "county", 2)),
    "places-within": ({"name": "衢州"}, ("浙江省衢州市柯城区余东村", "village", 2, 118.8, 28.9)),
    "posts-of": (
        {"name": "张三"},
        (
            "政协浙江省衢州市常山县委员会",
            "副主席",
            "2024-02-05",
            "张三任县政协副主席。",
            "常山县政协报告2024.txt",
        ),
    ),
    "projects-carried-over": (
        {},
        (
            "寺桥水库",
            "柯城区政协报告2023.txt",
            "柯城区政协报告2024.txt",
            KECHENG,
            "柯城区的寺桥水库建成。",
        ),
    ),
    "projects-in-place": (
        {"name": "浙江省衢州市"},
        ("寺桥水库", ["浙江省衢州市柯城区"], [KECHENG], 2),
    ),
    "projects-of": (
        {"name": "柯城区政协", "status": "done"},
        (
            "寺桥水库",
            "IMPLEMENTS",
            "done",
            ["浙江省衢州市柯城区"],
            "柯城区的寺桥水库建成。",
            "柯城区政协报告2024.txt",
        ),
    ),
    "projects-planned": (
        {},
        (
            "柯城抽水蓄能电站项目",
            "浙江省衢州市柯城区",
            "柯城区谋划抽水蓄能电站。",
            "柯城区政协报告2023.txt",
            "2023-02-01",
        ),
    ),
    "recognised-by": (
        {"name": "浙江省政协"},
        (
            "民生议事堂",
            "Brand",
            "2024-01-30",
            "“民生议事堂”得到省政协肯定。",
            "柯城区政协报告2024.txt",
        ),
    ),
    "relations-corroborated": ({}, (KECHENG, "OPERATES", "民生议事堂", 2)),
    "relations-count": ({}, ("OPERATES", "text", 4, 3)),
    "relations-to-check": (
        {"below": "0.61"},
        (
            0.6,
            "李四",
            "HOLDS_POSITION",
            KECHENG,
            "区政协主席李四作报告。",
            "test",
            "柯城区政协报告2024.txt",
        ),
    ),
    "timeline-of": (
        {"name": "寺桥水库"},
        (
            "2023-02-01",
            "柯城区政协报告2023.txt",
            KECHENG,
            "IMPLEMENTS",
            "寺桥水库",
            "planned",
            "推进寺桥水库建设。",
        ),
    ),
    "together-with": (
        {"name": "寺桥水库", "type": "Place"},
        ("浙江省衢州市柯城区", "Place", 1),
    ),
    "top-entities": ({"type": "Organization", "top": "1"}, (KECHENG, "Organization", 8)),
    "unrelated-entities": ({"type": "Brand"}, ("C919", "Brand", 1)),
    "visitors-of": (
        {"name": "衢州"},
        (KECHENG, "Organization", "2024-03-01", "区政协到访衢州。", "新闻.txt"),
    ),
    "visits-of": (
        {"name": "张三"},
        (
            "浙江省衢州市柯城区余东村",
            "Place",
            "2023-02-01",
            "张三到余东村调研。",
            "柯城区政协报告2023.txt",
        ),
    ),
}
