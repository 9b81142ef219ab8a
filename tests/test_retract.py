"""A graph from which documents were taken equals one that was never given them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, assume, given, settings

from graph.checksums import checksums, things
from graph.store import connect
from tests.builder import KECHENG, QUZHOU, TYPE_OF_SURFACE, document
from tests.conftest import empty as empty_uri
from tests.servers import ROOT

SURFACES = sorted(TYPE_OF_SURFACE)
CLAIMS = [
    ("区政协", "IMPLEMENTS", "寺桥水库"),
    ("政协柯城区委员会", "IMPLEMENTS", "寺桥水库"),
    (None, "OPERATES", "民生议事堂"),
    ("张三", "HOLDS_POSITION", "区政协"),
    ("区政协", "COOPERATES_WITH", "市教育局"),
    ("市教育局", "COOPERATES_WITH", "区政协"),
    ("衢州", "IMPLEMENTS", "寺桥水库"),
    ("市教育局", "LOCATED_IN", "柯城"),
]

sentences = st.lists(st.sampled_from(SURFACES), min_size=0, max_size=4).map("与".join)


@st.composite
def documents(draw):
    """A document that shares its few entities with every other, in ways of its own."""
    return document(
        draw(st.lists(sentences, max_size=4)),
        relations=draw(st.lists(st.sampled_from(CLAIMS), max_size=4, unique=True)),
        issuer=draw(st.sampled_from([None, "区政协", "市教育局"])),
        title=draw(st.sampled_from([None, "主席"])),
    )


@st.composite
def plans(draw):
    """Some documents, the order in which they come, and the order in which some go."""
    given_ = draw(st.lists(documents(), max_size=4, unique_by=lambda one: one.id))
    kept = draw(st.sets(st.sampled_from(given_))) if given_ else set()
    return (
        draw(st.permutations(given_)),
        draw(st.permutations([one for one in given_ if one not in kept])),
        draw(st.permutations(sorted(kept, key=lambda one: one.id))),
    )


def whole(store):
    """Everything in the store, in an order of its own; nothing outside the model."""
    listed = sorted((kind, json.dumps(thing, sort_keys=True)) for kind, thing in things(store))
    nodes = sum(1 for kind, _ in listed if kind[0].isupper() and not kind.isupper())
    assert store.read("MATCH (n) RETURN count(n)").rows == [(nodes,)]
    assert store.read("MATCH ()-[r]->() RETURN count(r)").rows == [(len(listed) - nodes,)]
    return listed


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def shared(request, tmp_path_factory):
    """One store for all examples; each starts by emptying it."""
    if request.param == "embedded":
        uri = f"file:{tmp_path_factory.mktemp('retract') / 'zhitu.db'}"
    else:
        uri = request.getfixturevalue("neo4j_uri")
    with connect(uri) as store:
        yield store


def empty(store):
    store.write("MATCH (n) DETACH DELETE n")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=plans())
def test_removing_equals_never_having_had(shared, plan):
    came, went, kept = plan
    empty(shared)
    shared.load(kept, version="1")
    expected = whole(shared)
    empty(shared)

    shared.load(came, version="1")
    report = shared.remove([one.id for one in went])

    assert report.removed == tuple(one.id for one in went)
    assert whole(shared) == expected


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=documents(), second=documents(), other=documents())
def test_replacing_equals_having_had_the_new_one_alone(shared, first, second, other):
    # The same text extracted differently would have another version.
    assume(len({first.id, second.id, other.id}) == 3)
    first, second = (replace(one, source="/docs/a.txt") for one in (first, second))
    empty(shared)
    shared.load([other, second], version="1")
    expected = whole(shared)
    empty(shared)

    shared.load([first, other], version="1")
    shared.load([second], version="1")

    assert whole(shared) == expected


def test_what_others_support_stays(store):
    store.load([KECHENG, QUZHOU], version="1")

    report = store.remove([KECHENG.id, "no such document"])

    assert report.removed == (KECHENG.id,)
    assert report.unknown == ("no such document",)
    # 柯城区, 区政协, 民生议事堂 and 张三 go; 衢州市, its province, bureau and project stay.
    assert report.entities == 4
    names = [row[0] for row in store.read("MATCH (e:Entity) RETURN e.name ORDER BY e.id").rows]
    assert names == ["浙江省衢州市教育局", "浙江省", "浙江省衢州市", "寺桥水库"]


def test_removing_everything_leaves_nothing(store):
    store.load([KECHENG, QUZHOU], version="1")

    store.remove([QUZHOU.id, KECHENG.id])

    assert whole(store) == []


def test_two_builds_at_once_end_in_the_same_graph(store, store_uri):
    reports = [
        document(
            [f"区政协走进寺桥水库，张三说{number}。", "市教育局与政协柯城区委员会在衢州。"],
            relations=CLAIMS,
            issuer=["区政协", "市教育局"][number % 2],
        )
        for number in range(30)
    ]
    store.load(reports, version="1")
    expected = checksums(store)
    empty(store)
    failures: list[BaseException] = []

    def build(part):
        try:
            with connect(store_uri) as mine:
                for one in part:
                    mine.load([one], version="1")
        except BaseException as error:
            failures.append(error)

    # Both have ten documents in common, and come to them in different orders.
    parts = [reports[:20], reports[:9:-1]]
    threads = [threading.Thread(target=build, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert checksums(store) == expected
    assert len(whole(store)) == sum(one.count for one in expected.values())


def test_loading_and_removing_at_once(store, store_uri):
    pairs = [
        (document([f"张三到衢州{n}。"], issuer=None), document([f"张三到柯城{n}。"], issuer=None))
        for n in range(15)
    ]
    store.load([old for old, _ in pairs], version="1")
    failures: list[BaseException] = []

    def remove():
        try:
            with connect(store_uri) as mine:
                for old, _ in pairs:
                    mine.remove([old.id])
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=remove)
    thread.start()
    for _, new in pairs:
        store.load([new], version="1")
    thread.join()
    found = whole(store)
    empty(store)
    store.load([new for _, new in pairs], version="1")

    assert failures == []
    assert found == whole(store)


def test_two_build_processes_at_once_end_in_the_same_graph(neo4j_uri, embedded_uri, tmp_path):
    empty_uri(neo4j_uri)
    files = []
    for number in range(12):
        file = tmp_path / f"{number}.txt"
        file.write_text(
            "政协衢州市柯城区委员会工作报告\n2024年1月5日\n主席 王小明\n\n"
            f"区政协组织委员{number}次走进寺桥水库，深化“民生议事堂”品牌。"
            f"县教育局与衢州学院共建“同心{number}号”平台。\n",
            encoding="utf-8",
        )
        files.append(str(file))

    def build(uri, part):
        command = [sys.executable, "-m", "zhitu", "build", *part, "--store", uri]
        return subprocess.Popen(
            command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    # One after the other, on the embedded store; at once, with eight in common, on Neo4j.
    alone = [build(embedded_uri, files)]
    assert alone[0].communicate()[1] and alone[0].returncode == 0
    both = [build(neo4j_uri, files[:10]), build(neo4j_uri, files[:1:-1])]
    said = [process.communicate()[1] for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    with connect(neo4j_uri) as store, connect(embedded_uri) as one_by_one:
        assert len(store.manifest()) == 12
        assert checksums(store) == checksums(one_by_one)
