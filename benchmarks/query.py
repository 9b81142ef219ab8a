"""How long the named queries take on a graph of 100,000 entities and 500,000 relationships.

::

    python -m benchmarks.query [--scale 1.0] [--runs 40] [--stores embedded neo4j]

The graph is that of `benchmarks.collection`, loaded as real documents are. Every query whose
parameters name entities or documents (a neighbourhood) is asked of other ones each time, with
the library's row limit of 1,000: half of the names drawn by how often they are mentioned, half
at random. A province is no neighbourhood (thousands of bodies and projects lie within it), so
queries about a place draw cities, counties, towns and villages; the ten most mentioned things
of each type, the provinces among them, are timed by themselves. Queries over the whole graph
run three times with their defaults. A query that takes long runs fewer times: `BUDGET`.
Values are bound before the clock starts; `find` and the look-up of names are timed as well.
Prints a Markdown table: rows (median, most), p50 and p95 in milliseconds, side by side, and
whether every neighbourhood stays under 100 ms at p95 on Neo4j.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.collection import documents
from cypher.find import find, lookup
from cypher.queries import NamedQuery, convert, library
from cypher.run import run
from graph.store import Store, connect
from tests.servers import neo4j_server
from zhitu.errors import QueryError

TARGET = 100.0
"""Milliseconds that a neighbourhood may take at p95 on Neo4j."""
TIMEOUT = 60.0
BUDGET = 15.0
"""Seconds after which a query is not asked again."""


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
RETURN e.name AS name, count(s) AS mentions, e.level AS level
ORDER BY mentions DESC, name LIMIT 20000
"""


ALIASES = """
MATCH (e:Organization) UNWIND e.aliases AS alias RETURN DISTINCT alias ORDER BY alias LIMIT 20000
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
        rows = [row for row in rows if row[2] != "province"]
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


WARMING = 10
"""Runs that do not count: a server compiles a query at the first ones."""


def time_query(store: Store, query: NamedQuery, values: Sequence[dict[str, Any]]) -> Timing:
    """Time a query once for each set of values, after some runs that do not count."""
    timing = Timing()
    for counted, some in ((Timing(), values[:WARMING]), (timing, values)):
        began = time.perf_counter()
        for given in some:
            clock(
                lambda given=given: run(store, query.text, given, limit=1000, timeout=TIMEOUT),
                counted,
            )
            if time.perf_counter() - began > BUDGET:
                break
    return timing


def searches(store: Store, sampler: Sampler, runs: int) -> dict[str, Timing]:
    """Time `find` and the look-up of names and aliases."""
    rng = random.Random(3)
    names = [rng.choice(sampler.popular["Organization"])[0] for _ in range(runs)]
    rows = store.read(ALIASES).rows
    aliases = dict(zip(names, [rng.choice(rows)[0] for _ in names], strict=True))
    work = {
        "find, two characters": lambda name: find(store, name[-4:-2], timeout=TIMEOUT),
        "find, whole name": lambda name: find(store, name, timeout=TIMEOUT),
        "find, misspelt": lambda name: find(store, name[:-1] + "嗯", timeout=TIMEOUT),
        "look-up, canonical name": lambda name: lookup(store, name, timeout=TIMEOUT),
        "look-up, alias": lambda name: lookup(store, aliases[name], timeout=TIMEOUT),
    }
    timings = {what: Timing() for what in work}
    for what, search in work.items():
        for name in names[:WARMING]:
            search(name)
        began = time.perf_counter()
        for name in names:
            if time.perf_counter() - began > BUDGET:
                break
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
            got = timings[-1].rows
            rows = f"{statistics.median(got):.0f}, {max(got)}" if got else ""
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
