"""The contract of the store, on both ends; and the errors of each."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import neo4j.graph
import pytest

from graph.store import connect
from tests.builder import KECHENG, QUZHOU, document
from tests.servers import ROOT, authority, have_tls
from zhitu.errors import (
    QueryError,
    StoreAuthError,
    StoreError,
    StoreUnavailable,
    UsageError,
    WriteRefused,
)

LABELS = "MATCH (n) UNWIND labels(n) AS label RETURN label, count(*) ORDER BY label"
TYPES = "MATCH ()-[r]->() RETURN type(r) AS type, count(*) ORDER BY type"


def test_load_writes_the_whole_document(store):
    report = store.load([KECHENG, QUZHOU], version="1")

    assert report.loaded == (KECHENG.id, QUZHOU.id)
    assert dict(store.read(LABELS).rows) == {
        "Brand": 1,
        "Document": 2,
        "Entity": 8,
        "Organization": 2,
        "Person": 1,
        "Place": 3,
        "Project": 1,
        "Sentence": 5,
    }
    # 区政协 twice over 寺桥水库 is one relationship; 柯城 → 衢州 → 浙江省 are links.
    assert dict(store.read(TYPES).rows) == {
        "IMPLEMENTS": 3,
        "IN_DOCUMENT": 5,
        "ISSUED_BY": 2,
        "LOCATED_IN": 4,
        "MENTIONED_IN": 14,
        "OPERATES": 1,
    }
    assert report.nodes == 15
    assert report.relationships == 29


def test_relationship_carries_its_evidence(store):
    store.load([KECHENG], version="1")

    (row,) = store.read(
        "MATCH (h:Organization)-[r:IMPLEMENTS]->(t:Project {name: $name}) RETURN h, r, t",
        {"name": "寺桥水库"},
    ).rows
    head, relation, tail = row

    assert isinstance(relation, neo4j.graph.Relationship)
    assert relation.type == "IMPLEMENTS"
    assert head.labels == {"Entity", "Organization"}
    assert head["aliases"] == ["区政协", "政协柯城区委员会"]
    assert dict(relation) == {
        "document": KECHENG.id,
        "source": "text",
        "sentences": [KECHENG.sentences[0].id, KECHENG.sentences[2].id],
        "evidence": KECHENG.sentences[2].text,
        "confidence": 0.502,
        "rule": "test",
    }
    assert tail["id"] == "Project:寺桥水库"


def test_mention_leads_to_the_characters(store):
    store.load([KECHENG], version="1")

    (row,) = store.read(
        "MATCH (:Person {name: '张三'})-[m:MENTIONED_IN]->(s:Sentence)"
        "-[:IN_DOCUMENT]->(d:Document)-[:ISSUED_BY]->(o:Organization) "
        "RETURN m, s, d, o.name"
    ).rows
    mention, sentence, found, issuer = row

    assert KECHENG.text[mention["start"] : mention["end"]] == mention["text"] == "张三"
    begin = mention["begin"]
    assert sentence["text"][begin : begin + 2] == "张三"
    assert (found["name"], found["version"], found["code"]) == ("柯城.txt", "1", "330802")
    assert issuer == "政协浙江省衢州市柯城区委员会"


def test_second_load_changes_nothing(store):
    store.load([KECHENG, QUZHOU], version="1")
    before = store.read(LABELS), store.read(TYPES)

    report = store.load([KECHENG, QUZHOU], version="1")

    assert report.loaded == ()
    assert report.unchanged == tuple(sorted((KECHENG.id, QUZHOU.id)))
    assert (report.nodes, report.relationships) == (0, 0)
    assert (store.read(LABELS), store.read(TYPES)) == before


def test_changed_text_at_the_same_source_replaces(store):
    store.load([KECHENG], version="1")
    changed = document(["衢州一片繁荣。"], issuer="市教育局", source=KECHENG.source)

    report = store.load([changed], version="1")

    assert report.replaced == (KECHENG.id,)
    assert list(store.manifest()) == [changed.id]
    names = [row[0] for row in store.read("MATCH (e:Entity) RETURN e.name ORDER BY e.name").rows]
    assert names == ["浙江省", "浙江省衢州市", "浙江省衢州市教育局"]


def test_same_text_at_another_source_stays_one_document(store):
    store.load([KECHENG], version="1")

    report = store.load([replace(KECHENG, source="/elsewhere.txt")], version="1")

    assert report.unchanged == (KECHENG.id,)
    assert store.manifest()[KECHENG.id].source == "/docs/柯城.txt"


@pytest.mark.parametrize("last", [0, 1])
def test_a_text_that_moved_stays_when_its_old_file_says_something_else(store, last):
    """Both come so quickly that they share a transaction; in either order nothing is lost."""
    store.load([KECHENG], version="1")
    changed = document(["衢州一片繁荣。"], issuer="市教育局", source=KECHENG.source)
    both = [changed, replace(KECHENG, source="/docs/柯城2.txt")]

    store.load([both[1 - last], both[last]], version="1")

    sources = {id_: entry.source for id_, entry in store.manifest().items()}
    assert sources == {changed.id: "/docs/柯城.txt", KECHENG.id: "/docs/柯城2.txt"}
    assert store.load(both, version="1").loaded == ()


def test_new_version_replaces(store):
    store.load([KECHENG], version="1")

    report = store.load([replace(KECHENG, relations=())], version="2")

    assert report.replaced == (KECHENG.id,)
    assert store.manifest()[KECHENG.id].version == "2"
    assert "IMPLEMENTS" not in dict(store.read(TYPES).rows)


def test_what_a_failing_source_gave_is_kept(store):
    def documents():
        yield KECHENG
        raise OSError("power cut")

    with pytest.raises(OSError, match="power cut"):
        store.load(documents(), version="1")

    assert list(store.manifest()) == [KECHENG.id]


def test_a_document_that_contradicts_itself_is_refused_whole(store):
    broken = replace(KECHENG, entities=KECHENG.entities[1:])

    with pytest.raises(StoreError, match=r"柯城\.txt.*used but not listed"):
        store.load([broken], version="1")

    assert store.read("MATCH (n) RETURN count(n)").rows == [(0,)]


def test_rows_are_limited(store):
    cut = store.read("UNWIND range(1, 10) AS i RETURN i, -i AS minus", limit=3)
    whole = store.read("UNWIND range(1, 3) AS i RETURN i", limit=3)

    assert (cut.columns, cut.rows, cut.truncated) == (
        ("i", "minus"),
        [(1, -1), (2, -2), (3, -3)],
        True,
    )
    assert not whole.truncated


def test_query_is_stopped_in_time(store):
    endless = (
        "UNWIND range(1, 30000) AS a UNWIND range(1, 30000) AS b "
        "WITH a, b WHERE a + b = -1 RETURN count(*)"
    )
    with pytest.raises(QueryError, match=r"stopped after 0\.5 s.*ZHITU_QUERY_TIMEOUT"):
        store.read(endless, timeout=0.5)

    assert store.read("RETURN 1").rows == [(1,)]


@pytest.mark.parametrize(
    "query",
    [
        "CREATE (n:Entity {id: 'x'}) RETURN n",
        "MERGE (n:Place {id: 'x'}) RETURN n",
        "MATCH (n) SET n.name = 'x'",
        "MATCH (n) REMOVE n.name",
        "MATCH (n) SET n:Evil",
        "MATCH (n) DETACH DELETE n",
        "MATCH (a:Person), (b:Brand) CREATE (a)-[:VISITED]->(b)",
        "FOREACH (i IN [1] | CREATE (:Evil))",
        "CALL { CREATE (:Evil) } IN TRANSACTIONS",
        "CREATE INDEX evil FOR (n:Entity) ON (n.evil)",
        "DROP CONSTRAINT entity_id",
    ],
)
def test_writing_is_refused_where_reading_was_asked(loaded, query):
    store, before = loaded

    with pytest.raises(WriteRefused, match="only reading"):
        store.read(query)

    assert snapshot(store) == before


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def loaded(request, tmp_path_factory):
    """A loaded store that the test must not change, and what it holds."""
    if request.param == "embedded":
        uri = f"file:{tmp_path_factory.mktemp('read') / 'zhitu.db'}"
    else:
        uri = request.getfixturevalue("neo4j_uri")
    with connect(uri) as store:
        store.write("MATCH (n) DETACH DELETE n")
        store.load([KECHENG, QUZHOU], version="1")
        yield store, snapshot(store)


def snapshot(store):
    return store.read(LABELS), store.read(TYPES), store.read("CALL db.labels()").rows


@pytest.mark.parametrize(
    ("query", "parameters", "says"),
    [
        ("MATCH (n RETURN n", {}, "refuses the query"),
        ("MATCH (n) RETURN m", {}, "`?'?m'?`? not defined"),
        ("RETURN $x", {"x": object()}, "parameter cannot be sent"),
        ("RETURN $x", {"x": 2**70}, "parameter cannot be sent"),
    ],
)
def test_bad_query_is_one_line(store, query, parameters, says):
    with pytest.raises(QueryError, match=says) as caught:
        store.read(query, parameters)

    assert "\n" not in str(caught.value)


def test_write_commits(store):
    result = store.write("CREATE (n:Place {id: $id}) RETURN n.id AS id", {"id": "x"})

    assert (result.columns, result.rows) == (("id",), [("x",)])
    assert store.read("MATCH (n:Place) RETURN n.id").rows == [("x",)]


@pytest.mark.parametrize("uri", ["mysql://localhost/x", "zhitu.db", "", "file:"])
def test_unknown_store_is_named(uri):
    with pytest.raises(UsageError, match="file:"):
        connect(uri)


# Neo4j


def test_wrong_password(neo4j_uri):
    parts = urlsplit(neo4j_uri)
    wrong = f"{parts.scheme}://neo4j:b%40d-s3cret@{parts.hostname}:{parts.port}"

    with pytest.raises(StoreAuthError, match="refuses user neo4j") as caught:
        connect(wrong)

    assert "s3cret" not in str(caught.value)
    assert parts.password not in str(caught.value)


@pytest.fixture
def neo4j_tls_uri(neo4j_uri):
    """URI of the server for a connection that is encrypted, scheme left out."""
    if not have_tls():
        pytest.skip("the server that was named has no certificate of ours")
    return neo4j_uri.partition("://")[2]


@pytest.mark.parametrize("scheme", ["neo4j+s", "bolt+s"])
def test_a_certificate_must_be_vouched_for(neo4j_tls_uri, scheme, tmp_path, monkeypatch):
    with pytest.raises(StoreUnavailable, match=r"nobody vouches for here: .*SSL_CERT_FILE"):
        connect(f"{scheme}://{neo4j_tls_uri}")
    authority().cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with connect(f"{scheme}://{neo4j_tls_uri}") as store:
        assert store.backend.writer.encrypted
        assert store.read("RETURN 1").rows == [(1,)]


@pytest.mark.parametrize("scheme", ["neo4j+ssc", "bolt+ssc"])
def test_any_certificate_is_taken_if_one_says_so(neo4j_tls_uri, scheme):
    with connect(f"{scheme}://{neo4j_tls_uri}") as store:
        assert store.backend.writer.encrypted
        store.load([document(["区政协调研。"])], version="1")
        assert len(store.manifest()) == 1
        store.remove(store.manifest())


def test_server_down():
    with pytest.raises(
        StoreUnavailable, match=r"no Neo4j answers at bolt://127\.0\.0\.1:1:"
    ) as caught:
        connect("bolt://neo4j:s3cret@127.0.0.1:1")

    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("uri", ["neo4j://db.example.org", "bolt+s://neo4j@10.1.2.3:7687"])
def test_remote_store_needs_a_password(uri):
    with pytest.raises(UsageError, match="must hold a password"):
        connect(uri)


def test_unknown_database(neo4j_uri):
    with pytest.raises(StoreError, match="nosuch") as caught:
        connect(f"{neo4j_uri}/nosuch")

    assert "\n" not in str(caught.value)


def test_percent_encoded_password(neo4j_uri):
    password = "p@ss/w:rd#汉"
    with connect(neo4j_uri) as store:
        admin = store.backend.writer
        admin.execute_query(
            "CREATE USER odd SET PASSWORD $p CHANGE NOT REQUIRED", p=password, database_="system"
        )
    parts = urlsplit(neo4j_uri)
    encoded = "p%40ss%2Fw%3Ard%23%E6%B1%89"
    try:
        with connect(f"bolt://odd:{encoded}@{parts.hostname}:{parts.port}/neo4j") as store:
            assert store.read("RETURN 1").rows == [(1,)]
    finally:
        with connect(neo4j_uri) as store:
            store.backend.writer.execute_query("DROP USER odd", database_="system")


# Embedded

JOIN = """
import sys
from graph.store import connect
from tests.builder import KECHENG, QUZHOU
with connect(sys.argv[1]) as store:
    assert not store.backend.owned
    store.load([KECHENG, QUZHOU], version="1")
    print(len(store.manifest()))
