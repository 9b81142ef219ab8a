"""How fast graphs are loaded: Zhitu beside its peers, the floor, and the embedded store.

::

    python -m benchmarks.load [--relationships 300000] [--share 1] [--rounds 1] [--only NAME ...]

The reports are extracted once (``--documents``; kept under ``build/``) and multiplied until
there are enough relationships: between entities, and with provenance of all types. Each copy
has entities of its own, or, with ``--share 5``, five copies draw their relations between the
same entities, as in a collection of documents that name the same things. All contestants
without provenance get the same nodes and relationships, with the same properties, on one warm
server, each in a process of its own:

- ``floor``: ``UNWIND ... CREATE`` of the rows through the driver, batches of 5,000;
- ``zhitu``: Zhitu's loader, entities and relations only, as the peers get them;
- ``neo4j-graphrag``: ``Neo4jWriter.run`` on the whole graph, its own batches of 1,000;
- ``langchain-neo4j``: ``add_graph_documents(baseEntityLabel=True)``, as its documentation
  recommends for speed, a graph document for each document, as its transformer makes them;
- ``langchain-neo4j-regrouped``: the same in graph documents of 5,000 nodes and relationships,
  which somebody who knows its statements might make;
- ``zhitu-provenance``: ``store.load`` of the documents, with sentences, mentions, evidence
  and manifest;
- ``embedded`` and ``embedded-provenance``: the same two into the embedded store.

The peers keep one relationship per head, type and tail, so the rows without provenance hold
each once. All use the driver's encoding in Rust, where it is installed. A row is a node or a
relationship. Every contestant first loads 200,000 rows and deletes them (only then has the
server compiled all that matters); afterwards the nodes and relationships in the database are
counted and must be as many as were given. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import harmonic_mean
from typing import Any

from benchmarks.load_corpus import REPORTS, ROOT, Corpus, load_documents, rows_of
from graph.load import write_entities, write_relations
from graph.ontology import LABELS
from graph.rows import Row, Rows, make_rows
from graph.store import connect
from graph.store_bolt import BoltStore
from tests.servers import neo4j_server

BATCH = 5_000
GROUP = 10_000
"""Rows that share a transaction of Zhitu's loader, as in `graph.load`."""

WARM_UP = 400_000
"""Rows that each contestant loads before it is measured: a cold server is three times slower."""

PEERS = ("neo4j-graphrag", "langchain-neo4j", "langchain-neo4j-regrouped")
ON_NEO4J = ("floor", "zhitu", *PEERS, "zhitu-provenance")
EMBEDDED = ("embedded", "embedded-provenance")


@dataclass(frozen=True)
class Figures:
    """One contestant's measurements; memory in MB, at its peak and without the input."""

    name: str
    seconds: float
    nodes: int
    relationships: int
    round_trips: int
    memory: int

    @property
    def rate(self) -> float:
        """Rows a second."""
        return (self.nodes + self.relationships) / self.seconds


