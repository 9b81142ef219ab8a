"""Confidence, calibration, junk, consistency and training data, without any model."""

from __future__ import annotations

import itertools
import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.arbitration import arbitrate
from extract.calibration import Calibration, read_calibration
from extract.consistency import mark_home, spread
from extract.dictionary import division_lexicon, gazetteer_lexicon, make_lexicon
from extract.patterns import find_patterns, is_junk, tidy
from extract.spans import Span
from extract.tagging import Posteriors
from training.data import Example, join, read_examples, swap_names, windows
from training.scores import score
from zhitu.errors import DocumentError

TAGS = ("O", "B-ORG", "I-ORG", "E-ORG", "S-ORG", "B-PLACE", "I-PLACE", "E-PLACE", "S-PLACE")


def taggings(length: int):
    """All valid IOBES sequences of a length."""

    def follows(a: str, b: str) -> bool:
        if a[0] in "BI":
            return b[0] in "IE" and a[2:] == b[2:]
        return b[0] in "OBS"

    for path in itertools.product(TAGS, repeat=length):
        if path[0][0] in "OBS" and path[-1][0] in "OES":
            if all(follows(a, b) for a, b in itertools.pairwise(path)):
                yield path


def test_posterior_is_the_share_of_all_valid_taggings():
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 2, (2, 4, len(TAGS))).astype("float32")
    found = Posteriors(logits, np.array([4, 3]), TAGS).spans(least=0.02, longest=4)
    for row, length in enumerate((4, 3)):
        weights = {
            path: np.exp(sum(logits[row, i, TAGS.index(tag)] for i, tag in enumerate(path)))
            for path in taggings(length)
        }
        likely = []
        for start, end in itertools.combinations(range(length + 1), 2):
            for tag in ("ORG", "PLACE"):
                parts = ["S"] if end - start == 1 else ["B", *["I"] * (end - start - 2), "E"]
                own = tuple(f"{part}-{tag}" for part in parts)
                holding = sum(w for path, w in weights.items() if path[start:end] == own)
                share = holding / sum(weights.values())
                if share >= 0.02:
                    likely.append((start, end, tag, pytest.approx(share, rel=1e-5)))
        assert found[row] == likely


def test_calibration_rises_and_is_read_back(tmp_path):
    (tmp_path / "calibration.json").write_text(json.dumps({"Brand": [[0, 0.2], [1, 0.8]]}))
    calibration = read_calibration(tmp_path)
    assert calibration.apply("Brand", 0.5) == 0.5
    assert calibration.apply("Place", 0.5) == 0.5
    assert calibration == Calibration({"Brand": ((0, 0.2), (1, 0.8))})


@pytest.mark.parametrize(
    ("text", "label"),
    [("全省", "Place"), ("三县", "Place"), ("乡村振兴战略", "Project"), ("2,345.6", "Person")],
)
def test_what_the_ontology_excludes_is_junk(text, label):
    assert is_junk(text, label)


def test_names_are_not_junk():
    for text, label in (("三亚市", "Place"), ("千万工程", "Project"), ("全国政协", "Organization")):
        assert not is_junk(text, label)


def test_quotes_are_kept_in_pairs_or_left_out():
    text = "推广“椰邻共治”工作法"
    assert tidy(text, Span(3, 11, "Brand", 1, "model")) == Span(2, 11, "Brand", 1, "model")
    assert tidy(text, Span(2, 8, "Brand", 1, "model")) == Span(3, 7, "Brand", 1, "model")
    assert tidy("、，", Span(0, 2, "Brand", 1, "model")) is None
    assert tidy("(市、区)政协工作交流会", Span(3, 12, "Brand", 1, "model")) is None


@given(st.text("政协区县“”《》（）、，。水库 ", min_size=1, max_size=12), st.data())
@settings(max_examples=200, deadline=None)
def test_tidied_spans_stay_within_the_text(text, data):
    begin = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(begin + 1, len(text)))
    span = tidy(text, Span(begin, end, "Brand", 1, "model"))
    if span is not None:
        assert 0 <= span.begin < span.end <= len(text)
        assert text[span.begin] not in "，。、 " and text[span.end - 1] not in "，。、 "


def test_a_verb_before_an_organisation_is_no_part_of_it():
    text = "建立健全政协党组，联合国来访"
    span = tidy(text, Span(0, 8, "Organization", 1, "model"))
    assert text[span.begin : span.end] == "政协党组"
    whole = Span(9, 12, "Organization", 1, "model")
    assert tidy(text, whole) == whole


def test_patterns_leave_unnamed_bodies_alone():
    assert [s.label for s in find_patterns("督促县市场监管局约谈")] == ["Organization"]
    assert find_patterns("要求各县教育局上报") == []


