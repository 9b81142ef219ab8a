"""The guard: what may write never gets through, what only reads always does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cypher.guard import REASONS, check
from cypher.run import run
from graph.store import Store
from zhitu.errors import QueryError, WriteRefused

# Each would write, reach outside the graph, call what is not known to read, or smuggle a
# second statement; the word is what the refusal has to name.
ATTEMPTS: tuple[tuple[str, str], ...] = (
    # Plain clauses, in any case and place
    ("CREATE (:Hack)", "CREATE"),
    ("create (:Hack)", "CREATE"),
    ("CrEaTe (:Hack)", "CREATE"),
    ("MERGE (:Hack {id: 'x'})", "MERGE"),
    ("MATCH (n) MERGE (n)-[:LOCATED_IN]->(n)", "MERGE"),
    ("MATCH (n) SET n.name = 'x'", "SET"),
    ("MATCH (n) SET n:Hack", "SET"),
    ("MATCH (n) SET n += {name: 'x'} RETURN n", "SET"),
    ("MATCH (n) REMOVE n.name", "REMOVE"),
    ("MATCH (n) REMOVE n:Entity", "REMOVE"),
    ("MATCH (n) DELETE n", "DELETE"),
    ("MATCH (n) DETACH DELETE n", "DETACH"),
    ("MATCH (n) NODETACH DELETE n", "NODETACH"),
    ("MATCH (n) WITH n LIMIT 1 DETACH DELETE n RETURN count(*)", "DETACH"),
    ("INSERT (:Hack)", "INSERT"),
    ("UNWIND [1, 2] AS x CREATE (:Hack {x: x})", "CREATE"),
    ("MATCH (n) FOREACH (x IN [1] | CREATE (:Hack))", "FOREACH"),
    ("MATCH (n) FOREACH (x IN [1] | SET n.name = x)", "FOREACH"),
    ("RETURN 1 AS x UNION CREATE (h:Hack) RETURN 1 AS x", "CREATE"),
    ("OPTIONAL MATCH (n) CREATE (:Hack) RETURN n", "CREATE"),
    ("CALL { CREATE (:Hack) } RETURN 1", "CREATE"),
    ("CALL { CREATE (h:Hack) RETURN h } RETURN h", "CREATE"),
    ("MATCH (n) CALL (n) { SET n.name = 'x' } RETURN n", "SET"),
    ("MATCH (n) WHERE EXISTS { CREATE (:Hack) } RETURN n", "CREATE"),
    ("MATCH (n) RETURN COUNT { MATCH (n) DELETE n }", "DELETE"),
    ("EXPLAIN CREATE (:Hack)", "CREATE"),
    ("PROFILE MATCH (n) DELETE n", "DELETE"),
    ("CYPHER 5 CREATE (:Hack)", "CREATE"),
    ("CYPHER planner=cost runtime=slotted MERGE (:Hack)", "MERGE"),
    ("cypher 25 profile insert (:Hack)", "INSERT"),
    # Comments
    ("/* 只读 */ CREATE (:Hack)", "CREATE"),
    ("MATCH (n) /* x */ DELETE /* y */ n", "DELETE"),
    ("MATCH (n) // 注释\nDELETE n", "DELETE"),
    ("MATCH (n) // 注释\rDELETE n", "DELETE"),
    ("// 'a\nMATCH (n) DELETE n // '", "DELETE"),
    ("// \r ' \n CREATE (:Hack) // '", "CREATE"),
    ("/* ' */ CREATE (:Hack) /* ' */", "CREATE"),
    ("/* /* */ CREATE (:Hack) /* */", "CREATE"),
    ("MATCH (n) WITH n /**/CREATE/**/(:Hack)", "CREATE"),
    ("// x \u2028 ' \n CREATE (:Hack) // '", "U+2028"),
    ("/* \x85 */ RETURN 1", "U+0085"),
    ("RETURN 1 /* CREATE (:Hack)", "comment"),
    # Strings and backticks
    ("RETURN 'a\\'' CREATE (:Hack)", "CREATE"),
    ("RETURN 'a\\\\' CREATE (:Hack)", "CREATE"),
    ('RETURN "\'" CREATE (:Hack) RETURN "\'"', "CREATE"),
    ("RETURN '//' CREATE (:Hack)", "CREATE"),
    ("RETURN '/*' CREATE (:Hack) RETURN '*/'", "CREATE"),
    ("MATCH (`a'`) CREATE (`b'`:Hack)", "CREATE"),
    ("MATCH (`a``'`) CREATE (`b'`:Hack)", "CREATE"),
    ("RETURN `\\` AS a CREATE (:Hack) RETURN `", "backslash"),
    ("RETURN 'a\nCREATE (:Hack)", "string"),
    ("RETURN 1 AS `x CREATE (:Hack)", "name"),
    # Unicode escapes, which Neo4j translates before it parses
    ("\\u0043REATE (:Hack)", "CREATE"),
    ("\\u0043\\u0052\\u0045\\u0041\\u0054\\u0045 (:Hack)", "CREATE"),
    ("MATCH (n) \\u0044ELETE n", "DELETE"),
    ("MATCH (n) S\\u0045T n.name = 'x'", "SET"),
    ("RETURN '\\u0027 CREATE (:Hack) RETURN \\u0027'", "CREATE"),
    ('RETURN "\\u0022 CREATE (:Hack) //"', "CREATE"),
    ("RETURN `\\u0060 CREATE (:Hack) //`", "CREATE"),
    ("// \\u000aCREATE (:Hack)", "CREATE"),
    ("/* \\u002a\\u002f CREATE (:Hack) //*/", "CREATE"),
    ("RETURN '\\u005cu0027 CREATE (:Hack) //'", "CREATE"),
    ("\\uu0043REATE (:Hack)", "CREATE"),
    # Letters that fold to ASCII, invisible characters
    ("MATCH (n) \u017fET n.name = 'x'", "SET"),
    ("ＣＲＥＡＴＥ (:Hack)", "CREATE"),
    ("CRE\u200bATE (:Hack)", "U+200B"),
    ("MATCH (n)\u00a0DELETE\u00a0n", "DELETE"),
    ("MATCH (n)\u3000DELETE\u3000n", "DELETE"),
    ("\ufeffCREATE (:Hack)", "CREATE"),
    ("RETURN 1\x00CREATE (:Hack)", "U+0000"),
    # Words run together, and what looks like a property
    ("RETURN 1CREATE (:Hack)", "runs into"),
    ("RETURN 1.CREATE (:Hack)", "CREATE"),
    ("RETURN 1. CREATE (:Hack)", "CREATE"),
    ("RETURN [1][0..1]CREATE (:Hack)", "CREATE"),
    ("MATCH (n)CREATE(:Hack)", "CREATE"),
    ("RETURN $p CREATE (:Hack)", "CREATE"),
    ("RETURN $ CREATE (:Hack)", "CREATE"),
    # Schema and administration
    ("CREATE INDEX hack FOR (n:Entity) ON (n.name)", "CREATE"),
    ("CREATE CONSTRAINT hack FOR (n:Entity) REQUIRE n.name IS UNIQUE", "CREATE"),
    ("DROP INDEX entity_name", "DROP"),
    ("DROP DATABASE neo4j", "DROP"),
    ("ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'", "ALTER"),
    ("GRANT ROLE admin TO reader", "GRANT"),
    ("SHOW USERS", "SHOW"),
    ("TERMINATE TRANSACTIONS 'x'", "TERMINATE"),
    ("STOP DATABASE neo4j", "STOP"),
    ("USE system SHOW DATABASES", "USE"),
    ("MATCH (n) CALL { USE other MATCH (m) RETURN m } RETURN m", "USE"),
    # Files, addresses, procedures, functions of plug-ins
    ("LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line", "LOAD CSV"),
    ("load csv with headers from 'http://127.0.0.1/' as l return l", "LOAD CSV"),
    ("MATCH (n) LOAD/**/CSV FROM 'http://127.0.0.1/?' + n.name AS l RETURN l", "LOAD CSV"),
    ("CALL apoc.cypher.doIt('CREATE (:Hack)', {})", "apoc.cypher.doIt"),
    ("CALL `apoc`.`cypher`.`doIt`('CREATE (:Hack)', {})", "apoc.cypher.doIt"),
    ("CALL apoc . cypher . doIt('CREATE (:Hack)', {})", "apoc.cypher.doIt"),
    ("MATCH (n) CALL db.createLabel('Hack') RETURN n", "db.createLabel"),
    ("CALL dbms.killQuery('x')", "dbms.killQuery"),
    ("CALL db.labels.evil()", "db.labels.evil"),
    ("OPTIONAL CALL tx.setMetaData({a: 1})", "tx.setMetaData"),
    ("CALL $procedure", "CALL"),
    ("RETURN apoc.cypher.runFirstColumnSingle('RETURN 1', {})", "apoc.cypher"),
    ("RETURN `apoc`.load.json('http://127.0.0.1/')", "apoc.load.json"),
    ("MATCH (n) CALL (n) { RETURN 1 AS x } IN TRANSACTIONS RETURN x", "IN TRANSACTIONS"),
    ("CALL { RETURN 1 AS x } IN 4 CONCURRENT TRANSACTIONS RETURN x", "IN TRANSACTIONS"),
    # Several statements, other languages, nothing at all
    ("RETURN 1; CREATE (:Hack)", "several statements"),
    ("MATCH (n) RETURN n; MATCH (n) DETACH DELETE n;", "several statements"),
    ("RETURN 1;; RETURN 2", "several statements"),
    ("RETURN ';' ; /* */ RETURN 2", "several statements"),
    ("RETURN '\\u0027; CREATE (:Hack); //'", "several statements"),
    (":param x => 1", "not with"),
    ("DELETE FROM Entity", "DELETE"),
    ("INSERT INTO Entity SET name = 'x'", "INSERT"),
    ("TRUNCATE TYPE Entity", "not with"),
    ("ALTER DATABASE `arcadedb.command.timeout` 0", "ALTER"),
    ("BEGIN", "BEGIN"),
    ("", "empty"),
    (" ; ", "empty"),
    ("// 只有注释", "empty"),
    ("EXPLAIN", "no statement"),
)

READING: tuple[str, ...] = (
    "MATCH (n:Organization) RETURN n.name;",
    "match (n) return count(*) ;  // 结束",
    "/* 说明：CREATE 不在这里 */ MATCH (n) RETURN n.name",
    "MATCH (n) WHERE n.name = 'CREATE (:Hack)' RETURN n",
    'MATCH (n) WHERE n.name CONTAINS "DELETE; DROP" RETURN n',
    "MATCH (n) WHERE n.name = 'it\\'s SET' RETURN n",
    "MATCH (n:`SET`) RETURN n",
    "MATCH (n)-[:`DELETE`]->(m) RETURN m",
    "MATCH (n:Set) RETURN n",
    "MATCH (n)-[:MERGE]->(m) RETURN m",
    "MATCH (n) RETURN n.set AS a, n . delete AS b, n.create",
    "RETURN {create: 1, set: 2, delete: 3} AS m",
    "MATCH (n {merge: 1}) RETURN n {.set, .name} AS m",
    "MATCH (n) RETURN n.name AS `DELETE`",
    "WITH $create AS x RETURN x",
    "WITH 1 AS created, 2 AS settled, 3 AS dropped RETURN created + settled + dropped",
    "RETURN '\\u4e2d\\u6587' AS 中文",
    "RETURN '\\u0041' AS a",
    "RETURN '\\\\u0027 CREATE (:Hack) //' AS a",
    "RETURN 'C:\\\\u盘' AS path",
    "MATCH (机构:Organization) RETURN 机构.name AS 名称",
    "UNWIND range(1, 3) AS x RETURN x, 1.5 AS y, 1e3 AS z, [1, 2, 3][0..2] AS s",
    "MATCH (n) RETURN n.name ORDER BY n.name SKIP 1 LIMIT 2",
    "MATCH p = shortestPath((a)-[*..3]-(b)) WHERE a.id < b.id RETURN length(p)",
    "CALL { MATCH (n) RETURN count(n) AS c } RETURN c",
    "MATCH (n) CALL { WITH n MATCH (n)-->(m) RETURN count(m) AS c } RETURN n.name, c",
    "CALL db.labels() YIELD label RETURN label",
    "CALL db.`labels`()",
    "RETURN date('2024-01-31') AS d, date.truncate('month', date('2024-01-31')) AS m",
    "RETURN duration.between(date('2024-01-01'), date('2024-02-01')) AS d",
    "WITH [1, 2] AS transactions WHERE 1 IN transactions RETURN transactions",
    "MATCH (n) WHERE n.name IS NOT NULL RETURN CASE WHEN n.x IS NULL THEN 1 ELSE 2 END AS c",
    "OPTIONAL MATCH (n:Person) RETURN n",
    "RETURN 1 AS x UNION ALL RETURN 2 AS x",
    "MATCH\u3000(n)\u3000RETURN n.name",
    "\ufeffMATCH (n) RETURN n.name",
    "MATCH (n)\r\nRETURN n.name\rLIMIT 1",
    "MATCH (n) RETURN [x IN labels(n) WHERE x <> 'Entity' | x] AS l",
    "MATCH (n) WHERE EXISTS { MATCH (n)-->(m) } RETURN COUNT { (n)--() } AS degree",
)


def test_the_table_is_as_long_as_was_asked_for():
    assert len(ATTEMPTS) >= 60
    assert len({query for query, _ in ATTEMPTS}) == len(ATTEMPTS)


@pytest.mark.parametrize(("query", "word"), ATTEMPTS)
def test_an_attempt_is_refused_with_its_reason(query: str, word: str):
    with pytest.raises(QueryError) as refusal:
        check(query)
    message = str(refusal.value)
    assert word in message
    assert "\n" not in message


@pytest.mark.parametrize("query", READING)
def test_what_only_reads_passes(query: str):
    assert len(check(query)) == len(query.removeprefix("\ufeff").replace("\r\n", "\n"))


def test_the_place_is_that_of_the_word():
    with pytest.raises(WriteRefused, match=r"line 2, column 3: DELETE"):
        check("MATCH (n) // DELETE\n  DELETE n")


@pytest.mark.parametrize("query", ["CREATE (:Hack)", "MATCH (n) SET n.a = 1", "DROP INDEX a"])
def test_writing_passes_where_it_is_asked_for(query: str):
    assert check(query, write=True) == query


@pytest.mark.parametrize("query", ["CREATE (:A); CREATE (:B)", "CREATE (:A) /*", ""])
def test_writing_is_no_licence_for_everything(query: str):
    with pytest.raises(QueryError):
        check(query, write=True)


_SPACE = st.sampled_from([" ", "\n", "\t", "\r", "\u3000", "/* */", "/*'*/", "//`\n", '//"\n'])
_HARMLESS = st.sampled_from(
    ["'甲'", '"乙"', "`丙`", "1", "'\\''", "'\\\\'", "$p", "[1..2]", "{a: 1}"]
)


@given(
    word=st.sampled_from(sorted(REASONS)),
    upper=st.lists(st.booleans(), min_size=9, max_size=9),
    escaped=st.integers(-1, 8),
    before=st.lists(st.tuples(_SPACE, _HARMLESS, _SPACE), max_size=3),
    after=_SPACE,
)
@settings(max_examples=300, deadline=None)
def test_no_spelling_of_a_writing_word_gets_past(word, upper, escaped, before, after):
    letters = [c.upper() if up else c.lower() for c, up in zip(word, upper, strict=False)]
    if 0 <= escaped < len(letters):
        letters[escaped] = f"\\u{ord(letters[escaped]):04x}"
    filler = "".join(a + b + c for a, b, c in before)
    with pytest.raises(QueryError):
        check(f"RETURN {filler} {''.join(letters)}{after}(n)")


def everything(store: Store) -> list:
    """All that the graph holds, for comparing."""
    nodes = store.read("MATCH (n) RETURN labels(n) AS l, properties(n) AS p ORDER BY p.name").rows
    ties = store.read("MATCH ()-[r]->() RETURN type(r) AS t, properties(r) AS p").rows
    return [sorted(map(repr, nodes)), sorted(map(repr, ties))]


def test_no_attempt_changes_the_graph(store: Store):
    store.write(
        "CREATE (:Entity:Place {id: 'a', name: '甲'})-[:LOCATED_IN {document: 'd'}]->"
        "(:Entity:Place {id: 'b', name: '乙'})"
    )
    before = everything(store)
    for query, _ in ATTEMPTS:
        with pytest.raises(QueryError):
            run(store, query, {"p": 1, "procedure": "x"}, timeout=5)
    assert everything(store) == before


def test_the_store_itself_keeps_readers_from_writing(store: Store):
    """What the guard refuses is sent past it: the store must hold as well."""
    store.write("CREATE (:Entity:Place {id: 'a', name: '甲'})")
    before = everything(store)
    writes = [
        "CREATE (:Hack)",
        "MERGE (:Hack {id: 'x'})",
        "MATCH (n) SET n.name = 'x'",
        "MATCH (n) REMOVE n.name",
        "MATCH (n) DETACH DELETE n",
        "MATCH (n) CALL { WITH n SET n.name = 'x' } RETURN n",
        "MATCH (n) FOREACH (x IN [1] | SET n.name = 'x')",
    ]
    for query in writes:
        with pytest.raises(WriteRefused):
            store.read(query)
    assert everything(store) == before


def test_what_only_reads_runs(store: Store):
    store.write("CREATE (:Entity:Organization {id: 'a', name: '甲'})")
    for query in READING:
        run(store, query, {"create": 1}, timeout=5)


def test_writing_has_to_be_asked_for(store: Store):
    with pytest.raises(WriteRefused, match="--write allows it"):
        run(store, "CREATE (:Entity:Place {id: 'x', name: '甲'})")
    run(store, "CREATE (:Entity:Place {id: 'x', name: '甲'})", write=True)
    assert run(store, "MATCH (n:Place) RETURN n.name AS name").rows == [("甲",)]
