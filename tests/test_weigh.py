"""The second look at what the network finds likely."""

from __future__ import annotations

import numpy as np
import pytest

from extract.recognise import MODELS
from extract.spans import Span
from extract.weigh import Counts, describe, edges, read_counts, read_weigher, write_counts
from extract.words import cut
from training.data import Example, part_of
from training.weigh import FOLDS, EdgeCounts, occurrences

TEXT = "推进寺桥水库建设，寺桥水库蓄水。"


@pytest.fixture(scope="module")
def weigher():
    return read_weigher(MODELS["accurate"])


def test_a_whole_word_is_likelier_than_a_piece_of_it(weigher):
    whole = Span(2, 6, "Project", 0.5, "model")
    piece = Span(2, 5, "Project", 0.5, "model")
    [[first, second]] = weigher.weigh([TEXT], [[whole, piece]])
    assert 0 <= second.confidence < first.confidence <= 1
    assert (first.begin, first.end, first.label, first.source) == (2, 6, "Project", "model")


def test_every_type_is_weighed_and_empty_sentences_stay(weigher):
    brand = Span(2, 6, "Brand", 0.5, "model")
    place = Span(0, 2, "Place", 0.5, "model")
    rows = weigher.weigh([TEXT, "无", "柯城调研"], [[brand], [], [place]])
    assert rows[0][0].confidence < 0.5 and rows[1] == []
    assert rows[2][0].confidence > 0.5
    assert weigher.weigh(["无"], [[]]) == [[]]


def test_the_fast_model_does_without_words(monkeypatch):
    monkeypatch.setattr("extract.weigh.cut", lambda text: pytest.fail("cut into words"))
    place, piece = Span(0, 2, "Place", 0.6, "model"), Span(1, 2, "Place", 0.3, "model")
    [[first, second]] = read_weigher(MODELS["fast"]).weigh(["柯城调研"], [[place, piece]])
    assert second.confidence < first.confidence


def test_a_model_without_trees_has_no_second_look(tmp_path):
    assert read_weigher(tmp_path) is None


def test_the_document_and_the_rivals_are_seen():
    row = [Span(2, 6, "Project", 0.6, "model"), Span(2, 5, "Place", 0.3, "model")]
    other = [Span(0, 4, "Project", 0.8, "model")]
    texts = [TEXT, "寺桥水库开工"]
    found = describe(texts, [row, other], Counts({}), [cut(text) for text in texts])
    assert found.shape[0] == 3
    # Posterior, best rival, then after four more: the same name and type elsewhere.
    np.testing.assert_allclose(found[0, [0, 1, 6]], [0.6, 0.3, 0.8], rtol=1e-6)
    np.testing.assert_allclose(found[2, [0, 1, 6]], [0.8, 0.0, 0.6], rtol=1e-6)
    assert found[0, 8] == 3  # 寺桥水库 three times in the document


def test_counts_are_read_back(tmp_path):
    counts = Counts({("last 2", "水库"): (9, 0, 1, 7, 0, 0), ("before 1", ""): (5, 1, 1, 1, 1, 1)})
    write_counts(counts, tmp_path / "counts.tsv.xz")
    assert read_counts(tmp_path / "counts.tsv.xz") == counts


def test_a_document_does_not_see_the_names_of_its_fold():
    assert len({part_of(document, FOLDS) for document in "甲乙丙"}) == 3
    texts = {"甲": "推进寺桥水库建设", "乙": "推进白鹤滩水库建设", "丙": "水库蓄水"}
    examples = [
        Example("甲", "0", texts["甲"], ((2, 6, "PROJECT"),)),
        Example("乙", "0", texts["乙"], ((2, 7, "PROJECT"),)),
        Example("丙", "0", texts["丙"], ()),
    ]
    words = {text: cut(text) for text in texts.values()}
    counts = EdgeCounts(examples, words)
    whole = counts.of_all()
    assert sum(whole.get("last 2", "水库")[1:]) == 2
    assert whole.get("last 2", "水库")[0] == 3
    without = counts.without(whole, part_of("甲", FOLDS))
    assert without.get("last 2", "水库")[0] == 2 and sum(without.get("last 2", "水库")[1:]) == 1
    # A name of this fold only looks like one that was never seen.
    assert not any(without.get("whole", "寺桥水库"))
    assert any(whole.get("whole", "寺桥水库"))


def test_every_edge_of_a_name_is_counted_where_it_occurs():
    words = cut(TEXT)
    found = occurrences(TEXT, words)
    for kind, text in edges(TEXT, 2, 6, words).items():
        if kind != "whole":
            assert found[kind, text] >= 1, (kind, text)