def main() -> None:
    """Run all contestants and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=Path, default=REPORTS)
    parser.add_argument("--relationships", type=int, default=300_000)
    parser.add_argument("--share", type=int, default=1, help="copies between the same entities")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=ON_NEO4J + EMBEDDED)
    parser.add_argument("--contestant", help=argparse.SUPPRESS)
    parser.add_argument("--copies", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--uri", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.contestant:
        corpus = Corpus(load_documents(given.documents), given.copies, given.share)
        figures = measure(given.contestant, given.uri, corpus)
        print(json.dumps(figures.__dict__))
        return
    documents = load_documents(given.documents)
    wanted = given.only or ON_NEO4J + EMBEDDED
    copies = {
        name: -(-given.relationships // expected_size(name, Corpus(documents, 1))[1])
        for name in wanted
    }
    print(
        f"{len(documents)} documents times {max(copies.values())}, with provenance fewer, "
        f"{given.share} between the same entities; "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n"
    )
    found: list[Figures] = []
    with neo4j_server(apoc=True, memory="3g", pagecache="1g") as uri:
        on_neo4j = [name for name in ON_NEO4J if name in wanted]
        for number in range(given.rounds):
            # Whoever comes first finds the server colder: let it be another each round.
            for name in on_neo4j[number:] + on_neo4j[:number]:
                found.append(run_apart(name, uri, copies[name], given))
                print(line(found[-1]), file=sys.stderr, flush=True)
    for name in [name for name in EMBEDDED if name in wanted]:
        with tempfile.TemporaryDirectory() as folder:
            found.append(run_apart(name, f"file:{folder}/zhitu.db", copies[name], given))
            print(line(found[-1]), file=sys.stderr, flush=True)
    print(table(found))


def run_apart(name: str, uri: str, copies: int, given: argparse.Namespace) -> Figures:
    """Measure one contestant in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.load", "--contestant", name, "--uri", uri]
    command += ["--copies", str(copies), "--share", str(given.share)]
    command += ["--documents", str(given.documents)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Figures(**json.loads(done.stdout.splitlines()[-1]))


def measure(name: str, uri: str, corpus: Corpus) -> Figures:
    """Load with one contestant, after a warm-up, and count what came of it."""
    with connect(uri) as store:
        store.prepare()
        warm = -(-WARM_UP // sum(expected_size(name, replace(corpus, copies=1, share=1))))
        prepare(name, store, uri, replace(corpus, copies=warm, first=10_000))()
        wipe(store)
    with connect(uri) as store:
        store.prepare()
        load = prepare(name, store, uri, corpus)
        with counted_round_trips() as trips:
            before = memory()
            began = time.perf_counter()
            load()
            seconds = time.perf_counter() - began
            after = memory()
        nodes, relationships = size(store)
        if (nodes, relationships) != (expected := expected_size(name, corpus)):
            raise SystemExit(f"{name}: {nodes, relationships} in the database, not {expected}")
        wipe(store)
    return Figures(name, seconds, nodes, relationships, trips[0], after - before)


def prepare(name: str, store: BoltStore, uri: str, corpus: Corpus) -> Callable[[], None]:
    """Bring the input into the form that a contestant takes; returns its loading."""
    if name.endswith("-provenance"):
        return lambda: store.load(corpus, version="1") and None
    rows = rows_of(corpus)
    if name == "floor":
        return lambda: load_floor(store, rows)
    if name in ("zhitu", "embedded"):
        return lambda: load_zhitu(store, rows)
    driver = store.backend.writer
    if name == "neo4j-graphrag":
        return graphrag(driver, rows)
    return langchain(uri, rows, regrouped=name.endswith("regrouped"))


def load_floor(store: BoltStore, rows: Rows) -> None:
    """Create everything in batches, each in its own transaction."""

    def write(statement: str, batch: list[Row]) -> None:
        session.execute_write(lambda tx: tx.run(statement, rows=batch).consume())

    with store.backend.writer.session() as session:
        for label, of_label in rows.entities.items():
            for batch in batches(list(of_label.values())):
                write(f"UNWIND $rows AS row CREATE (e:Entity:{label}) SET e = row", batch)
        for type_, relations in rows.relations.items():
            statement = (
                "UNWIND $rows AS row MATCH (h:Entity {id: row.head}) "
                f"MATCH (t:Entity {{id: row.tail}}) CREATE (h)-[r:{type_}]->(t) "
                "SET r = row.properties"
            )
            for batch in batches(relations):
                write(statement, batch)


def load_zhitu(store: BoltStore, rows: Rows) -> None:
    """Write with Zhitu's loader; entities first, then relations."""
    for label in LABELS:
        for batch in batches(list(rows.entities.get(label, {}).values()), GROUP):
            store.transact(
                lambda tx, label=label, batch=batch: (
                    write_entities(tx, label, batch, store.backend) and None
                )
            )
    for type_, relations in rows.relations.items():
        for batch in batches(relations, GROUP):
            store.transact(lambda tx, type_=type_, batch=batch: write_relations(tx, {type_: batch}))


def graphrag(driver: Any, rows: Rows) -> Callable[[], None]:
    """neo4j-graphrag's writer with its defaults."""
    from neo4j_graphrag.components.kg_writer import Neo4jWriter
    from neo4j_graphrag.components.types import Neo4jGraph, Neo4jNode, Neo4jRelationship

    graph = Neo4jGraph(
        nodes=[
            Neo4jNode(id=row["id"], label=label, properties=row)
            for label, of_label in rows.entities.items()
            for row in of_label.values()
        ],
        relationships=[
            Neo4jRelationship(
                start_node_id=row["head"],
                end_node_id=row["tail"],
                type=type_,
                properties=row["properties"],
            )
            for type_, relations in rows.relations.items()
            for row in relations
        ],
    )

    def load() -> None:
        outcome = asyncio.run(Neo4jWriter(driver).run(graph))
        if outcome.status != "SUCCESS":
            raise SystemExit(f"neo4j-graphrag: {outcome.metadata}")

    return load


def langchain(uri: str, rows: Rows, *, regrouped: bool) -> Callable[[], None]:
    """langchain-neo4j's graph with the label that its documentation says is faster."""
    from urllib.parse import unquote, urlsplit

    from langchain_neo4j import Neo4jGraph
    from langchain_neo4j.graphs.graph_document import GraphDocument, Node, Relationship

    parts = urlsplit(uri)
    graph = Neo4jGraph(
        url=f"{parts.scheme}://{parts.hostname}:{parts.port}",
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        refresh_schema=False,
    )
    nodes = {
        id_: Node(id=id_, type=label, properties=row)
        for label, of_label in rows.entities.items()
        for id_, row in of_label.items()
    }
    by_document: dict[tuple[str, str, str], list[Relationship]] = {}
    for type_, relations in rows.relations.items():
        for row in relations:
            # The copy of a document is told by the sets of entities that it draws between.
            head, tail = (row[end].rpartition("·")[2] for end in ("head", "tail"))
            key = (row["properties"]["document"], head, tail)
            by_document.setdefault(key, []).append(
                Relationship(
                    source=nodes[row["head"]],
                    target=nodes[row["tail"]],
                    type=type_,
                    properties=row["properties"],
                )
            )
    if regrouped:
        relationships = [each for members in by_document.values() for each in members]
        documents = [
            GraphDocument(nodes=batch, relationships=[]) for batch in batches(list(nodes.values()))
        ]
        documents += [
            GraphDocument(nodes=[], relationships=batch) for batch in batches(relationships)
        ]
    else:
        documents = []
        for members in by_document.values():
            ends = {end.id: end for each in members for end in (each.source, each.target)}
            documents.append(GraphDocument(nodes=list(ends.values()), relationships=members))
    return lambda: graph.add_graph_documents(documents, baseEntityLabel=True)


def size(store: BoltStore) -> tuple[int, int]:
    """Nodes and relationships in the database."""
    nodes = store.read("MATCH (n) RETURN count(n)").rows[0][0]
    return nodes, store.read("MATCH ()-[r]->() RETURN count(r)").rows[0][0]


def expected_size(name: str, corpus: Corpus) -> tuple[int, int]:
    """What the database must hold afterwards: nodes and relationships."""
    if not name.endswith("-provenance"):
        rows = rows_of(corpus)
        relations = sum(len(of_type) for of_type in rows.relations.values())
        return sum(map(len, rows.entities.values())), relations
    rows = make_rows(corpus, "1")
    nodes = sum(map(len, rows.entities.values())) + len(rows.documents) + len(rows.sentences)
    return nodes, rows.relationships


def wipe(store: BoltStore) -> None:
    """Delete everything, constraints and indexes too, so that nobody profits or suffers."""
    while store.write("MATCH (n) WITH n LIMIT 20000 DETACH DELETE n RETURN count(n) AS n").rows[0][
        0
    ]:
        pass
    if store.name.startswith("file:"):
        return
    with store.backend.writer.session() as session:
        for name in session.run("SHOW CONSTRAINTS YIELD name").value():
            session.run(f"DROP CONSTRAINT `{name}`").consume()
        for name in session.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'").value():
            session.run(f"DROP INDEX `{name}`").consume()


class counted_round_trips:
    """Count how often the driver sends something and waits: its private `send_all`."""

    def __enter__(self) -> list[int]:
        from neo4j._sync.io._bolt._base import Bolt

        self.bolt, self.original = Bolt, Bolt.send_all
        counter = [0]

        def send_all(bolt: Any) -> None:
            counter[0] += 1
            self.original(bolt)

        Bolt.send_all = send_all
        return counter

    def __exit__(self, *exception: object) -> None:
        self.bolt.send_all = self.original


def memory() -> int:
    """Peak memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def batches(rows: list[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """Cut rows into batches."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def line(figures: Figures) -> str:
    """One contestant as a row of the table."""
    return (
        f"| {figures.name} | {figures.nodes:,} | {figures.relationships:,} "
        f"| {figures.seconds:.1f} | {figures.rate:,.0f} | {figures.round_trips:,} "
        f"| {figures.memory:,} |"
    )


def table(found: list[Figures]) -> str:
    """All contestants, and how Zhitu stands to them, all rounds together."""
    lines = [
        "| contestant | nodes | relationships | seconds | rows/s | round trips | MB added |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *map(line, found),
        "",
    ]
    rates: dict[str, list[float]] = {}
    for one in found:
        rates.setdefault(one.name, []).append(one.rate)
    # All take the same number of rounds: the mean time for a row.
    rate = {name: harmonic_mean(of_name) for name, of_name in rates.items()}
    for ours in ("zhitu", "zhitu-provenance"):
        for peer in PEERS:
            if ours in rate and peer in rate:
                lines.append(f"{ours}: {rate[ours] / rate[peer]:.2f} times {peer}")
    if {"zhitu", "floor"} <= rate.keys():
        lines.append(f"zhitu: {rate['zhitu'] / rate['floor']:.2f} of the floor")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
