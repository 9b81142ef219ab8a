"""How long the named queries take on a graph of 100,000 entities and 500,000 relationships.

::

    python -m benchmarks.query [--scale 1.0] [--runs 40] [--stores embedded neo4j]

The graph is made of documents (2,000 of 30 sentences at scale 1) and loaded as real ones
are. Names are those of real divisions with invented bodies; a few entities are mentioned
very often, most once or twice, as in real collections. Every query whose parameters name
entities or documents is asked of other ones each time, half of them drawn by how often they
are mentioned (so the much-mentioned weigh in), half at random; the ten most mentioned are
also timed by themselves. Values are bound before the clock starts; `find` and the look-up of
an alias are timed as well. Prints a Markdown table: p50 and p95 in milliseconds, side by
side, and whether every neighbourhood stays under 100 ms at p95 on Neo4j.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cypher.find import find, lookup
from cypher.queries import NamedQuery, convert, library
from cypher.run import run
from extract.documents import Document, Header, Mention, Relation, Sentence
from graph.entities import Entity
from graph.store import Store, connect
from tests.servers import neo4j_server
from zhitu.errors import QueryError

DOCUMENTS = 2_000
SENTENCES = 30
POOLS = {
    "Organization": 35_000,
    "Project": 30_000,
    "Place": 15_000,
    "Brand": 10_000,
    "Person": 10_000,
}
"""Entities by type at scale 1: 100,000."""
TARGET = 100.0
"""Milliseconds that a neighbourhood may take at p95 on Neo4j."""
TIMEOUT = 60.0

_BODIES = (
    "人民政府 教育局 水利局 农业农村局 文化和旅游局 交通运输局 卫生健康局 科学技术局 人民医院 "
    "工商业联合会 民政局 财政局 审计局 体育局"
).split()
_WORKS = "水库 高速公路 抽水蓄能电站 产业园 污水处理厂 体育馆 老旧小区改造工程 数字乡村工程".split()
_BRANDS = "议事堂 连心桥 微心愿 直通车 会客厅 工作室 一件事 直播间".split()
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂文华建国志新海燕"


@dataclass
class Timing:
    """Milliseconds of one query on one store; `stopped` counts runs past the time limit."""

    milliseconds: list[float] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    stopped: int = 0

    def shown(self) -> str:
        """p50 / p95, or that it was stopped."""
        if not self.milliseconds:
            return f"> {TIMEOUT:.0f} s"
        low, high = percentile(self.milliseconds, 50), percentile(self.milliseconds, 95)
        return f"{low:,.1f} / {high:,.1f}" + (f" ({self.stopped} stopped)" if self.stopped else "")


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which `percent` of `values` lie.

    >>> percentile([1.0], 95), percentile(list(map(float, range(101))), 95)
    (1.0, 95.0)
    """
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def pools(scale: float, rng: random.Random) -> dict[str, list[Entity]]:
    """Make the entities of every type; the first of each will be mentioned most."""
    from extract import gazetteer

    divisions = [d for d in gazetteer.divisions() if d.level in ("county", "township")]
    rng.shuffle(divisions)
    counties = [d for d in divisions if d.level == "county"]
    made: dict[str, list[Entity]] = {}
    for label, size in POOLS.items():
        names: dict[str, Entity] = {}
        for i in range(max(50, round(size * scale))):
            county = counties[i % len(counties)]
            where = gazetteer.path(county)
            code, level, lng, lat = county.code, None, None, None
            if label == "Place":
                place = divisions[i % len(divisions)]
                name, level, code = gazetteer.path(place), place.level, place.code
                lng, lat = place.lng, place.lat
            elif label == "Organization":
                name = where + _BODIES[i // len(counties) % len(_BODIES)]
            elif label == "Project":
                name, code = (
                    county.name + "".join(rng.choices(_GIVEN, k=2)) + _pick(_WORKS, i),
                    None,
                )
            elif label == "Brand":
                name, code = "".join(rng.choices(_GIVEN, k=2)) + _pick(_BRANDS, i), None
            else:
                name, code = rng.choice(_FAMILY) + "".join(rng.choices(_GIVEN, k=2)), None
            while name in names:
                name += rng.choice("一二三四五六七八九")
            names[name] = Entity(
                f"{label}:{name}", name, label, code=code, level=level, lng=lng, lat=lat
            )
        made[label] = list(names.values())
    return made


def _pick(words: Sequence[str], i: int) -> str:
    return words[i % len(words)]


class Drawer:
    """Gives entities of a type: each once first, then the first ones most often."""

    def __init__(self, made: dict[str, list[Entity]], rng: random.Random) -> None:
        self.made = made
        self.rng = rng
        self.unseen = {label: list(reversed(entities)) for label, entities in made.items()}
        self.turn = 0

    def __call__(self, label: str) -> Entity:
        self.turn += 1
        if self.turn % 2 and self.unseen[label]:
            return self.unseen[label].pop()
        pool = self.made[label]
        return pool[int(len(pool) * self.rng.random() ** 3)]


# Of mentions 0 to 3 of a sentence: an organisation, a project, a place and one more.
_CLAIMS = {
    "Brand": ((0, "OPERATES", 3), (3, "LOCATED_IN", 2)),
    "Person": ((3, "HOLDS_POSITION", 0), (3, "VISITED", 2)),
    "Organization": ((0, "COOPERATES_WITH", 3), (1, "RECOGNISED_BY", 3)),
}
_ALWAYS = ((0, "IMPLEMENTS", 1), (1, "LOCATED_IN", 2))


def documents(scale: float, seed: int = 1) -> Iterator[Document]:
    """Make the documents of the graph, one after the other."""
    rng = random.Random(seed)
    draw = Drawer(pools(scale, rng), rng)
    for number in range(max(2, round(DOCUMENTS * scale))):
        yield _document(number, draw, rng)


def _document(number: int, draw: Drawer, rng: random.Random) -> Document:
    id_ = hashlib.sha256(f"bench {number}".encode()).hexdigest()[:16]
    issuer = draw("Organization")
    sentences, mentions, relations, entities = [], [], [], {issuer.id: issuer}
    position = 0
    for i in range(SENTENCES):
        further = rng.choice(list(_CLAIMS))
        things = [draw(label) for label in ("Organization", "Project", "Place", further)]
        status = "planned" if i > SENTENCES * 0.7 else "done"
        text, first = "", len(mentions)
        for thing, joint in zip(things, ("推进", "，落在", "，联合", "。"), strict=True):
            # Documents mostly call organisations by the end of their names.
            called = thing.name[-4:] if thing.type == "Organization" and i % 3 else thing.name
            mentions.append(
                Mention(
                    position + len(text), position + len(text) + len(called), called, thing.type,
                    i, len(text), 0.9, "model", thing.id,
                )
            )  # fmt: skip
            text += called + joint
            entities[thing.id] = thing
        for head, type_, tail in _ALWAYS + _CLAIMS[further]:
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
        id_, f"报告{number:05d}.txt", "", f"/bench/{number}", 
        Header(f"工作报告{number}", date=date),
        tuple(sentences), tuple(mentions), tuple(entities.values()), tuple(relations), (),
        issuer.id,
    )  # fmt: skip