"""


def test_second_process_joins(embedded_uri):
    with connect(embedded_uri) as store:
        store.load([QUZHOU], version="1")
        done = subprocess.run(
            [sys.executable, "-c", JOIN, embedded_uri],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.stdout, done.stderr, done.returncode) == ("2\n", "", 0)
        assert len(store.manifest()) == 2


def test_endpoint_is_private_and_gone_afterwards(embedded_uri):
    directory = Path(embedded_uri.removeprefix("file:"))
    with connect(embedded_uri):
        endpoint = directory / "zhitu.endpoint"
        assert stat.S_IMODE(endpoint.stat().st_mode) == 0o600
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert not endpoint.exists()


def test_joined_store_takes_over_when_the_holder_ends(embedded_uri):
    holder = connect(embedded_uri)
    holder.load([KECHENG], version="1")
    with connect(embedded_uri) as joined:
        assert not joined.backend.owned
        assert len(joined.manifest()) == 1
        holder.close()
        assert len(joined.manifest()) == 1
        assert joined.backend.owned


def test_held_by_a_process_that_does_not_answer(embedded_uri, monkeypatch):
    monkeypatch.setattr("graph.store_embedded.JOIN_PATIENCE", 0.3)
    with connect(embedded_uri) as store:
        (store.backend.directory / "zhitu.endpoint").unlink()
        with pytest.raises(StoreUnavailable, match="held by another process"):
            connect(embedded_uri)


def test_absent_database_is_not_made_for_reading(embedded_uri):
    with pytest.raises(StoreError, match=r"no graph at .* yet: zhitu build"):
        connect(embedded_uri, create=False)

    assert not os.path.exists(embedded_uri.removeprefix("file:"))


def test_other_folders_and_files_are_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(StoreError, match="no Zhitu database"):
        connect(f"file:{tmp_path}")
    with pytest.raises(StoreError, match="is a file"):
        connect(f"file:{tmp_path / 'mine.txt'}")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
