"""Real ends for the tests: one Neo4j server a session, embedded databases as needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store import Store, connect
from tests.asking_graph import DOCUMENTS
from tests.browser import Browser, Watched, chromium, watched
from tests.builder import document
from tests.served import HOSTILE, Served, serving
from tests.servers import NoServer, neo4j_server


@pytest.fixture(scope="session")
def neo4j_uri() -> Iterator[str]:
    """URI of a real Neo4j server; fails with what to install if none can be had.

    Tests delete everything in it, so a server that is named must be empty.
    """
    try:
        with neo4j_server() as uri:
            with connect(uri) as store:
                ((nodes,),) = store.read("MATCH (n) RETURN count(n)").rows
            if nodes:
                pytest.fail(
                    f"NEO4J_URI names a database with {nodes} nodes, and tests would delete them: "
                    "name an empty one",
                    pytrace=False,
                )
            yield uri
            empty(uri)
    except NoServer as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def embedded_uri(tmp_path: Path) -> str:
    """URI of an embedded database that does not exist yet."""
    return f"file:{tmp_path / 'zhitu.db'}"


@pytest.fixture
def embedded_store(embedded_uri: str) -> Iterator[Store]:
    """An empty embedded store."""
    with connect(embedded_uri) as store:
        yield store


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An embedded graph of the small documents, to be asked only."""
    uri = f"file:{tmp_path_factory.mktemp('asked') / '衢州.db'}"
    with connect(uri) as store:
        store.load(DOCUMENTS, version="1")
    return uri


@pytest.fixture(params=["embedded", "neo4j"])
def store_uri(request: pytest.FixtureRequest) -> str:
    """URI of an empty store of either kind."""
    if request.param == "embedded":
        return request.getfixturevalue("embedded_uri")
    uri = request.getfixturevalue("neo4j_uri")
    empty(uri)
    return uri


@pytest.fixture
def store(store_uri: str) -> Iterator[Store]:
    """An empty store of either kind: a test that takes it runs on both."""
    with connect(store_uri) as store:
        yield store


def empty(uri: str) -> None:
    """Delete everything in the store; for servers that tests share."""
    with connect(uri) as store:
        store.write("MATCH (n) DETACH DELETE n")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium, one for all tests."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("explorer") / "zhitu.db"
    hostile = document(
        [f"区政协实施{HOSTILE}项目。"], ["区政协", HOSTILE],
        [("区政协", "IMPLEMENTS", HOSTILE)], name=f"{HOSTILE}.txt", title=HOSTILE,
    )  # fmt: skip
    with connect(f"file:{path}") as store:
        store.load([*DOCUMENTS, hostile], version="1")
    return path


@pytest.fixture(scope="module")
def served(database, tmp_path_factory) -> Iterator[Served]:
    with serving(database, tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture
def seen(browser, served) -> Iterator[Watched]:
    with watched(browser) as one:
        yield one
        one.check(served.host)
        assert one.page.evaluate("window.hacked") is None