def test_the_gazetteer_mends_edges_and_adds_full_names():
    text = "帮助向家坝镇新寿村，考察浙江省和教育部，水利部门协助"
    found = arbitrate(
        text,
        [Span(3, 9, "Place", 0.9, "model")],
        gazetteer=gazetteer_lexicon(),
        divisions=division_lexicon(),
        possible={(12, 15, "Place"), (16, 19, "Organization")},
    )
    assert [(text[s.begin : s.end], s.source) for s in found] == [
        ("向家坝镇新寿村", "model"),
        ("浙江省", "gazetteer"),
        ("教育部", "gazetteer"),
    ]


def test_a_formal_name_takes_the_place_of_its_parts_but_not_of_more():
    text = "中国人民政治协商会议 第五届衢州市柯城区委员会常务委员会工作报告"
    other = "政协第十四届全国委员会提案委员会"
    none = make_lexicon([])

    def found(text, begin, end):
        spans = [Span(begin, end, "Organization", 0.9, "model")]
        return [
            text[s.begin : s.end] for s in arbitrate(text, spans, gazetteer=none, divisions=none)
        ]

    assert found(text, 11, 28) == ["中国人民政治协商会议 第五届衢州市柯城区委员会常务委员会"]
    assert found(other, 0, 16) == [other]


def test_the_dictionary_wins_over_all():
    text = "“循政通”小程序"
    own = make_lexicon([("循政通", "Project")])
    none = make_lexicon([])
    found = arbitrate(
        text,
        [Span(0, 5, "Brand", 1, "model")],
        gazetteer=none,
        divisions=none,
        dictionary=own,
    )
    assert [(s.begin, s.end, s.label, s.source) for s in found] == [(1, 4, "Project", "dictionary")]


def test_a_whole_name_elsewhere_replaces_its_part():
    texts = ["“同心向党·旗杆红”品牌", "擦亮“同心向党·旗杆红”", "柯城的“同心向党”"]
    rows = [
        [Span(1, 9, "Brand", 0.99, "model")],
        [Span(8, 11, "Brand", 0.9, "model")],
        [],
    ]
    found = spread(texts, rows, [set(), {(3, 11, "Brand")}, set()])
    assert [(s.begin, s.end) for s in found[1]] == [(3, 11)]
    assert found[2] == []
    assert spread(texts, rows, [set()] * 3) == rows


def test_a_name_found_once_and_missed_often_is_not_spread():
    farm = Span(0, 2, "Organization", 0.99, "model")
    possible = [{(0, 2, "Organization")}] * 3
    assert spread(["农场"] * 3, [[farm], [], []], possible)[1:] == [[], []]
    assert spread(["农场"] * 2, [[farm], []], possible)[1] != []


def test_the_own_county_is_marked_unless_somebody_knows_better():
    def marked(text, *row):
        [found] = mark_home([text], [list(row)], ["武强"])
        return [(s.begin, s.end, s.label) for s in found]

    assert marked("讲好武强故事") == [(2, 4, "Place")]
    assert marked("讲好武强故事", Span(2, 4, "Person", 0.9, "model")) == [(2, 4, "Place")]
    assert marked("讲好武强故事", Span(2, 4, "Person", 1.0, "dictionary")) == [(2, 4, "Person")]
    assert marked("推介武强年画", Span(2, 6, "Brand", 0.9, "model")) == [(2, 6, "Brand")]
    assert marked("威武强大的力量") == []
    assert mark_home(["维护世界和平"], [[]], ["和平"]) == [[]]


EXAMPLES = [Example("a", str(i), f"第{i}次到浙江调研。", ((4, 6, "PLACE"),)) for i in range(1, 7)]


def test_stretches_keep_names_in_place():
    for stretch in windows(EXAMPLES, random.Random(1), alone=0.2):
        assert all(stretch.text[s:e] == "浙江" for s, e, _ in stretch.spans)
    joined = join(EXAMPLES)
    assert len(joined.spans) == 6


def test_swapped_names_are_marked_where_they_stand():
    swapped = swap_names(EXAMPLES[0], {"PLACE": ["衢州市柯城区"]}, random.Random(1), 1.0)
    [(start, end, tag)] = swapped.spans
    assert (swapped.text[start:end], tag) == ("衢州市柯城区", "PLACE")


def test_a_bad_line_is_named(tmp_path):
    file = tmp_path / "bad.jsonl"
    file.write_text('{"id": "a:1", "text": "区政协", "entities": []}\n{"text": "x"}\n')
    with pytest.raises(DocumentError, match="line 2"):
        read_examples(file)


def test_relaxed_scores_count_each_gold_span_once():
    gold, found = [[(0, 4, "ORG")]], [[(0, 2, "ORG"), (2, 4, "ORG")]]
    assert score(gold, found)["micro"].f1 == 0
    assert score(gold, found, relaxed=True)["micro"].right == 1
