"""Four small documents that between them make every named query answer something.

Names stand in the sentences as they would be written; `THINGS` says what each stands for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from extract.documents import Document, Header, Jurisdiction, Mention, Relation, Sentence
from graph.entities import Entity, Link

KECHENG = "浙江省衢州市柯城区"
CHANGSHAN = "浙江省衢州市常山县"
CODES = {KECHENG: "330802", CHANGSHAN: "330822", "浙江省衢州市": "330800", "浙江省": "330000"}
LEVELS = {KECHENG: "county", CHANGSHAN: "county", "浙江省衢州市": "city", "浙江省": "province"}

THINGS: dict[str, tuple[str, str]] = {
    "区政协": ("Organization", f"政协{KECHENG}委员会"),
    "柯城区政协": ("Organization", f"政协{KECHENG}委员会"),
    "区政协机关党组": ("Organization", f"政协{KECHENG}委员会机关党组"),
    "县政协": ("Organization", f"政协{CHANGSHAN}委员会"),
    "市政协": ("Organization", "政协浙江省衢州市委员会"),
    "省政协": ("Organization", "政协浙江省委员会"),
    "区教育局": ("Organization", f"{KECHENG}教育局"),
    "乡贤联谊会": ("Organization", f"{KECHENG}乡贤联谊会"),
    "柯城": ("Place", KECHENG),
    "柯城区": ("Place", KECHENG),
    "常山": ("Place", CHANGSHAN),
    "常山县": ("Place", CHANGSHAN),
    "衢州": ("Place", "浙江省衢州市"),
    "余东村": ("Place", f"{KECHENG}余东村"),
    "寺桥水库": ("Project", "寺桥水库"),
    "抽水蓄能电站": ("Project", "柯城抽水蓄能电站项目"),
    "民生议事堂": ("Brand", "民生议事堂"),
    "请你来协商": ("Brand", "请你来协商"),
    "鲜辣常山": ("Brand", "鲜辣常山"),
    "C919": ("Brand", "C919"),
    "张三": ("Person", "张三"),
    "李四": ("Person", "李四"),
}
PARENT = {
    KECHENG: "浙江省衢州市",
    CHANGSHAN: "浙江省衢州市",
    "浙江省衢州市": "浙江省",
    f"{KECHENG}余东村": KECHENG,
}
_SURFACES = re.compile("|".join(sorted(THINGS, key=len, reverse=True)))


@dataclass(frozen=True)
class Said:
    """One sentence, and what it says: (head or None, type, tail[, title])."""

    text: str
    relations: tuple[tuple, ...] = ()
    section: str = "过去一年的工作"
    status: str | None = "done"


def entity(surface: str) -> Entity:
    """The entity that `surface` stands for."""
    return named(*THINGS[surface])


def named(type_: str, name: str) -> Entity:
    """The entity of that type and canonical name."""
    path = next((p for p in sorted(CODES, key=len, reverse=True) if p in name), None)
    here = type_ == "Place"
    return Entity(
        f"{type_}:{name}",
        name,
        type_,
        code=CODES.get(path or "") if type_ in ("Place", "Organization") else None,
        level=(LEVELS.get(name) or "village") if here else None,
        path=name if here else None,
        lng=118.8 if here else None,
        lat=28.9 if here else None,
    )


def document(
    name: str,
    title: str,
    date: str,
    issuer: str | None,
    place: str,
    said: Sequence[Said],
    meaning: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> Document:
    """Build the document that says `said`, its mentions found by name.

    `meaning` says what a name stands for in this document alone.
    """
    text = "\n".join(s.text for s in said)
    id_ = hashlib.sha256(text.encode()).hexdigest()[:16]
    sentences: list[Sentence] = []
    mentions: list[Mention] = []
    relations: list[Relation] = []
    entities: dict[str, Entity] = {}
    start = 0
    for number, claim in enumerate(said):
        end = start + len(claim.text)
        sentences.append(
            Sentence(
                f"{id_}:{number}", start, end, claim.text, tuple(range(start, end)),
                claim.section, claim.status,
            )
        )  # fmt: skip
        here: dict[str, int] = {}
        for match in _SURFACES.finditer(claim.text):
            thing = named(*meaning[match[0]]) if match[0] in meaning else entity(match[0])
            entities[thing.id] = thing
            here.setdefault(match[0], len(mentions))
            mentions.append(
                Mention(
                    start + match.start(), start + match.end(), match[0], thing.type, number,
                    match.start(), 0.9, "model", thing.id,
                )
            )  # fmt: skip
        for head, type_, tail, *post in claim.relations:
            relations.append(
                Relation(
                    None if head is None else here[head], type_, here[tail], number,
                    0.6 + number / 50, "test", post[0] if post else None, claim.status,
                )
            )  # fmt: skip
        start = end + 1
    issuing = entity(issuer) if issuer else None
    if issuing:
        entities.setdefault(issuing.id, issuing)
    links = []
    for thing in list(entities.values()):
        below = thing.name
        while thing.type == "Place" and below in PARENT:
            above = named("Place", PARENT[below])
            entities.setdefault(above.id, above)
            links.append(Link(f"Place:{below}", "LOCATED_IN", above.id, "gazetteer"))
            below = above.name
        if thing.name.endswith("机关党组"):
            whole = named("Organization", thing.name.removesuffix("机关党组"))
            entities.setdefault(whole.id, whole)
            links.append(Link(thing.id, "PART_OF", whole.id, "name"))
    return Document(
        id_,
        name,
        text,
        f"/docs/{name}",
        Header(title, "工作报告", issuing.name if issuing else None, None, date, "张三", "主席",
               Jurisdiction(CODES[place], place, LEVELS[place])),
        tuple(sentences),
        tuple(mentions),
        tuple(entities.values()),
        tuple(relations),
        tuple(dict.fromkeys(links)),
        issuing.id if issuing else None,
    )  # fmt: skip


PLANNED = {"section": "今年的任务", "status": "planned"}

DOCUMENTS: tuple[Document, ...] = (
    document(
        "柯城区政协报告2023.txt", "柯城区政协常委会工作报告", "2023-02-01", "区政协", KECHENG,
        [
            Said("区政协主席张三作报告。", (("张三", "HOLDS_POSITION", "区政协", "主席"),)),
            Said("区政协打造“民生议事堂”。", (("区政协", "OPERATES", "民生议事堂"),)),
            Said("区政协与县政协开展协作。", (("区政协", "COOPERATES_WITH", "县政协"),)),
            Said("张三到余东村调研。", (("张三", "VISITED", "余东村"),)),
            Said("区政协成立乡贤联谊会。", (("区政协", "FOUNDED", "乡贤联谊会"),)),
            Said("区教育局隶属柯城。", ()),
            Said("推进寺桥水库建设。", ((None, "IMPLEMENTS", "寺桥水库"),), **PLANNED),
            Said("柯城区谋划抽水蓄能电站。", (("柯城区", "IMPLEMENTS", "抽水蓄能电站"),),
                 **PLANNED),
        ],
    ),
    document(
        "柯城区政协报告2024.txt", "柯城区政协常委会工作报告", "2024-01-30", "柯城区政协", KECHENG,
        [
            Said("区政协主席李四作报告。", (("李四", "HOLDS_POSITION", "区政协", "主席"),)),
            Said("柯城区的寺桥水库建成。", (("寺桥水库", "LOCATED_IN", "柯城区"),
                                      (None, "IMPLEMENTS", "寺桥水库"))),
            Said("区政协深化“民生议事堂”，区教育局参与民生议事堂。",
                 (("区政协", "OPERATES", "民生议事堂"),
                  ("区教育局", "PARTICIPATES_IN", "民生议事堂"))),
            Said("“民生议事堂”得到省政协肯定。", (("民生议事堂", "RECOGNISED_BY", "省政协"),)),
            Said("民生议事堂设在柯城区。", (("民生议事堂", "LOCATED_IN", "柯城区"),)),
            Said("区政协与县政协、市政协协作。", (("区政协", "COOPERATES_WITH", "县政协"),
                                         ("区政协", "COOPERATES_WITH", "市政协"))),
            Said("区政协机关党组学习。", ()),
            Said("区教育局在柯城区。", (("区教育局", "LOCATED_IN", "柯城区"),)),
            Said("C919首飞。", ()),
        ],
    ),
    document(
        "常山县政协报告2024.txt", "常山县政协常委会工作报告", "2024-02-05", "县政协", CHANGSHAN,
        [
            Said("县政协唱响“请你来协商”。", (("县政协", "OPERATES", "请你来协商"),)),
            Said("常山县打造“鲜辣常山”。", (("常山县", "OPERATES", "鲜辣常山"),)),
            Said("市政协到常山调研，县政协陪同。", (("市政协", "VISITED", "常山"),)),
            Said("县政协与市政协协作。", (("县政协", "COOPERATES_WITH", "市政协"),)),
            Said("张三任县政协副主席。", (("张三", "HOLDS_POSITION", "县政协", "副主席"),)),
        ],
    ),
    document(
        "新闻.txt", "衢州新闻", "2024-03-01", None, "浙江省衢州市",
        [
            Said("县政协与市政协在衢州座谈。", (), status=None),
            Said("区政协到访衢州。", (("区政协", "VISITED", "衢州"),), status=None),
        ],
        meaning={"县政协": ("Organization", "政协浙江省衢州市开化县委员会")},
    ),
)  # fmt: skip
