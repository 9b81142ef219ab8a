"""What the explorer asks of the store, on both stores."""

from __future__ import annotations

import pytest

from graph.ontology import LABELS
from tests.asking_graph import DOCUMENTS
from viz.explorer import china, data
from viz.explorer.graphs import ALL
from viz.explorer.names import NameIndex
from viz.subgraph import build, known_documents
from zhitu.errors import QueryError

KECHENG = "Organization:政协浙江省衢州市柯城区委员会"
CHANGSHAN = "Organization:政协浙江省衢州市常山县委员会"


@pytest.fixture
def filled(store):
    store.load(DOCUMENTS, version="1")
    return store


def test_the_pages_get_the_same_from_both_stores(filled):
    first, second = DOCUMENTS[0], DOCUMENTS[1]
    counts = data.overview(filled)
    assert counts["Document"] == len(DOCUMENTS)
    for label in LABELS:
        ids = {e.id for d in DOCUMENTS for e in d.entities if e.type == label}
        assert counts[label] == len(ids)

    listed = data.dicts(filled, data.DOCUMENTS)
    assert [d["date"] for d in listed] == sorted((d["date"] for d in listed), reverse=True)
    assert {d["id"] for d in listed} == {d.id for d in DOCUMENTS}

    assert data.document(filled, first.id)["title"] == first.header.title
    assert data.entity(filled, KECHENG)["type"] == "Organization"
    for ask in (data.document, data.entity):
        with pytest.raises(QueryError):
            ask(filled, "nothing")

    shown = data.paragraphs(filled, first.id)
    text = "".join(p.text for para in shown for _, _, cut in para.sentences for p in cut)
    assert text == "".join(s.text for s in first.sentences)
    marked = [p for para in shown for _, _, cut in para.sentences for p in cut if p.id]
    assert [(p.text, p.id) for p in marked] == [(m.text, m.entity) for m in first.mentions]

    way = data.shortest_path(filled, "Person:李四", CHANGSHAN)
    assert way == ["Person:李四", KECHENG, CHANGSHAN]
    assert data.shortest_path(filled, "Person:李四", "Brand:C919") == []
    assert data.shortest_path(filled, KECHENG, KECHENG) == [KECHENG]

    rows = {
        r["id"]: (r["first"], r["second"]) for r in data.comparison(filled, first.id, second.id)
    }
    said = [{m.entity for m in d.mentions} for d in (first, second)]
    assert {i for i, (a, b) in rows.items() if a and b} == said[0] & said[1]
    assert {i for i, (a, b) in rows.items() if a and not b} == said[0] - said[1]
    both = {
        (r["head_id"], r["relation"], r["tail_id"])
        for r in data.relations_of_both(filled, first.id, second.id)
    }
    assert (KECHENG, "OPERATES", "Brand:民生议事堂") in both

    relations = data.dicts(filled, data.RELATIONS_OF, id=KECHENG, relations=ALL["relations"])
    brands = [r for r in relations if r["other"] == "民生议事堂"]
    assert len(brands) == 2 and all(r["out"] and r["evidence"] for r in brands)
    mentions = data.dicts(filled, data.MENTIONS_OF, id=KECHENG)
    assert all(m["sentence"][m["begin"] :].startswith(m["text"]) for m in mentions)

    places = {r["id"] for r in data.dicts(filled, data.PLACES)}
    assert {"Place:浙江省衢州市柯城区", "Place:浙江省"} <= places
    assert dict(filled.read(data.AT_PLACES).rows)["Place:浙江省衢州市柯城区"] >= 2

    index = NameIndex(filled)
    assert ("Brand:民生议事堂", "民生议事堂") in index.find("msyst", 5, wait=60)
    drawn = build(filled, way, [], ALL, known_documents(filled), [])
    assert set(drawn) == set(way)


def test_the_map_holds_every_county_of_the_gazetteer_once():
    from extract import gazetteer

    counties = [d for d in gazetteer.divisions() if d.level == "county"]
    placed = [d for d in counties if china.in_china(d.lng, d.lat)]
    assert len(china.background()) == len(placed) > 0.95 * len(counties)
    assert len(china.provinces()) == 34
    left, top, width, height = map(float, china.frame().split())
    for x, y in china.background():
        assert left < x < left + width and top < y < top + height
