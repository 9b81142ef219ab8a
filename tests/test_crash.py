"""A build that is killed leaves whole documents only, and is continued by the next."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph.checksums import checksums
from graph.store import connect
from tests.builder import document
from tests.servers import ROOT

CLAIMS = (
    ("区政协", "IMPLEMENTS", "寺桥水库"),
    (None, "OPERATES", "民生议事堂"),
    ("区政协", "COOPERATES_WITH", "市教育局"),
)
LOAD = """
import sys
from graph.store import connect
from tests.test_crash import reports
with connect(sys.argv[1]) as store:
    print("open", flush=True)
    store.load(reports(), version="1", progress=lambda done: print(done.id, flush=True))
"""


def reports():
    """Documents large enough that a kill falls into the middle of a transaction."""
    for number in range(14):
        yield document(
            [
                f"区政协第{number}次走进寺桥水库{line}，与市教育局共建民生议事堂，张三在衢州。"
                for line in range(250)
            ],
            relations=CLAIMS,
            source=f"/docs/{number}.txt",
        )


def killed_load(uri: str, delay: float) -> list[str]:
    """Load in a process of its own and kill it `delay` seconds after the first documents.

    Returns the ids that it reported as safe.
    """
    loader = subprocess.Popen(
        [sys.executable, "-c", LOAD, uri], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert loader.stdout.readline() == "open\n"
    time.sleep(delay)
    loader.send_signal(signal.SIGKILL)
    safe = loader.stdout.read().split()
    assert loader.wait() == -signal.SIGKILL, "it was done before it could be killed"
    return safe


def test_killed_build_leaves_whole_documents(store_uri, tmp_path):
    chance = random.Random(7)
    delays = [chance.uniform(0.05, 0.4) for _ in range(2)]
    with connect(f"file:{tmp_path / 'whole.db'}") as whole:
        for delay in delays:
            safe = killed_load(store_uri, delay)

            with connect(store_uri) as store:
                there = set(store.manifest())
                assert set(safe) <= there
                whole.load((one for one in reports() if one.id in there), version="1")
                assert checksums(store) == checksums(whole)

        with connect(store_uri) as store:
            report = store.load(reports(), version="1")
            whole.load(reports(), version="1")
            assert set(report.unchanged) == there
            assert len(store.manifest()) == 14
            assert checksums(store) == checksums(whole)


def test_killed_removal_leaves_whole_documents(store_uri, tmp_path):
    ids = [one.id for one in reports()]
    with connect(store_uri) as store:
        store.load(reports(), version="1")
    remover = subprocess.Popen(
        [sys.executable, "-m", "zhitu", "remove", *ids, "--store", store_uri],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    if store_uri.startswith("file:"):
        # The one that removes is to hold the database, so that it dies with it.
        endpoint = Path(store_uri.removeprefix("file:")) / "zhitu.endpoint"
        wait_until(endpoint.exists, remover)
    with connect(store_uri) as watcher:
        wait_until(lambda: len(watcher.manifest()) < len(ids), remover)
        remover.kill()
        assert remover.wait() == -signal.SIGKILL

    with connect(store_uri) as store, connect(f"file:{tmp_path / 'whole.db'}") as whole:
        there = set(store.manifest())
        assert 0 < len(there) < len(ids), "it was not killed while it removed"
        whole.load((one for one in reports() if one.id in there), version="1")
        assert checksums(store) == checksums(whole)
        assert store.remove(ids).removed == tuple(id_ for id_ in ids if id_ in there)
        assert store.read("MATCH (n) RETURN count(n)").rows == [(0,)]


def wait_until(true, process):
    """Wait for `true()`, while `process` runs."""
    while not true():
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.005)


@pytest.mark.parametrize("size", [3_500_000])  # 10 MB
def test_hostile_content_is_kept_as_it_is(store, size):
    hostile = [
        "'}) DETACH DELETE n //",
        '"); MATCH (n) DELETE n; --',
        "`x` {id: $id} \\' \\\\ \\u0027",
        "名字\u0000带\u0001控\u001b制\u007f符\u0085",
        "𠮷野家𓀀👨‍👩‍👧‍👦 e\u0301 \u202e反\u202c \ufeff",
        "\t tab\vnewline\r\nhere\u2028there",
        "<script>alert('1')</script>&amp;",
        "；|\x1f,\"quoted\"",
    ]  # fmt: skip
    hostile.append("汉" * size + "末尾")
    one = document(hostile, surfaces=[*hostile[:-1], "末尾"], issuer=None, name="'`\u0000\".txt")

    store.load([one], version="'; DROP")

    texts = store.read("MATCH (s:Sentence) RETURN s.text ORDER BY s.number").rows
    assert [row[0] for row in texts] == hostile
    names = {row[0] for row in store.read("MATCH (p:Project) RETURN p.name").rows}
    assert names == {*hostile[:-1], "末尾"}
    for name in names:
        found = store.read("MATCH (p:Entity {name: $name}) RETURN p.id", {"name": name}).rows
        assert found == [(f"Project:{name}",)]
    ((begin, end, text),) = store.read(
        "MATCH (:Entity {name: '末尾'})-[m:MENTIONED_IN]->() RETURN m.start, m.end, m.text"
    ).rows
    assert one.text[begin:end] == text == "末尾"
    assert store.manifest()[one.id].name == "'`\u0000\".txt"
    assert store.remove([one.id]).removed == (one.id,)
    assert store.read("MATCH (n) RETURN count(n)").rows == [(0,)]
