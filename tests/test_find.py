"""Searching where there is more to find than is ranked."""

from __future__ import annotations

from cypher.find import CANDIDATES, find, lookup
from graph.store import NAMES_INDEX, Store, connect
from tests.asking_graph import DOCUMENTS
from tests.conftest import empty


def test_many_candidates_are_cut_the_same_way(store: Store):
    rows = [{"id": f"p{i}", "name": f"第{i}号水库" + "长" * (i % 7)} for i in range(CANDIDATES * 2)]
    store.write(
        "UNWIND $rows AS r CREATE (:Entity:Project {id: r.id, name: r.name})", {"rows": rows}
    )
    found = find(store, "水库", limit=CANDIDATES)
    assert len(found) == CANDIDATES
    assert [f.name for f in found[:2]] == ["第0号水库", "第7号水库"]


def test_a_graph_that_has_no_index_of_names_is_searched_all_the_same(neo4j_uri: str):
    def answers(store: Store) -> list:
        found = [find(store, text) for text in ("议事", "区政协", "柯城 政协", "民生议事厅")]
        assert all(found)
        return [*found, lookup(store, "区政协")]

    empty(neo4j_uri)
    with connect(neo4j_uri) as store:
        store.load(DOCUMENTS, version="1")
        assert store.has_names_index()
        with_index = answers(store)
        store.write(f"DROP INDEX {NAMES_INDEX}")
    with connect(neo4j_uri) as store:
        assert not store.has_names_index()
        assert answers(store) == with_index
        store.write("CALL db.awaitIndexes(60)")
        assert store.has_names_index()
