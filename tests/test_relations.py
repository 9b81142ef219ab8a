"""Relations: what is drawn, what never is, and how well on annotated documents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.documents import Document, Header, Mention, Sentence
from extract.relations import issuer_speaks, relate, relate_sentence
from extract.relations_model import load_model
from extract.relations_pairs import Span, candidates, label_of
from extract.relations_reader import Reader, load_reader
from extract.relations_rules import encode, load_rules
from graph.ontology import ISSUER, LABELS, RELATIONS, allowed
from training.evaluate_relations import drawn_on_gold_mentions, gold, score
from training.relations_data import read_relations
from zhitu.errors import ModelError

DATA = Path(__file__).with_name("data")
SHORT = {"O": "Organization", "L": "Place", "J": "Project", "B": "Brand", "P": "Person"}


def spans_of(marked: str) -> tuple[str, list[Span]]:
    """Read ``[区政协|O]赴[上海|L]考察`` into the sentence and its mentions."""
    text, spans = "", []
    for part in marked.split("["):
        name, bar, rest = part.partition("|")
        if bar:
            spans.append(Span(len(text), len(text) + len(name), SHORT[rest[0]]))
            text += name + rest[2:]
        else:
            text += part
    return text, spans


def drawn(marked: str, *, speaks: bool = True) -> set[tuple[str, str, str]]:
    text, spans = spans_of(marked)
    names = [text[s.begin : s.end] for s in spans]
    return {
        (ISSUER if c.head is None else names[c.head], c.type, names[c.tail])
        for c in relate_sentence(text, spans, speaks=speaks)
    }


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "建成[沧澜水库|J]、[云岭高铁|J]。",
            "@ISSUER IMPLEMENTS 沧澜水库; @ISSUER IMPLEMENTS 云岭高铁",
        ),
        ("[沧澜水库|J]开工建设。", "@ISSUER IMPLEMENTS 沧澜水库"),
        ("打造“[云岭议事厅|B]”协商品牌。", "@ISSUER OPERATES 云岭议事厅"),
        ("[市水利局|O]打造“[河长在线|B]”平台。", "市水利局 OPERATES 河长在线"),
        ("与[沧州市政协|O]签订合作协议。", "@ISSUER COOPERATES_WITH 沧州市政协"),
        ("[甲集团|O]与[乙大学|O]签署战略合作协议。", "甲集团 COOPERATES_WITH 乙大学"),
        ("新成立[县数据局|O]。", "@ISSUER FOUNDED 县数据局"),
        ("[县政协|O]主席[李大山|P]赴[上海市|L]考察。", "李大山 VISITED 上海市"),
        ("[县政协|O]主席[李大山|P]赴[上海市|L]考察。", "李大山 HOLDS_POSITION 县政协"),
        ("[云岭村|L]被[省文旅厅|O]评为示范村。", "云岭村 RECOGNISED_BY 省文旅厅"),
        ("位于[河西街道|L]的[云岭产业园|L]投入运营。", "云岭产业园 LOCATED_IN 河西街道"),
        ("[云岭集团|O]旗下[沧澜供水公司|O]扭亏为盈。", "沧澜供水公司 PART_OF 云岭集团"),
    ],
)
def test_draws(sentence, expected):
    assert {tuple(triple.split()) for triple in expected.split("; ")} <= drawn(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "深入学习贯彻[中共|O]二十大精神。",
        "不断加强[县政协|O]自身建设。",
        "在[省委|O]、[市委|O]的坚强领导下，各项事业取得新成绩。",
    ],
)
def test_draws_nothing(sentence):
    assert drawn(sentence) == set()


def test_news_has_no_unsaid_subject():
    sentence = "[沧澜水库|J]建成，打造“[云岭议事厅|B]”品牌。"
    assert {head for head, *_ in drawn(sentence)} == {ISSUER}
    assert ISSUER not in {head for head, *_ in drawn(sentence, speaks=False)}


def test_title_and_rule_are_said():
    text, spans = spans_of("[县政协|O]副主席[李大山|P]主持会议。")
    (claim,) = relate_sentence(text, spans, speaks=True)
    assert (claim.type, claim.title, claim.rule) == ("HOLDS_POSITION", "副主席", "post-before")
    assert claim.rule in {rule.name for rule in load_rules()}


WORDS = st.sampled_from("与 签约 考察 建设 的 ， 。 、 被 评为 主席 位于 打造 “ ” ABC 成立".split())
NAMES = st.tuples(
    st.sampled_from(["浙江", "市政协", "云岭", "A厂", "李大山"]), st.sampled_from(LABELS)
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(WORDS, NAMES), max_size=14), st.booleans())
def test_whatever_is_drawn_fits_the_ontology(parts, speaks):
    text, spans = "", []
    for part in parts:
        if isinstance(part, tuple):
            spans.append(Span(len(text), len(text) + len(part[0]), part[1]))
            text += part[0]
        else:
            text += part
    claims = relate_sentence(text, spans, speaks=speaks)
    seen = set()
    for claim in claims:
        head = label_of(spans, claim.head)
        assert allowed(claim.type, head, spans[claim.tail].label)
        assert speaks or claim.head is not None
        assert 0 < claim.confidence <= 1
        names = [
            ISSUER if claim.head is None else text[spans[claim.head].begin : spans[claim.head].end]
        ]
        names.append(text[spans[claim.tail].begin : spans[claim.tail].end])
        assert names[0] != names[1]
        key = (claim.type, *(sorted(names) if RELATIONS[claim.type].symmetric else names))
        assert key not in seen
        seen.add(key)


def test_a_long_sentence_is_read_to_its_end():
    text, spans = spans_of("统筹推进各项工作，" * 80 + "建成[沧澜水库|J]。")
    assert len(text) > 700
    assert [c.type for c in relate_sentence(text, spans, speaks=True)] == ["IMPLEMENTS"]


def test_a_batch_is_read_as_its_sentences_are():
    """Numbers of mentions and unsaid subjects run through a batch; no sentence meets another's."""
    marked = [
        "[甲集团|O]与[乙大学|O]签署战略合作协议。",
        "建成[沧澜水库|J]、[云岭高铁|J]。",
        "[县政协|O]副主席[李大山|P]赴[云岭镇|L]调研。",
    ]
    sentences = [spans_of(each) for each in marked]
    sentences = [(text, spans, candidates(spans, True)) for text, spans in sentences]
    reader = load_reader()
    together = reader.read(sentences, speaks=True)
    for one, scores in zip(sentences, together, strict=True):
        (alone,) = reader.read([one], speaks=True)
        assert scores.shape == (len(one[2]), len(RELATIONS))
        # Activations are quantised by batch.
        assert np.abs(scores - alone).max() < 1.0
        assert np.corrcoef(scores.ravel(), alone.ravel())[0, 1] > 0.99


