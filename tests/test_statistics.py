"""Counts and shape of what was loaded, on both stores."""

from __future__ import annotations

import json

from graph.networks import to_networkx
from graph.statistics import count, statistics
from tests.builder import KECHENG, QUZHOU


def test_counts_of_an_empty_graph(store):
    counts = count(store)

    assert (counts.documents, counts.sentences) == (0, 0)
    assert counts.entities == counts.mentions == counts.relations == counts.links == {}
    assert statistics(store).shape.nodes == 0


def test_counts(store):
    store.load([KECHENG, QUZHOU], version="1")

    found = statistics(store)
    counts = found.counts

    assert (counts.documents, counts.sentences) == (2, 5)
    assert counts.entities == {"Brand": 1, "Organization": 2, "Person": 1, "Place": 3, "Project": 1}
    assert counts.mentions == {"Brand": 1, "Organization": 5, "Person": 1, "Place": 4, "Project": 3}
    # 衢州 lies in 浙江省 by the gazetteer once for each document.
    assert counts.relations == {"IMPLEMENTS": 3, "OPERATES": 1, "LOCATED_IN": 1}
    assert counts.links == {"LOCATED_IN": 3}
    by_name = {one.name: one for one in found.documents}
    assert (by_name["柯城.txt"].sentences, by_name["柯城.txt"].relations) == (3, 3)
    assert (by_name["衢州.txt"].mentions, by_name["衢州.txt"].entities) == (4, 3)
    assert json.loads(json.dumps(found.to_dict()))["counts"]["documents"] == 2


def test_shape(store):
    store.load([KECHENG, QUZHOU], version="1")

    shape = statistics(store).shape

    assert (shape.nodes, shape.isolated) == (8, 1)
    assert shape.components == 2
    assert shape.largest_component == 7
    assert shape.most_connected[0] == ("浙江省衢州市", 4)
    assert shape.communities >= 2
    assert sum(size for size, _ in shape.largest_communities) == 7


def test_networkx(store):
    store.load([KECHENG, QUZHOU], version="1")

    graph = to_networkx(store)
    whole = to_networkx(store, provenance=True)

    assert graph.nodes["Project:寺桥水库"] == {"type": "Project", "name": "寺桥水库", "aliases": []}
    (edge,) = graph.get_edge_data(
        "Organization:政协浙江省衢州市柯城区委员会", "Brand:民生议事堂"
    ).values()
    assert edge["type"] == "OPERATES"
    assert edge["evidence"] == KECHENG.sentences[1].text
    assert (len(graph), graph.number_of_edges()) == (8, 8)
    assert (len(whole), whole.number_of_edges()) == (15, 29)
