"""Pairs of entities that a person may want to look at: close, and kept apart by the rules.

Names are compared in parts, never whole: two education bureaux share most of their
characters and are two things. What counts is the part that tells a thing from its like
(body without place, firm without legal form), its reading, and surfaces that documents use
for both. Nothing is merged here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

from extract import gazetteer as g
from graph.identity_within import same_firm, strip_place
from graph.names import company_core, is_company, is_known_body, is_subsequence, name_key
from graph.ontology import LABELS

if TYPE_CHECKING:
    from graph.store import Store

ENTITIES = """
MATCH (e:Entity)
RETURN e.id AS id, e.name AS name, labels(e) AS labels, coalesce(e.aliases, []) AS aliases,
       e.path AS path
ORDER BY id
"""

SIMILAR = 0.8
"""Least similarity (rapidfuzz ratio, 0 to 1) of two name parts to be worth a look."""

CROWD = 200
"""Names that share a pair of characters beyond which the pair says nothing (委员, 公司)."""


@dataclass(frozen=True)
class Named:
    """An entity as far as its names go."""

    id: str
    name: str
    type: str
    aliases: tuple[str, ...] = ()
    path: str | None = None

    @property
    def scope(self) -> str:
        """Where the name counts: path of the jurisdiction, or the code in the id."""
        return self.path or self.id.rpartition("@")[2] if "@" in self.id or self.path else ""

    @property
    def core(self) -> str:
        """The part of the name that tells it from its like."""
        return core(self.name, self.type, self.path)

    @property
    def place(self) -> str:
        """Path of the division that the name speaks of or counts in; empty if of none."""
        return self.path or place_of(self.name, self.id.rpartition("@")[2])


@dataclass(frozen=True)
class Pair:
    """Two entities that may be one, the better known first, and why; `score` 0 to 1."""

    one: Named
    other: Named
    reason: str
    score: float


_NO_PLACE = re.compile(r"[江河湖海山岭]|.{0,2}大学")
"""What a place does not stand before: 新安江, 宁波大学."""


@cache
def core(name: str, type: str, path: str | None = None) -> str:
    """The telling part of a name.

    Examples
    --------
    >>> core("浙江省衢州市柯城区教育局", "Organization", "浙江省衢州市柯城区")
    '教育局'
    >>> core("广西凭祥合越食品有限公司", "Organization")
    '合越食品'
    >>> core("新安江流域", "Place"), core("宁波大学", "Organization")
    ('新安江流域', '宁波大学')
    """
    if type == "Person":
        return name
    rest = name.replace(path, "") if path else strip_place(name)
    if _NO_PLACE.match(rest):
        rest = name
    # 政协委员会办公室 and 中共委员会办公室: what follows the top body tells.
    rest = re.sub(r"^(?:政协|中共|共青团)(?:委员会|工作委员会)(?=.)", "", rest)
    if type == "Organization" and is_company(name):
        rest = company_core(rest)
    return name_key(rest) or name_key(name)


@cache
def place_of(name: str, scope: str) -> str:
    """Path of the division with code `scope`, else of the one at the front of `name`."""
    division = g.division(scope) or g.locate(name).division
    return g.path(division) if division is not None else ""


@cache
def reading(text: str) -> str:
    """Pinyin without tones: what two spellings of one name share.

    Examples
    --------
    >>> reading("寺桥") == reading("四桥")
    True
    """
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(text))


def read_entities(store: Store) -> list[Named]:
    """Every entity of a graph, as `Named`."""
    return [
        Named(id_, name, next(x for x in LABELS if x in labels), tuple(aliases), path)
        for id_, name, labels, aliases, path in store.read(ENTITIES).rows
    ]


def duplicates(entities: Sequence[Named]) -> list[Pair]:
    """Candidate pairs, the likeliest first.

    Examples
    --------
    >>> a = Named("Brand:鲜辣@330822", "鲜辣", "Brand")
    >>> b = Named("Brand:鲜辣@330802", "鲜辣", "Brand")
    >>> [p.reason for p in duplicates([a, b])]
    ['同名，分属330822与330802']
    """
    found = (compare(a, b) for a, b in _blocked(entities))
    return sorted(
        (pair for pair in found if pair is not None),
        key=lambda p: (-p.score, p.one.id, p.other.id),
    )


def near(entity: Named, entities: Iterable[Named]) -> list[Pair]:
    """The pairs of one entity with the others."""
    found = (compare(entity, other) for other in entities if other.id != entity.id)
    return sorted((p for p in found if p), key=lambda p: (-p.score, p.other.id))


def apart(entity: Named, entities: Iterable[Named]) -> list[Pair]:
    """What shares a surface or the kind with an entity and is another thing by its place.

    Examples
    --------
    >>> path = "浙江省衢州市柯城区"
    >>> one = Named("Organization:甲", f"{path}教育局", "Organization", ("区教育局",), path)
    >>> path = "浙江省衢州市衢江区"
    >>> other = Named("Organization:乙", f"{path}教育局", "Organization", ("区教育局",), path)
    >>> [pair.reason for pair in apart(one, [other])]
    ['都写作“区教育局”，辖区不同']
    """
    found = []
    for other in entities:
        if other.type != entity.type or not entity.place or other.place in ("", entity.place):
            continue
        shared = {*entity.aliases, entity.name} & {*other.aliases, other.name}
        if shared:
            found.append(Pair(entity, other, f"都写作“{min(shared)}”，辖区不同", 0.5))
        elif entity.type == "Organization" and _stem(entity) == _stem(other):
            found.append(Pair(entity, other, "同类机构，辖区不同", 0.4))
    return sorted(found, key=lambda p: (-p.score, p.other.id))


def _stem(entity: Named) -> str:
    return entity.name.replace(entity.place, "")


def compare(a: Named, b: Named) -> Pair | None:
    """Why two entities may be one, or None if nothing suggests it."""
    for rule in (_same_name, _shared_surface, _same_reading, _short_form, _alike):
        if judged := rule(a, b):
            return Pair(a, b, *judged)
    return None


def _same_name(a: Named, b: Named) -> tuple[str, float] | None:
    if a.type != b.type:
        if name_key(a.name) == name_key(b.name) and len(a.name) > 2:
            return f"同名，类型不同（{a.type}与{b.type}）", 0.9
        return None
    if name_key(a.name) != name_key(b.name):
        return None
    if a.type == "Person":
        return f"同名同姓，分属{a.scope or '未知'}与{b.scope or '未知'}", 0.7
    if a.scope != b.scope:
        return f"同名，分属{a.scope or '各地'}与{b.scope or '各地'}", 0.8
    return "同名", 0.95


def _shared_surface(a: Named, b: Named) -> tuple[str, float] | None:
    """A surface both go by; short forms that every county uses (区政协) say nothing."""
    if a.type != b.type:
        return None
    shared = {s for s in {*a.aliases, a.name} & {*b.aliases, b.name} if len(s) > 3}
    shared = {s for s in shared if not re.match(r"^(?:[我本全]?[省市县区州镇乡村]|中共)", s)}
    if not shared or (a.path and b.path and a.path != b.path):
        return None
    return f"文中都写作“{min(shared)}”", 0.85


def _same_reading(a: Named, b: Named) -> tuple[str, float] | None:
    if a.type != b.type or not _comparable(a, b) or a.core == b.core:
        return None
    if len(a.core) != len(b.core) or len(a.core) < 2 or reading(a.core) != reading(b.core):
        return None
    return f"读音相同，用字不同：{a.core}与{b.core}", 0.8


_TOP = re.compile(r"^(?:政协|中共|共青团|中国共产党|中国人民政治协商会议)")
_CELL = re.compile(r"(?:党组|党支部|党总支|党委|支部委员会|机关|办公室|研究室)$")
_WHOLE = (
    "中共{}委员会",
    "政协{}委员会",
    "共青团{}委员会",
    "{}人民代表大会",
    "{}人民代表大会常务委员会",
)
"""Bodies whose name the rules compose: nothing else is one of them under another name."""


def _comparable(a: Named, b: Named) -> bool:
    """Bodies of two jurisdictions are two; a scope and none may be one.

    Neither may be a central organ or a committee as a whole, and a party cell or an office is
    never another kind of those.
    """
    if a.type == "Organization":
        if g.organ(a.name) or g.organ(b.name):
            return False
        if any(e.name == whole.format(e.place) for e in (a, b) for whole in _WHOLE):
            return False
        tops = [m.group() if (m := _TOP.match(e.name)) else "" for e in (a, b)]
        if tops[0] != tops[1] or (_CELL.search(a.core) and _CELL.search(b.core)):
            return False
    if any(_is_kind(e) for e in (a, b)):
        return bool(a.place) and a.place == b.place
    return a.place == b.place or not a.place or not b.place


def _is_kind(entity: Named) -> bool:
    """Whether nothing but the kind is left without the place: 派出所, 教育局, 博物馆."""
    if entity.type not in ("Organization", "Place"):
        return False
    short = (
        len(entity.core) <= 4 and entity.core[-1] in "局厅院所馆台处室会部队心办委站校学园店村路"
    )
    return short or is_known_body(entity.core)


def _short_form(a: Named, b: Named) -> tuple[str, float] | None:
    if a.type != b.type or a.type == "Person" or not _comparable(a, b):
        return None
    short, long = sorted((a, b), key=lambda e: len(e.core))
    if len(short.core) < 3 or short.core == long.core:
        return None
    if a.type == "Organization" and same_firm(short.name, long.name):
        return f"企业字号相同：{short.core}", 0.85
    if a.type == "Organization" and (short.name in long.name or _part_of(short, long)):
        return None  # 区政协 and 区政协机关党组: a body and its part
    inside = short.core in long.core or (
        is_subsequence(short.core, long.core)
        and short.core[0] == long.core[0]
        and short.core[-1] == long.core[-1]
    )
    if inside and len(short.core) * 3 >= len(long.core):
        return f"可能是简称：{short.core}与{long.core}", 0.6 + 0.2 * len(short.core) / len(
            long.core
        )
    return None


def _part_of(short: Named, long: Named) -> bool:
    return bool(re.search(r"(?:党组|党支部|党总支|办公室|委员会|分局|支行|分行)$", long.core)) and (
        long.core.startswith(short.core)
    )


def _alike(a: Named, b: Named) -> tuple[str, float] | None:
    from rapidfuzz import fuzz

    if a.type != b.type or a.type == "Person" or not _comparable(a, b):
        return None
    if min(len(a.core), len(b.core)) < 4 or _numbers(a.core) != _numbers(b.core):
        return None
    ratio = fuzz.ratio(a.core, b.core) / 100
    if ratio < SIMILAR:
        return None
    return f"名称主体相近（{ratio:.2f}）：{a.core}与{b.core}", 0.7 * ratio


def _numbers(text: str) -> list[str]:
    """第一小学 and 第二小学 differ in nothing but what counts."""
    return re.findall(r"[0-9]+|[一二三四五六七八九十]+(?=期|号|中|小|支|届|区|标|校)", text)


def _blocked(entities: Sequence[Named]) -> Iterable[tuple[Named, Named]]:
    """Pairs that share a name, a surface, a reading, or half of the shorter's character pairs."""
    whole: dict[tuple[str, ...], list[int]] = defaultdict(list)
    parts: dict[str, list[int]] = defaultdict(list)
    sizes = []
    for i, entity in enumerate(entities):
        core = entity.core
        keys = {("name", name_key(entity.name)), ("read", reading(core), entity.place)}
        keys |= {("said", alias) for alias in entity.aliases if len(alias) > 3}
        keys.add(("ends", core[:1] + core[-1:], entity.place))
        for key in keys:
            whole[key].append(i)
        pairs = {core[k : k + 2] for k in range(len(core) - 1)}
        sizes.append(len(pairs))
        for pair in pairs:
            parts[pair].append(i)
    found: set[tuple[int, int]] = set()
    for members in whole.values():
        if len(members) <= CROWD:
            found.update(combinations(members, 2))
    shared: Counter[tuple[int, int]] = Counter()
    for members in parts.values():
        if len(members) <= CROWD:
            shared.update(combinations(members, 2))
    found.update((i, j) for (i, j), count in shared.items() if 2 * count >= min(sizes[i], sizes[j]))
    return ((entities[i], entities[j]) for i, j in sorted(found))
