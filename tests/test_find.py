"""Searching where there is more to find than is ranked."""

from __future__ import annotations

from cypher.find import CANDIDATES, find
from graph.store import Store


def test_many_candidates_are_cut_the_same_way(store: Store):
    rows = [{"id": f"p{i}", "name": f"第{i}号水库" + "长" * (i % 7)} for i in range(CANDIDATES * 2)]
    store.write(
        "UNWIND $rows AS r CREATE (:Entity:Project {id: r.id, name: r.name})", {"rows": rows}
    )
    found = find(store, "水库", limit=CANDIDATES)
    assert len(found) == CANDIDATES
    assert [f.name for f in found[:2]] == ["第0号水库", "第7号水库"]