def is_neighbourhood(query: NamedQuery) -> bool:
    """Say whether a query asks about given entities or documents, not the whole graph."""
    return any(p.required and p.kind in ("entity", "document") for p in query.parameters)


LABELS_FOR = {
    "posts-of": "Person",
    "visits-of": "Person",
    "brands-of-place": "Place",
    "operators-of": "Brand",
    "implementers-of": "Project",
    "honours-of": "Project",
    "located-in": "Project",
    "organisations-in-place": "Place",
    "places-within": "Place",
    "projects-in-place": "Place",
    "visitors-of": "Place",
}
"""Type of entity that a query is about where that is not an organisation."""

POPULAR = """
MATCH (e:Entity)-[:MENTIONED_IN]->(s:Sentence) WHERE $label IN labels(e)
RETURN e.name AS name, count(s) AS mentions ORDER BY mentions DESC, name LIMIT 20000
"""


class Sampler:
    """Draws names and documents for a query's parameters; the same for both stores."""

    def __init__(self, store: Store, seed: int = 7) -> None:
        self.rng = random.Random(seed)
        labels = {*LABELS_FOR.values(), "Organization"}
        self.popular = {
            label: store.read(POPULAR, {"label": label}).rows for label in sorted(labels)
        }
        self.documents = [row[0] for row in store.read("MATCH (d:Document) RETURN d.id AS id").rows]

    def values(self, query: NamedQuery, *, hub: int | None = None) -> dict[str, Any]:
        """Values for every parameter; with `hub`, the entity of that rank by mentions."""
        given = {}
        for parameter in query.parameters:
            if parameter.kind == "entity" and parameter.required:
                rows = self.popular[LABELS_FOR.get(query.name, "Organization")]
                given[parameter.name] = self._name(rows, hub)
                hub = None if hub is None else hub + 1
            elif parameter.kind == "document":
                given[parameter.name] = self.rng.choice(self.documents)
        return convert(query, given)

    def _name(self, rows: Sequence[tuple], hub: int | None) -> str:
        if hub is not None:
            return rows[hub % len(rows)][0]
        if self.rng.random() < 0.5:
            return self.rng.choices([r[0] for r in rows], [r[1] for r in rows])[0]
        return self.rng.choice(rows)[0]


def clock(work: Callable[[], Any], timing: Timing) -> None:
    """Run `work` once and note how long it took and how many rows it gave."""
    began = time.perf_counter()
    try:
        answer = work()
    except QueryError as error:
        if "stopped" not in str(error):
            raise
        timing.stopped += 1
        return
    timing.milliseconds.append(1000 * (time.perf_counter() - began))
    timing.rows.append(len(getattr(answer, "rows", answer)))


WARMING = 5
"""Runs that do not count: a server compiles a query at the first ones."""