def test_a_reader_that_is_missing_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"nothing\.onnx"):
        Reader(tmp_path / "nothing.onnx")


def document(kind: str, issuer: str | None) -> Document:
    text = "建成沧澜水库。"
    sentence = Sentence("d:0", 0, len(text), text, tuple(range(len(text))), status="done")
    inner = Mention(2, 4, "沧澜", "Place", 0, 2, 0.5, "gazetteer")
    outer = Mention(2, 6, "沧澜水库", "Project", 0, 2, 0.9, "model")
    return Document(
        "d", "d.txt", text, header=Header(kind=kind, issuer=issuer), sentences=(sentence,),
        mentions=(inner, outer),
    )  # fmt: skip


def test_relate_fills_the_document():
    (relation,) = relate(document("政府工作报告", "云岭县人民政府")).relations
    assert (relation.head, relation.type, relation.tail) == (None, "IMPLEMENTS", 1)
    assert (relation.sentence, relation.status) == (0, "done")


def test_a_relation_is_no_surer_than_its_ends():
    whole = document("政府工作报告", "云岭县人民政府")
    dam = whole.mentions[1]
    span = Span(dam.begin, dam.begin + len(dam.text), dam.type)
    (claim,) = relate_sentence(whole.text, [span], speaks=True)
    (relation,) = relate(whole).relations
    assert relation.confidence == pytest.approx(dam.confidence * claim.confidence)
    doubtful = replace(dam, confidence=0.3)
    assert relate(replace(whole, mentions=(doubtful,))).relations == ()


def test_what_is_so_and_what_was_is_not_planned():
    text = "贯彻习近平总书记考察上海重要讲话精神，组织委员参观中共一大纪念馆，建成沧澜水库。"
    sentence = Sentence("d:0", 0, len(text), text, tuple(range(len(text))), status="planned")
    names = (
        *(("习近平", "Person"), ("上海", "Place"), ("中共一大纪念馆", "Place")),
        ("沧澜水库", "Project"),
    )
    mentions = tuple(
        Mention((at := text.index(name)), at + len(name), name, label, 0, at, 1.0, "model")
        for name, label in names
    )
    header = Header(kind="政府工作报告", issuer="云岭县人民政府")
    found = relate(
        Document("d", "d.txt", text, header=header, sentences=(sentence,), mentions=mentions)
    )
    by_tail = {mentions[r.tail].text: (r.head, r.type, r.status) for r in found.relations}
    assert by_tail["上海"] == (0, "VISITED", "done")
    assert by_tail.get("中共一大纪念馆", (None,))[0] is None
    assert by_tail["沧澜水库"] == (None, "IMPLEMENTS", "planned")


@pytest.mark.parametrize(("kind", "issuer"), [("新闻", "云岭县融媒体中心"), ("其他", None)])
def test_no_issuer_no_unsaid_subject(kind, issuer):
    assert relate(document(kind, issuer)).relations == ()
    assert not issuer_speaks(Header(kind=kind, issuer=issuer))


def test_sentences_of_other_scripts_and_without_mentions_are_left_alone():
    empty = replace(document("政府工作报告", "某"), mentions=())
    assert relate(empty).relations == ()


def test_a_broken_model_is_one_clear_line(tmp_path):
    broken = tmp_path / "model.npz"
    broken.write_bytes(b"not a model")
    with pytest.raises(ModelError, match=r"training\.relations writes it"):
        load_model(broken)


def test_a_broken_rule_is_one_clear_line(tmp_path):
    table = tmp_path / "rules.tsv"
    table.write_text("name\trelation\tconfidence\tpattern\nbad\tIMPLEMENTS\t0.9\t<t:J>(\n", "utf-8")
    with pytest.raises(ModelError, match="rule bad"):
        load_rules(table)


def test_names_in_quotes_side_by_side_are_one_list():
    text, spans = spans_of("推出“[江月|B]”“[江花|B]”系列，“[江月|B]”在[甲县|L]")
    assert encode(text, spans).text == "推出B系列，B在L"


@pytest.mark.parametrize(
    ("folder", "relations", "f1", "precision"),
    [("written", 263, 0.78, 0.82), ("fresh", 558, 0.89, 0.90)],
)
def test_quality_on_county_documents(folder, relations, f1, precision):
    """What was measured on documents that no one trained on, less a margin of three points."""
    examples = read_relations(DATA / folder / "dev.jsonl")
    scores = score(gold(examples), drawn_on_gold_mentions(examples))
    assert scores["all"].gold == relations
    assert scores["all"].f1 >= f1
    assert scores["all"].precision >= precision
