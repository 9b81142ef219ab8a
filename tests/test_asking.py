"""Running Cypher and searching names: limits, errors with their place, the same on both stores."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from cypher.explain import explained, unknown_names
from cypher.find import find, lookup, resolve_name
from cypher.output import write_csv, write_json
from cypher.run import run, warnings_for
from cypher.values import plain, text
from graph.store import Store, connect
from tests.asking_graph import DOCUMENTS
from tests.conftest import empty
from zhitu.errors import QueryError, UsageError

KECHENG = "政协浙江省衢州市柯城区委员会"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, neo4j_uri: str) -> Iterator[list[Store]]:
    """The same documents in both stores."""
    empty(neo4j_uri)
    folder = tmp_path_factory.mktemp("asking")
    with connect(f"file:{folder / 'zhitu.db'}") as embedded, connect(neo4j_uri) as neo4j:
        for store in (embedded, neo4j):
            store.load(DOCUMENTS, version="1")
        yield [embedded, neo4j]


def test_what_exceeds_the_row_limit_is_said(both: list[Store]):
    for store in both:
        query = "UNWIND range(1, 10) AS x RETURN x"
        cut = run(store, query, limit=9)
        assert (len(cut.rows), cut.truncated) == (9, True)
        whole = run(store, query, limit=10)
        assert (len(whole.rows), whole.truncated) == (10, False)
        assert run(store, query).rows == [(x,) for x in range(1, 11)]


def test_what_exceeds_the_time_limit_is_stopped(both: list[Store]):
    query = (
        "UNWIND range(1, 9999) AS a UNWIND range(1, 9999) AS b UNWIND range(1, 9999) AS c "
        "WITH a * b * c AS x WHERE x = -1 RETURN count(x) AS n"
    )
    for store in both:
        began = time.monotonic()
        with pytest.raises(QueryError, match=r"stopped after 0\.5 s.*ZHITU_QUERY_TIMEOUT"):
            run(store, query, timeout=0.5)
        assert time.monotonic() - began < 20
        assert run(store, "RETURN 1 AS one", timeout=30).rows == [(1,)]


@pytest.mark.parametrize("limits", [{"limit": 0}, {"limit": -1}, {"timeout": 0}, {"timeout": -1.0}])
def test_limits_that_make_no_sense(embedded_store: Store, limits: dict):
    with pytest.raises(UsageError):
        run(embedded_store, "RETURN 1", **limits)


def test_values_are_sent_beside_the_query(both: list[Store]):
    for store in both:
        value = "' RETURN 1 } CREATE (:Hack) // \\u0027"
        assert run(store, "RETURN $v AS v", {"v": value}).rows == [(value,)]


def test_an_empty_result_keeps_its_headings(both: list[Store]):
    for store in both:
        result = run(
            store, "MATCH (n:Person {name: '谁'}) RETURN n.name AS 姓名, count(*) ORDER BY 姓名"
        )
        assert result.columns == ("姓名", "count(*)")


WRONG = [
    # query, what the message has to hold on either store
    ("MATCH (n) RETRUN n", ["line 1, column 11", "'RETRUN'", "nearest: RETURN"]),
    ("MATCH (n)\nRETURN n.name（", ["line 2, column 14", "full-width （", "wants ("]),
    ("MATCH (n RETURN n", ["line 1, column "]),
    ("MATCH (n) RETURN", ["line 1, column "]),
    ("MATCH (node) RETURN nod", ["line 1, column 21", "nod is not defined", "nearest: node"]),
    ("RETURN sizee('x')", ["line 1, column 8", "no function sizee()", "nearest: size"]),
    ("MATCH (n {name: $name}) RETURN n", ["line 1, column 17", "parameter name", "--param name="]),
    ("MATHC (n) RETURN n", ["line 1, column 1", "nearest: MATCH"]),
    ("RETURN 'x", ["line 1, column 8", "string does not end"]),
    ("RETURN 1/0", ["/ by zero"]),
]


@pytest.mark.parametrize(("query", "parts"), WRONG)
def test_an_error_shows_the_place_and_what_would_fit(both: list[Store], query: str, parts: list):
    for store in both:
        with pytest.raises(QueryError) as error:
            run(store, query)
        message = str(error.value)
        assert "\n" not in message
        assert len(message) < 300
        for part in parts:
            assert part in message


def test_the_place_survives_a_long_list_of_what_was_expected():
    message = "Invalid input 'X': expected " + "'WORD', " * 200 + "(line 3, column 2 (offset: 9))"
    assert explained(message, "MATCH\n(n)\n X", {}).startswith("line 3, column 2, at «X»: ")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("MATCH (n:Organisation) RETURN n", [("label", "Organisation", "Organization")]),
        ("MATCH (n:organization) RETURN n", [("label", "organization", "Organization")]),
        ("MATCH (n) WHERE n:Persn RETURN n", [("label", "Persn", "Person")]),
        ("MATCH (a)-[r:IMPLEMENT]->(b) RETURN a", [("type", "IMPLEMENT", "IMPLEMENTS")]),
        ("MATCH (a)-[:OPERATES|FOUND*1..2]->(b) RETURN a", [("type", "FOUND", "FOUNDED")]),
        ("MATCH (a)<-[r:PARTOF]-(b) RETURN a", [("type", "PARTOF", "PART_OF")]),
        ("MATCH (n) RETURN n.alias", [("property", "alias", "aliases")]),
        ("MATCH (n) WHERE n.nmae = 'x' RETURN n", [("property", "nmae", "name")]),
        ("MATCH (n) WITH {count: 1} AS m, n RETURN m.count, n.name", []),
        ("MATCH (n) WITH n.name AS x RETURN date('2024-01-01').year AS y", []),
        ("MATCH (n) RETURN n {.name, hits: 1} AS m", []),
        ("MATCH (n:Entity&Place)-[r:LOCATED_IN]->(:Place|Organization) RETURN r.evidence", []),
        ("RETURN 'MATCH (n:Wrong)' AS x // n.wrong", []),
    ],
)
def test_unknown_names_bring_their_nearest(query: str, names: list):
    found = [(hint.kind, hint.name, (*hint.nearest, "")[0]) for hint in unknown_names(query)]
    assert found == names


def test_a_parameter_that_is_not_used_is_said():
    assert warnings_for("RETURN $name", {"nam": 1}) == ["parameter nam is given and not used"]
    assert warnings_for("RETURN $`na me`", {"na me": 1}) == []


SEARCHES = [
    # text, types, the first that has to be found
    ("议事", None, "民生议事堂"),
    ("民生议事堂", None, "民生议事堂"),
    ("民生议事厅", None, "民生议事堂"),
    ("区政协", None, KECHENG),
    ("柯城区政协", None, KECHENG),
    ("柯城 政协", None, KECHENG),
    ("c919", None, "C919"),
    ("Ｃ９１９", None, "C919"),
    (" 水库 ", None, "寺桥水库"),
    ("柯城", ["Place"], "浙江省衢州市柯城区"),
    ("柯城", ["project"], "柯城抽水蓄能电站项目"),
    ("张", None, "张三"),
]


@pytest.mark.parametrize(("words", "types", "first"), SEARCHES)
def test_search_ranks_the_same_on_both_stores(both: list[Store], words, types, first):
    embedded, neo4j = (find(store, words, types=types) for store in both)
    assert embedded == neo4j
    assert embedded[0].name == first


def test_what_is_found_says_where(both: list[Store]):
    for store in both:
        brand = find(store, "议事")[0]
        assert (brand.type, brand.mentions) == ("Brand", 5)
        assert brand.documents == ("柯城区政协报告2024.txt", "柯城区政协报告2023.txt")
        assert find(store, "区政协")[0].aliases == ("区政协",)


def test_every_word_has_to_be_there(both: list[Store]):
    for store in both:
        assert find(store, "柯城 常山") == []
        assert find(store, "%_*'\"\\") == []
        assert len(find(store, "政协", limit=2)) == 2


@pytest.mark.parametrize(
    ("words", "options"), [("", {}), ("  ", {}), ("水", {"limit": 0}), ("水", {"types": ["Orgs"]})]
)
def test_a_search_that_makes_no_sense(embedded_store: Store, words: str, options: dict):
    with pytest.raises(UsageError):
        find(embedded_store, words, **options)


def test_names_are_looked_up_by_all_they_are_called(both: list[Store]):
    for store in both:
        for name in (KECHENG, "区政协", "柯城区政协", " 区政协 "):
            assert lookup(store, name) == [(f"Organization:{KECHENG}", KECHENG, "Organization")]
        assert resolve_name(store, "衢州市") == "浙江省衢州市"
        assert lookup(store, "没有") == []


def test_values_of_every_kind_become_plain(both: list[Store]):
    query = (
        "MATCH p = (a:Organization)-[r:OPERATES]->(b:Brand) WHERE b.name = '鲜辣常山' OR "
        "b.name = '请你来协商' RETURN a, r, p, date('2024-01-31') AS d, "
        "datetime('2024-01-31T08:00:00Z') AS t, duration('P1DT2H') AS u, [1, null, '甲'] AS l, "
        "{k: [date('2024-02-01')]} AS m, 1.5 AS f, true AS y, null AS n"
    )
    answers = []
    for store in both:
        row = dict(zip(*[(r := run(store, query)).columns, r.rows[0]], strict=True))
        values = {name: plain(value) for name, value in row.items()}
        json.dumps(values)
        assert values["a"]["labels"] == ["Entity", "Organization"]
        assert values["r"]["type"] == "OPERATES"
        assert values["r"]["start"] == values["a"]["properties"]["id"]
        assert values["r"]["end"] == "Brand:请你来协商"
        assert [n["properties"]["name"] for n in values["p"]["nodes"]][1] == "请你来协商"
        assert text(row["p"]) == "政协浙江省衢州市常山县委员会 -[OPERATES]-> 请你来协商"
        assert text(row["r"]) == "[OPERATES] “县政协唱响“请你来协商”。”"
        answers.append(values)
    assert answers[0] == answers[1]
    simple = {k: answers[0][k] for k in "dtulmfyn"}
    assert simple == {
        "d": "2024-01-31",
        "t": simple["t"],
        "u": "P1DT2H",
        "l": [1, None, "甲"],
        "m": {"k": ["2024-02-01"]},
        "f": 1.5,
        "y": True,
        "n": None,
    }
    assert simple["t"].startswith("2024-01-31T08:00:00")


def test_a_relationship_alone_says_its_ends(both: list[Store]):
    query = "MATCH ()-[r:RECOGNISED_BY]->() RETURN r"
    for store in both:
        value = plain(run(store, query).rows[0][0])
        assert set(value) == {"type", "start", "end", "properties"}
        assert not any("#" in str(v) for v in (value["start"], value["end"]))


def test_json_and_csv_are_the_same_on_both_stores(both: list[Store], tmp_path):
    query = "MATCH (n:Entity) RETURN n.name AS 名称, n.aliases AS 别名, n.lng AS lng ORDER BY 名称"
    pages = []
    for i, store in enumerate(both):
        result = run(store, query)
        for form, write in (("json", write_json), ("csv", write_csv)):
            with (tmp_path / f"{i}.{form}").open("w", encoding="utf-8") as file:
                write(result, file)
        pages.append([(tmp_path / f"{i}.{form}").read_text("utf-8") for form in ("json", "csv")])
    assert pages[0] == pages[1]
    rows = json.loads(pages[0][0])
    assert {"名称": "民生议事堂", "别名": rows[0]["别名"] and [], "lng": None}.keys() == rows[
        0
    ].keys()
    assert pages[0][1].splitlines()[0] == "名称,别名,lng"