def time_query(store: Store, query: NamedQuery, values: Sequence[dict[str, Any]]) -> Timing:
    """Time a query once for each set of values, after some runs that do not count."""
    timing = Timing()
    warm = Timing()
    clock(lambda: run(store, query.text, values[0], limit=1000, timeout=TIMEOUT), warm)
    if warm.stopped:
        return timing
    if warm.milliseconds[0] < 1000 * WARMING:
        for given in values[:WARMING]:
            clock(lambda given=given: run(store, query.text, given, limit=1000), warm)
    for given in values:
        clock(
            lambda given=given: run(store, query.text, given, limit=1000, timeout=TIMEOUT), timing
        )
    return timing


def searches(store: Store, sampler: Sampler, runs: int) -> dict[str, Timing]:
    """Time `find` and the look-up of names and aliases."""
    rng = random.Random(3)
    names = [rng.choice(sampler.popular["Organization"])[0] for _ in range(runs)]
    work = {
        "find, two characters": lambda name: find(store, name[-4:-2], timeout=TIMEOUT),
        "find, whole name": lambda name: find(store, name, timeout=TIMEOUT),
        "find, misspelt": lambda name: find(store, name[:-1] + "嗯", timeout=TIMEOUT),
        "look-up, canonical name": lambda name: lookup(store, name, timeout=TIMEOUT),
        "look-up, alias": lambda name: lookup(store, name[-4:], timeout=TIMEOUT),
    }
    timings = {what: Timing() for what in work}
    for what, search in work.items():
        search(names[0])
        for name in names:
            clock(lambda name=name, search=search: search(name), timings[what])
    return timings


@contextlib.contextmanager
def stores(kinds: Sequence[str]) -> Iterator[dict[str, Store]]:
    """Open the stores that are asked for, empty."""
    with contextlib.ExitStack() as stack:
        opened: dict[str, Store] = {}
        if "embedded" in kinds:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="zhitu-bench-"))
            opened["embedded"] = stack.enter_context(connect(f"file:{Path(folder) / 'graph.db'}"))
        if "neo4j" in kinds:
            uri = stack.enter_context(neo4j_server(memory="2g", pagecache="1g"))
            opened["neo4j"] = stack.enter_context(connect(uri))
            if opened["neo4j"].read("MATCH (n) RETURN n LIMIT 1").rows:
                raise SystemExit("NEO4J_URI names a database that is not empty: give another")
        yield opened


def _load(opened: dict[str, Store], scale: float) -> None:
    for kind, store in opened.items():
        began = time.perf_counter()
        store.load(documents(scale), version="bench")
        seconds = time.perf_counter() - began
        entities = store.read("MATCH (e:Entity) RETURN count(e) AS n").rows[0][0]
        ties = store.read("MATCH ()-[r]->() RETURN count(r) AS n").rows[0][0]
        print(f"{kind}: {entities:,} entities, {ties:,} relationships, loaded in {seconds:.0f} s")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 if a neighbourhood is too slow on Neo4j."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--scale", type=float, default=1.0, help="1: 100,000 entities")
    parser.add_argument("--runs", type=int, default=40, help="runs of each query")
    parser.add_argument("--stores", nargs="+", default=["embedded", "neo4j"])
    parser.add_argument("--only", nargs="*", default=[], help="names of queries")
    options = parser.parse_args(arguments)
    slow: list[str] = []
    with stores(options.stores) as opened:
        _load(opened, options.scale)
        sampler = Sampler(next(iter(opened.values())))
        kinds = list(opened)
        print("\np50 / p95 in milliseconds; *: a neighbourhood\n")
        headings = ["query", "rows", *kinds, *(f"{kind}, ten hubs" for kind in kinds)]
        print(f"| {' | '.join(headings)} |")
        print("|---" * (2 + 2 * len(kinds)) + "|")
        for query in library().values():
            if options.only and query.name not in options.only:
                continue
            near = is_neighbourhood(query)
            values = [sampler.values(query) for _ in range(options.runs if near else 3)]
            hubs = [sampler.values(query, hub=i) for i in range(10)]
            timings = [time_query(store, query, values) for store in opened.values()]
            tops = [
                time_query(store, query, hubs).shown() if near else "" for store in opened.values()
            ]
            for kind, timing in zip(kinds, timings, strict=True):
                if (
                    near
                    and kind == "neo4j"
                    and (timing.stopped or percentile(timing.milliseconds, 95) > TARGET)
                ):
                    slow.append(query.name)
            rows = f"{statistics.median(timings[-1].rows):.0f}" if timings[-1].rows else ""
            cells = [t.shown() for t in timings]
            mark = "*" if near else ""
            print(f"| {query.name}{mark} | {rows} | {' | '.join(cells + tops)} |", flush=True)
        if not options.only or "find" in options.only:
            results = [searches(store, sampler, options.runs) for store in opened.values()]
            for what in results[0]:
                cells = [result[what].shown() for result in results]
                print(f"| {what} | | {' | '.join(cells)} |{' |' * len(kinds)}", flush=True)
    if "neo4j" in options.stores:
        print(f"\nNeighbourhoods over {TARGET:.0f} ms at p95 on Neo4j: {', '.join(slow) or 'none'}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
