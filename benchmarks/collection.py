"""The collection of documents that `benchmarks.query` asks about, made up.

At scale 1 it comes to 100,000 entities and 500,000 relationships: 2,000 documents of 600
counties, as a province's or two would publish in some years. What a document says is about
its county for the most part: the bodies, towns, villages, projects, brands and people of
it, some of them in nearly every document, most once or twice. One mention in eight is of
something known everywhere (the province, its cities, their bodies), so that a province has
thousands of mentions, of projects and of places within it. Places are linked to what they
lie in as `graph.identity` does it, in every document anew; inner bodies to theirs.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from extract import gazetteer
from extract.documents import Document, Header, Mention, Relation, Sentence
from extract.gazetteer import Division
from graph.entities import Entity, Link

DOCUMENTS = 2_000
SENTENCES = 25
COUNTIES = 600
POOLS = {
    "Organization": 35_000,
    "Project": 30_000,
    "Place": 15_000,
    "Brand": 10_000,
    "Person": 10_000,
}
"""Entities by type at scale 1: 100,000."""
WIDELY = 1 / 8
"""Share of mentions that are of something known in all of the collection."""
FIRST_PROVINCE = "33"
"""Code of the province whose counties come first; those of higher codes follow."""

_BODIES = (
    "人民政府 教育局 水利局 农业农村局 文化和旅游局 交通运输局 卫生健康局 科学技术局 人民医院 "
    "工商业联合会 民政局 财政局 审计局 体育局"
).split()
_INNER = "机关党组"
_WORKS = "水库 高速公路 抽水蓄能电站 产业园 污水处理厂 体育馆 老旧小区改造工程 数字乡村工程".split()
_BRANDS = "议事堂 连心桥 微心愿 直通车 会客厅 工作室 一件事 直播间".split()
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂文华建国志新海燕"
_NUMBERS = "一二三四五六七八九"

# Of mentions 0 to 3 of a sentence: an organisation, a project, a place and one more.
_CLAIMS = {
    "Brand": ((0, "OPERATES", 3), (3, "LOCATED_IN", 2)),
    "Person": ((3, "HOLDS_POSITION", 0), (3, "VISITED", 2)),
    "Organization": ((0, "COOPERATES_WITH", 3), (1, "RECOGNISED_BY", 3)),
}
_ALWAYS = ((0, "IMPLEMENTS", 1), (1, "LOCATED_IN", 2))
# Said once in some sentences: what is founded, taken part in, and where a body sits.
_SOMETIMES = {
    5: ((0, "FOUNDED", 3), "Organization"),
    11: ((3, "PARTICIPATES_IN", 1), "Organization"),
    17: ((0, "LOCATED_IN", 2), "Brand"),
}


def documents(scale: float, seed: int = 1) -> Iterator[Document]:
    """Make the documents, one after the other; the same for the same `scale` and `seed`."""
    rng = random.Random(seed)
    counties = _counties(max(20, round(COUNTIES * scale)))
    draw = Drawer(counties, scale, rng)
    for number in range(max(40, round(DOCUMENTS * scale))):
        at = number if number % 3 else int(len(counties) * rng.random() ** 3)
        yield _document(number, counties[at % len(counties)], draw, rng)


def _counties(count: int) -> list[Division]:
    """The counties of whole provinces, from `FIRST_PROVINCE` on."""
    found = [
        d
        for d in gazetteer.divisions()
        if d.level == "county" and FIRST_PROVINCE <= d.code[:2] < "71"
    ]
    return sorted(found, key=lambda d: d.code)[:count]


class Drawer:
    """Gives the entities that a document of a county speaks of."""

    def __init__(self, counties: list[Division], scale: float, rng: random.Random) -> None:
        self.rng = rng
        self.lines: dict[str, tuple[Entity, ...]] = {}
        self.wide = self._wide(counties)
        taken = {e.name for entities in self.wide.values() for e in entities}
        self.local: dict[tuple[str, str], list[Entity]] = defaultdict(list)
        towns = defaultdict(list)
        for division in gazetteer.divisions():
            if division.level == "township":
                towns[division.parent].append(division)
        for label, size in POOLS.items():
            size = max(10 * len(counties), round(size * scale)) - len(self.wide[label])
            for i in range(size):
                county = counties[i % len(counties)]
                entity = self._made(label, county, i // len(counties), towns[county.code], taken)
                taken.add(entity.name)
                self.local[label, county.code].append(entity)
        # Each thing is mentioned at least once; `unseen` are those that have not been.
        self.unseen = {key: list(reversed(things)) for key, things in self.local.items()}

    def __call__(self, label: str, county: Division) -> Entity:
        """Draw something new seven times of ten while there is, else something known."""
        if self.rng.random() < 0.7:
            new = self.unseen.get((label, county.code)) or self._elsewhere(label)
            if new:
                return new.pop()
        pool = self.local[label, county.code]
        if self.rng.random() < 3 * WIDELY:
            pool = self.wide[label]
        return pool[int(len(pool) * self.rng.random() ** 3)]

    def line(self, place: Entity) -> tuple[Entity, ...]:
        """A place and what it lies in, from the inside out."""
        return self.lines[place.name]

    def _elsewhere(self, label: str) -> list[Entity] | None:
        for (kind, _), left in self.unseen.items():
            if kind == label and left:
                return left
        return None

    def _wide(self, counties: list[Division]) -> dict[str, list[Entity]]:
        above = {d.code: d for county in counties for d in gazetteer.ancestors(county)}
        regions = sorted(above.values(), key=lambda d: (d.level != "province", d.code))
        bodies = [
            _entity("Organization", gazetteer.path(region) + body, code=region.code)
            for body in _BODIES
            for region in regions
        ]
        return {
            "Place": [self._place(region) for region in regions],
            "Organization": bodies,
            "Project": [_entity("Project", f"千村{a}{b}工程") for a in _GIVEN[:10] for b in _GIVEN],
            "Brand": [_entity("Brand", f"浙里{a}{b}") for a in _GIVEN[:5] for b in _GIVEN],
            "Person": [_entity("Person", f"欧阳{a}{b}") for a in _GIVEN[:5] for b in _GIVEN],
        }

    def _place(self, division: Division) -> Entity:
        line = [division, *gazetteer.ancestors(division)]
        places = tuple(
            _entity("Place", gazetteer.path(d), d.code, d.level, d.lng, d.lat) for d in line
        )
        for depth, place in enumerate(places):
            self.lines.setdefault(place.name, places[depth:])
        return self.lines[places[0].name][0]

    def _made(
        self, label: str, county: Division, turn: int, towns: list[Division], taken: set[str]
    ) -> Entity:
        """The next thing of a county; each name is used once in the collection."""
        rng, path, code = self.rng, gazetteer.path(county), None
        if label == "Place":
            division = county if not turn else towns[turn - 1] if turn <= len(towns) else None
            if division:
                return self._place(division)
            above = self._place(rng.choice(towns) if towns else county)
            name = f"{above.name}{rng.choice(_GIVEN)}{rng.choice(_GIVEN)}村"
            while name in taken:
                name = name[:-1] + rng.choice(_NUMBERS) + "村"
            entity = _entity("Place", name, None, "village")
            self.lines[name] = (entity, *self.lines[above.name])
            return entity
        if label == "Organization":
            body, round_ = _BODIES[turn % len(_BODIES)], turn // len(_BODIES)
            if round_ == 1:
                body += _INNER
            where = towns[(turn * 7) % len(towns)].name if round_ > 1 and towns else ""
            name, code = path + where + body, county.code
        elif label == "Project":
            name = county.name + "".join(rng.choices(_GIVEN, k=2)) + _WORKS[turn % len(_WORKS)]
        elif label == "Brand":
            name = "".join(rng.choices(_GIVEN, k=2)) + _BRANDS[turn % len(_BRANDS)]
        else:
            name = rng.choice(_FAMILY) + "".join(rng.choices(_GIVEN, k=2))
        while name in taken:
            name += rng.choice(_NUMBERS)
        return _entity(label, name, code)


def _entity(
    label: str,
    name: str,
    code: str | None = None,
    level: str | None = None,
    lng: float | None = None,
    lat: float | None = None,
) -> Entity:
    path = name if label == "Place" else None
    return Entity(
        f"{label}:{name}", name, label, code=code, level=level, path=path, lng=lng, lat=lat
    )


def called(thing: Entity, county: Division, turn: int) -> str:
    """What a document of a county calls a thing: bodies and places mostly in short forms."""
    path = gazetteer.path(county)
    if thing.type not in ("Organization", "Place") or not thing.name.startswith(path):
        return thing.name
    rest = thing.name[len(path) :]
    if not rest:
        return county.name
    # 浙江省衢州市常山县教育局: 县教育局, 常山县教育局; 浙江省衢州市常山县东案乡: 东案乡
    if thing.type == "Place":
        return rest
    return (county.name[-1] + rest, county.name + rest, thing.name)[turn % 3]


def _document(number: int, county: Division, draw: Drawer, rng: random.Random) -> Document:
    id_ = hashlib.sha256(f"bench {number}".encode()).hexdigest()[:16]
    issuer = draw.local["Organization", county.code][number % 2]
    sentences, mentions, relations = [], [], []
    entities, links = {issuer.id: issuer}, {}
    position = 0
    for i in range(SENTENCES):
        further = rng.choice(list(_CLAIMS))
        extra, needed = _SOMETIMES.get(i, ((), further))
        labels = ("Organization", "Project", "Place", needed)
        things = [draw(label, county) for label in labels]
        status = "planned" if i > SENTENCES * 0.7 else "done"
        text, first = "", len(mentions)
        for thing, joint in zip(things, ("推进", "，落在", "，联合", "。"), strict=True):
            name = called(thing, county, i)
            mentions.append(
                Mention(
                    position + len(text), position + len(text) + len(name), name, thing.type,
                    i, len(text), 0.9, "model", thing.id,
                )
            )  # fmt: skip
            text += name + joint
            _list(thing, draw, entities, links)
        for head, type_, tail in (*_ALWAYS, *_CLAIMS[needed], *((extra,) if extra else ())):
            if things[head].id != things[tail].id:
                relations.append(
                    Relation(
                        first + head, type_, first + tail, i, round(rng.uniform(0.5, 1), 3),
                        "bench", "主任" if type_ == "HOLDS_POSITION" else None, status,
                    )
                )  # fmt: skip
        offsets = tuple(range(position, position + len(text)))
        sentences.append(
            Sentence(f"{id_}:{i}", position, position + len(text), text, offsets, "正文", status)
        )
        position += len(text) + 1
    date = f"{2015 + number % 10}-{1 + number % 12:02d}-15"
    return Document(
        id_, f"{county.name}报告{number:05d}.txt", "", f"/bench/{number}",
        Header(f"{county.name}工作报告{number}", date=date),
        tuple(sentences), tuple(mentions), tuple(entities.values()), tuple(relations),
        tuple(links.values()), issuer.id,
    )  # fmt: skip


def _list(thing: Entity, draw: Drawer, entities: dict[str, Entity], links: dict[str, Link]) -> None:
    """List a thing with what it lies in or is part of."""
    entities[thing.id] = thing
    if thing.type == "Place":
        for inner, outer in pairwise(draw.line(thing)):
            entities[outer.id] = outer
            links[inner.id] = Link(inner.id, "LOCATED_IN", outer.id, "gazetteer")
    elif thing.type == "Organization" and thing.name.endswith(_INNER):
        whole = _entity("Organization", thing.name.removesuffix(_INNER), thing.code)
        entities[whole.id] = whole
        links[thing.id] = Link(thing.id, "PART_OF", whole.id, "name")
