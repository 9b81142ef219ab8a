"""The library of named queries: its form, and the same answers on both stores."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cypher.columns import columns_of
from cypher.explain import unknown_names
from cypher.guard import check
from cypher.model import LABELS, TYPES
from cypher.queries import (
    KINDS,
    NamedQuery,
    bind,
    convert,
    documented,
    library,
    named,
    parse,
    run_named,
    search,
)
from graph.store import Store, connect
from tests.asking_answers import ASKED, KECHENG
from tests.asking_graph import DOCUMENTS
from tests.conftest import empty
from zhitu.errors import QueryError, UsageError

QUERIES = library()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, neo4j_uri: str) -> Iterator[list[Store]]:
    """The same documents in both stores."""
    empty(neo4j_uri)
    folder: Path = tmp_path_factory.mktemp("asking")
    with connect(f"file:{folder / 'zhitu.db'}") as embedded, connect(neo4j_uri) as neo4j:
        for store in (embedded, neo4j):
            store.load(DOCUMENTS, version="1")
        yield [embedded, neo4j]


def test_the_library_is_as_large_as_was_asked_for():
    assert len(QUERIES) >= 25
    assert set(QUERIES) == set(ASKED)


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
class TestForm:
    """What every file of the library has to have."""

    def test_it_asks_in_chinese_and_english(self, query: NamedQuery):
        assert re.search(r"[\u4e00-\u9fff].*？$", query.zh)
        assert re.fullmatch(r"[A-Z][ -~]*\?", query.en)
        assert query.topic in (
            "项目",
            "品牌",
            "人物",
            "往来",
            "机构",
            "地点",
            "实体",
            "文档",
            "核查",
        )
        assert query.words

    def test_its_parameters_are_those_of_the_text(self, query: NamedQuery):
        used = set(re.findall(r"\$(\w+)", query.text.split("\n", 2)[2]))
        assert used == {p.name for p in query.parameters}
        for parameter in query.parameters:
            assert parameter.kind in KINDS
            assert re.search(r"[\u4e00-\u9fff]", parameter.zh)

    def test_its_example_fits(self, query: NamedQuery):
        convert(query, query.example)

    def test_it_reads_and_names_only_what_the_graph_has(self, query: NamedQuery):
        check(query.text)
        assert unknown_names(query.text) == []

    def test_the_text_says_its_columns(self, query: NamedQuery):
        assert all(re.fullmatch(r"[a-z_]+", column) for column in columns_of(query.text))


@pytest.mark.parametrize("name", QUERIES)
def test_both_stores_give_the_same_answer(both: list[Store], name: str):
    given, expected = ASKED[name]
    embedded, neo4j = (run_named(store, name, given) for store in both)
    assert embedded.columns == neo4j.columns == columns_of(QUERIES[name].text)
    assert embedded.rows == neo4j.rows
    assert any(
        all(e is None or e == v for e, v in zip(expected, row, strict=True)) for row in neo4j.rows
    ), neo4j.rows


@pytest.mark.parametrize("name", QUERIES)
def test_both_stores_say_nothing_the_same_way(both: list[Store], name: str):
    """On values that fit nothing the answer is empty, with its headings."""
    values = {
        p.name: {"entity": "没有这个", "document": "没有", "label": "Person", "status": "done"}.get(
            p.kind, p.default
        )
        for p in QUERIES[name].parameters
    }
    results = [store.read(check(QUERIES[name].text), values) for store in both]
    assert results[0].rows == results[1].rows


@pytest.mark.parametrize("name", QUERIES)
def test_every_limit_is_said(both: list[Store], name: str):
    given, _ = ASKED[name]
    for store in both:
        whole = run_named(store, name, given)
        one = run_named(store, name, given, limit=1)
        assert one.rows == whole.rows[:1]
        assert one.truncated == (len(whole.rows) > 1)


def test_names_are_made_canonical(both: list[Store]):
    for store in both:
        values = bind(store, named("posts-of"), {"name": "区政协"})
        assert values == {"name": KECHENG}


def test_an_ambiguous_name_lists_what_it_may_be(both: list[Store]):
    for store in both:
        with pytest.raises(QueryError, match=r"县政协 may be any of 2 entities: .*常山县.*开化县"):
            run_named(store, "members-of", {"name": "县政协"})


def test_an_unknown_name_lists_the_nearest(both: list[Store]):
    for store in both:
        with pytest.raises(QueryError, match="no entity is called 民生议事厅; nearest: 民生议事堂"):
            run_named(store, "operators-of", {"name": "民生议事厅"})


def test_documents_go_by_a_part_of_their_name(both: list[Store]):
    for store in both:
        with pytest.raises(QueryError, match=r"several documents fit '柯城区'.*give an id"):
            run_named(store, "document-contents", {"document": "柯城区"})
        with pytest.raises(QueryError, match="no document's name or title holds '没有'"):
            run_named(store, "document-contents", {"document": "没有"})
        by_id = run_named(store, "document-contents", {"document": DOCUMENTS[3].id})
        assert len(by_id.rows) == 4


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("post-of", {}, "no query is called 'post-of'; nearest: posts-of"),
        ("品牌", {}, "no query is called '品牌'; nearest: brands-"),
        (
            "posts-of",
            {},
            r"posts-of needs name \(人物 · person\); for example: zhitu query posts-of",
        ),
        ("posts-of", {"nam": "张三"}, "posts-of has no parameter 'nam'; nearest: name"),
        ("relations-count", {"x": "1"}, "relations-count has no parameter 'x'; it takes none"),
        ("top-entities", {"top": "viele"}, "top='viele' is not whole number"),
        ("top-entities", {"top": 2.5}, "top=2.5 is not whole number"),
        ("top-entities", {"type": "Organisation"}, "nearest: Organization"),
        ("projects-of", {"name": "x", "status": "finished"}, "is not done or planned"),
        ("posts-of", {"name": 5}, "name=5 is not name or alias of an entity"),
    ],
)
def test_a_wrong_call_says_what_would_fit(name: str, values: dict, message: str):
    with pytest.raises(UsageError, match=message):
        convert(named(name), values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一个县的品牌", "brands-of-place"),
        ("谁和谁合作", "partners-of"),
        ("某人的职务", "posts-of"),
        ("最短路径", "path-between"),
        ("计划的项目", "projects-planned"),
        ("别名", "names-of"),
        ("两份文档共有", "documents-share"),
        ("timeline", "timeline-of"),
        ("which brands", "brands-of"),
    ],
)
def test_questions_are_found_in_both_languages(text: str, expected: str):
    assert expected in [query.name for query in search(text)][:3]


@pytest.mark.parametrize("text", ["量子引力", "没有的词", "天气怎么样", "有没有月亮", "词", "的"])
def test_nothing_fits_what_no_query_is_about(text: str):
    assert search(text) == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("// zh: 谁？\n// topic: 项目\nRETURN 1", "the header lacks en:"),
        (
            "// zh: 谁？\n// en: Who?\n// topic: 项目\n// param x: thing | 甲 | a\nRETURN $x",
            "parameter line 'x: thing",
        ),
    ],
)
def test_a_wrong_header_is_named(source: str, message: str):
    with pytest.raises(QueryError, match=message):
        parse("mine", source)


def test_every_query_is_documented():
    page = (Path(__file__).parents[1] / "docs" / "querying.md").read_text("utf-8")
    assert page.endswith(documented())


def test_the_queries_use_every_type_of_the_ontology():
    text = "\n".join(query.text for query in QUERIES.values())
    for relation in TYPES:
        assert relation in text
    for label in set(LABELS) - {"Sentence"}:
        assert f":{label}" in text or label == "Entity"
