"""What is chosen for a picture, on both stores."""

from __future__ import annotations

import pytest

from graph.store import Store
from tests.asking_graph import DOCUMENTS
from tests.builder import document
from viz.subgraph import subgraph
from zhitu.errors import QueryError, UsageError

KECHENG = "Organization:政协浙江省衢州市柯城区委员会"
CHANGSHAN = "Organization:政协浙江省衢州市常山县委员会"


@pytest.fixture
def filled(store: Store) -> Store:
    store.load(DOCUMENTS, version="1")
    return store


def names(graph) -> set[str]:
    return {data["name"] for _, data in graph.nodes(data=True)}


def relations(graph) -> set[tuple[str, str, str]]:
    return {
        (graph.nodes[h]["name"], data["type"], graph.nodes[t]["name"])
        for h, t, data in graph.edges(data=True)
    }


def test_a_name_an_alias_and_an_id_give_the_same_neighbourhood(filled):
    by_name = subgraph(filled, "政协浙江省衢州市柯城区委员会")
    by_alias = subgraph(filled, "柯城区政协")
    by_id = subgraph(filled, KECHENG)
    assert set(by_name) == set(by_alias) == set(by_id)
    assert {"民生议事堂", "张三", "李四", "寺桥水库"} <= names(by_name)
    assert by_name.graph["seeds"] == [KECHENG]


def test_every_mark_covers_the_mention_of_its_end(filled):
    graph = subgraph(filled, KECHENG, hops=2)
    marked = 0
    for head, tail, data in graph.edges(data=True):
        if data["source"] != "text":
            assert data["evidence"] == []
            continue
        assert data["evidence"], (head, data["type"], tail)
        for proof in data["evidence"]:
            for begin, end, role in proof["marks"]:
                node = graph.nodes[head if role == "head" else tail]
                assert proof["text"][begin:end] in {node["name"], *node["aliases"]}
                marked += 1
    assert marked >= 10


def test_a_relation_of_two_documents_keeps_both(filled):
    graph = subgraph(filled, KECHENG)
    claims = graph.get_edge_data(KECHENG, "Brand:民生议事堂").values()
    assert len({claim["document"] for claim in claims}) == 2
    assert {claim["document"] for claim in claims} <= set(graph.graph["documents"])


def test_more_hops_reach_further(filled):
    one, two = subgraph(filled, KECHENG), subgraph(filled, KECHENG, hops=2)
    assert set(one) < set(two)
    assert set(subgraph(filled, KECHENG, hops=0)) == {KECHENG}


def test_without_a_name_the_issuers_are_the_centres(filled):
    graph = subgraph(filled)
    assert {KECHENG, CHANGSHAN} <= set(graph.graph["seeds"])


def test_news_is_drawn_around_what_it_speaks_of(store):
    """Its issuer, that it says nothing of, would stand alone."""
    told = [("张三", "VISITED", "柯城")]
    news = document(["张三到柯城调研。"], relations=told, issuer="市教育局", name="新闻.txt")
    report = document(
        ["区政协推动寺桥水库。"], relations=[("区政协", "IMPLEMENTS", "寺桥水库")], name="报告.txt"
    )
    store.load([news], version="1")
    graph = subgraph(store)
    assert ("张三", "VISITED", "浙江省衢州市柯城区") in relations(graph)
    assert "浙江省衢州市教育局" not in names(graph)
    assert not graph.graph["notes"]
    store.load([report], version="1")
    graph = subgraph(store)
    assert {"张三", "政协浙江省衢州市柯城区委员会", "寺桥水库"} <= names(graph)
    assert "浙江省衢州市教育局" not in names(graph)
    assert "1 篇文档没有说到发文机构" in graph.graph["notes"][0]


def test_types_and_relations_filter(filled):
    graph = subgraph(filled, KECHENG, types=["Brand"])
    assert {data["type"] for n, data in graph.nodes(data=True) if n != KECHENG} == {"Brand"}
    graph = subgraph(filled, KECHENG, relations=["HOLDS_POSITION"])
    assert {r for _, r, _ in relations(graph)} == {"HOLDS_POSITION"}
    assert names(graph) == {"政协浙江省衢州市柯城区委员会", "张三", "李四"}


def test_status_confidence_document_and_time_filter(filled):
    planned = subgraph(filled, KECHENG, status="planned")
    assert relations(planned) == {("政协浙江省衢州市柯城区委员会", "IMPLEMENTS", "寺桥水库")}
    sure = subgraph(filled, KECHENG, confidence=0.7)
    assert all(d.get("confidence", 1) >= 0.7 for _, _, d in sure.edges(data=True))
    assert set(sure) < set(subgraph(filled, KECHENG))
    early = subgraph(filled, KECHENG, until="2023")
    assert "张三" in names(early) and "李四" not in names(early)
    late = subgraph(filled, KECHENG, since="2024-01")
    assert "李四" in names(late) and "张三" not in names(late)
    one = subgraph(filled, KECHENG, documents=["柯城区政协报告2024.txt"])
    assert "李四" in names(one) and "张三" not in names(one)
    assert any("柯城区政协常委会工作报告" in note for note in one.graph["notes"])


def test_the_best_connected_stay_and_what_is_left_out_is_said(filled):
    whole = subgraph(filled, KECHENG)
    cut = subgraph(filled, KECHENG, limit=4)
    assert len(cut) == 4
    assert any(f"另有 {len(whole) - 4} 个未画" in note for note in cut.graph["notes"])
    ties = {n: whole.nodes[n]["ties"] for n in whole if n != KECHENG}
    kept = sorted(ties[n] for n in cut if n != KECHENG)
    left = [ties[n] for n in set(whole) - set(cut)]
    assert min(kept) >= max(left)


def test_an_unknown_name_lists_the_nearest(filled):
    with pytest.raises(QueryError, match="民生议事堂"):
        subgraph(filled, "民生议事厅")


def test_an_ambiguous_alias_lists_the_candidates(store):
    store.load([document(["柯城有张三。"], ["柯城", "张三"], name="一.txt")], version="1")
    for place in ("甲", "乙"):
        store.write(
            "CREATE (:Entity:Organization {id: $id, name: $name, aliases: ['政协']})",
            {"id": f"Organization:政协{place}区委员会", "name": f"政协{place}区委员会"},
        )
    with pytest.raises(QueryError, match=r"政协(甲|乙)区委员会.*政协(甲|乙)区委员会"):
        subgraph(store, "政协")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"hops": 9}, "--hops"),
        ({"limit": 5000}, "--limit"),
        ({"types": ["Company"]}, "--type"),
        ({"relations": ["LIKES"]}, "--relation"),
        ({"status": "maybe"}, "--status"),
        ({"confidence": 2.0}, "--confidence"),
    ],
)
def test_options_without_sense_are_refused(embedded_store, options, said):
    with pytest.raises(UsageError, match=said):
        subgraph(embedded_store, KECHENG, **options)


def test_an_empty_store_says_what_to_do(embedded_store):
    with pytest.raises(UsageError, match="zhitu build"):
        subgraph(embedded_store)
