"""``zhitu why``: the evidence behind a relation, on both stores."""

from __future__ import annotations

import json

import pytest

from cypher.evidence import evidence
from graph.store import connect
from tests.builder import KECHENG
from zhitu.cli import main
from zhitu.errors import QueryError, UsageError


@pytest.fixture
def loaded(store):
    store.load([KECHENG], version="1")
    return store


def test_every_sentence_its_document_and_position(loaded):
    (one, two) = evidence(loaded, "区政协", "IMPLEMENTS", "寺桥水库")
    assert [one.sentence, two.sentence] == [KECHENG.sentences[0].text, KECHENG.sentences[2].text]
    assert one.document == "柯城.txt"
    assert KECHENG.text[two.start : two.end] == two.sentence
    assert one.said == {one.head: "区政协", "寺桥水库": "寺桥水库"}


def test_the_unsaid_subject_is_told(loaded):
    (one,) = evidence(loaded, "区政协", "运营", "民生议事堂")
    assert one.head == "政协浙江省衢州市柯城区委员会"
    assert one.sentence == KECHENG.sentences[1].text


def test_links_of_the_gazetteer_have_no_sentence(loaded):
    (one,) = evidence(loaded, "柯城", "位于", "衢州")
    assert (one.sentence, one.source) == (None, "gazetteer")


def test_what_nobody_says_is_an_error_that_tells_what_there_is(loaded):
    with pytest.raises(QueryError, match=r"between the two there is: .*IMPLEMENTS"):
        evidence(loaded, "区政协", "FOUNDED", "寺桥水库")
    with pytest.raises(QueryError, match="no entity is called"):
        evidence(loaded, "无此机构", "FOUNDED", "寺桥水库")
    with pytest.raises(UsageError, match="no such relation"):
        evidence(loaded, "区政协", "LOVES", "寺桥水库")


def test_the_command(embedded_uri, capsys):
    with connect(embedded_uri) as store:
        store.load([KECHENG], version="1")
    assert not main(["why", "区政协", "实施", "寺桥水库", "--store", embedded_uri])
    printed = capsys.readouterr().out
    assert printed.startswith("1. 柯城.txt  字符 0–")
    assert "句中写作“区政协”" in printed
    call = ["why", "区政协", "IMPLEMENTS", "寺桥水库", "--format", "json", "--store", embedded_uri]
    assert not main(call)
    assert [row["start"] for row in json.loads(capsys.readouterr().out)] == [
        KECHENG.sentences[0].start,
        KECHENG.sentences[2].start,
    ]
    assert main(["why", "区政协", "FOUNDED", "寺桥水库", "--store", embedded_uri]) == 1
    assert "no document says" in capsys.readouterr().err
