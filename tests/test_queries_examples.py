"""The named queries on the graph of the two example documents, as `zhitu build` makes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cypher.find import find
from cypher.queries import library, run_named
from extract.read import find_files
from graph.store import Result, Store, connect
from tests.conftest import empty
from zhitu.errors import QueryError
from zhitu.pipeline import extract_all, read_all
from zhitu.settings import Settings

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, neo4j_uri: str) -> Iterator[list[Store]]:
    """The examples in both stores, extracted once."""
    documents = list(extract_all(read_all(find_files([EXAMPLES]), []), Settings()))
    assert len(documents) == 2
    empty(neo4j_uri)
    folder = tmp_path_factory.mktemp("examples")
    with connect(f"file:{folder / 'zhitu.db'}") as embedded, connect(neo4j_uri) as neo4j:
        for store in (embedded, neo4j):
            store.load(documents, version="1")
        yield [embedded, neo4j]


def answer(store: Store, name: str) -> Result | str:
    """What a query's own example gives; a refusal as its message."""
    try:
        return run_named(store, name, library()[name].example)
    except QueryError as error:
        return str(error)


def test_the_examples_of_the_library_give_the_same_on_both_stores(both: list[Store]):
    answers = {name: [answer(store, name) for store in both] for name in library()}
    assert [name for name, (one, other) in answers.items() if one != other] == []
    told = [name for name, (one, _) in answers.items() if isinstance(one, Result) and one.rows]
    assert len(told) >= 25, sorted(set(answers) - set(told))


@pytest.mark.parametrize("words", ["议事", "政协", "柯城区政协", "水库", "衢州 委员会", "协商"])
def test_search_gives_the_same_on_both_stores(both: list[Store], words: str):
    embedded, neo4j = (find(store, words) for store in both)
    assert embedded == neo4j
    assert embedded
