"""Documents made by hand from the dataclasses, as extraction would give them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from extract.documents import Document, Header, Jurisdiction, Mention, Relation, Sentence
from graph.entities import Entity, Link

TYPE_OF_SURFACE = {
    "区政协": ("Organization", "政协浙江省衢州市柯城区委员会"),
    "政协柯城区委员会": ("Organization", "政协浙江省衢州市柯城区委员会"),
    "市教育局": ("Organization", "浙江省衢州市教育局"),
    "柯城": ("Place", "浙江省衢州市柯城区"),
    "衢州": ("Place", "浙江省衢州市"),
    "寺桥水库": ("Project", "寺桥水库"),
    "民生议事堂": ("Brand", "民生议事堂"),
    "张三": ("Person", "张三"),
}

PARENTS = {
    "Place:浙江省衢州市柯城区": ("Place:浙江省衢州市", "Place:浙江省"),
    "Place:浙江省衢州市": ("Place:浙江省",),
}


def entity(surface: str) -> Entity:
    """The entity that a surface stands for: a function of identity alone."""
    type_, name = TYPE_OF_SURFACE.get(surface, ("Project", surface))
    return Entity(
        f"{type_}:{name}", name, type_, path=name if type_ == "Place" else None, reason="测试"
    )


def document(
    sentences: Sequence[str],
    surfaces: Sequence[str] = tuple(TYPE_OF_SURFACE),
    relations: Sequence[tuple[str | None, str, str]] = (),
    *,
    issuer: str | None = "区政协",
    source: str = "",
    name: str = "报告.txt",
    title: str | None = None,
) -> Document:
    """Build a document whose sentences mention `surfaces` wherever these occur.

    Parameters
    ----------
    sentences : sequence of str
    surfaces : sequence of str
        Names to look for; each stands for ``entity(surface)``.
    relations : sequence of (head surface or None, type, tail surface)
        Drawn in every sentence in which both ends occur.
    issuer : str, optional
        Surface of the issuing organisation.
    """
    text = "\n".join(sentences)
    # A document without a sentence is one as well.
    id_ = hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
    found: list[Sentence] = []
    mentions: list[Mention] = []
    drawn: list[Relation] = []
    entities: dict[str, Entity] = {}
    position = 0
    for number, line in enumerate(sentences):
        offsets = tuple(range(position, position + len(line)))
        found.append(Sentence(f"{id_}:{number}", position, position + len(line), line, offsets))
        here: dict[str, int] = {}
        for surface in surfaces:
            begin = line.find(surface)
            if begin < 0 or not surface:
                continue
            thing = entity(surface)
            entities[thing.id] = thing
            here[surface] = len(mentions)
            start = position + begin
            end = start + len(surface)
            mentions.append(
                Mention(start, end, surface, thing.type, number, begin, 0.9, "model", thing.id)
            )
        for head, type_, tail in relations:
            if tail in here and (head is None or head in here):
                drawn.append(
                    Relation(
                        None if head is None else here[head],
                        type_,
                        here[tail],
                        number,
                        0.5 + number / 1000,
                        "test",
                        title=title,
                    )
                )
        position += len(line) + 1
    issuing = entity(issuer) if issuer else None
    if issuing:
        entities[issuing.id] = issuing
    links: list[Link] = []
    for id_of_place in list(entities):
        below = id_of_place
        for above in PARENTS.get(id_of_place, ()):
            parent = above.removeprefix("Place:")
            entities.setdefault(above, Entity(above, parent, "Place", path=parent))
            links.append(Link(below, "LOCATED_IN", above, "gazetteer"))
            below = above
    jurisdiction = Jurisdiction("330802", "浙江省衢州市柯城区", "county")
    return Document(
        id_,
        name,
        text,
        source,
        Header(
            "工作报告", "政协工作报告", "政协", None, "2024-01-30", "张三", "主席", jurisdiction
        ),
        tuple(found),
        tuple(mentions),
        tuple(entities.values()),
        tuple(drawn),
        tuple(dict.fromkeys(links)),
        issuing.id if issuing else None,
    )


KECHENG = document(
    [
        "区政协走进寺桥水库，张三同往。",
        "政协柯城区委员会与市教育局共建“民生议事堂”。",
        "柯城推进寺桥水库建设，区政协视察寺桥水库。",
    ],
    relations=[
        ("区政协", "IMPLEMENTS", "寺桥水库"),
        (None, "OPERATES", "民生议事堂"),
        ("柯城", "IMPLEMENTS", "寺桥水库"),
    ],
    name="柯城.txt",
    source="/docs/柯城.txt",
)
QUZHOU = document(
    ["衢州支持寺桥水库。", "市教育局在衢州。"],
    relations=[("衢州", "IMPLEMENTS", "寺桥水库"), ("市教育局", "LOCATED_IN", "衢州")],
    issuer="市教育局",
    name="衢州.txt",
    source="/docs/衢州.txt",
)
