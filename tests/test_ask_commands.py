"""``zhitu query``, ``queries``, ``find`` and ``shell`` as a person runs them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cypher.queries import library
from graph.store import Store, connect
from tests.asking_graph import DOCUMENTS
from zhitu import shell
from zhitu.cli import main
from zhitu.commands.ask import parameters
from zhitu.errors import UsageError
from zhitu.settings import Settings

NAMES = "MATCH (n:Organization) RETURN n.name AS name, n.aliases AS aliases ORDER BY name"


@pytest.fixture(scope="module")
def served(uri: str) -> Iterator[Store]:
    """The graph held open, so that commands join it quickly."""
    with connect(uri) as store:
        yield store


@pytest.fixture
def zhitu(served: Store, uri: str, capfd: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch):
    """Run a command line in this process: (exit code, standard output, standard error)."""
    monkeypatch.setenv("ZHITU_STORE", uri)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments])
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return run


def process(uri: str, command: str, **options) -> subprocess.CompletedProcess:
    environment = {**os.environ, "ZHITU_STORE": uri, "PATH": _path()}
    return subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, timeout=120, **options
    )


def _path() -> str:
    return f"{Path(sys.executable).parent}:{os.environ['PATH']}"


def test_json_is_one_array_and_nothing_else(zhitu):
    code, out, err = zhitu("query", NAMES, "--format", "json", "--limit", "2")
    rows = json.loads(out)
    assert code == 0
    assert [list(row) for row in rows] == [["name", "aliases"]] * 2
    assert "truncated: only the first 2 rows" in err


def test_an_empty_answer_is_an_empty_array(zhitu):
    code, out, err = zhitu("query", "MATCH (n:Person {name: '谁'}) RETURN n", "-f", "json")
    assert (code, json.loads(out), err) == (0, [], "")


def test_csv_has_a_heading_and_reads_back(zhitu):
    _, out, _ = zhitu("query", NAMES, "--format", "csv")
    rows = list(csv.DictReader(out.splitlines()))
    assert {"name": "浙江省衢州市柯城区教育局", "aliases": "区教育局"} in rows


def test_a_table_in_a_pipe_cuts_nothing(zhitu):
    _, out, _ = zhitu("query", "MATCH (s:Sentence) RETURN s.text AS text, s.id AS id")
    assert all(s.text in out and s.id in out for d in DOCUMENTS for s in d.sentences)


def test_parameters_have_their_kinds(zhitu):
    query = "RETURN $a AS a, $b AS b, $c AS c, $d AS d, $e AS e"
    given = ["a=5", "b=柯城", "c=[1, 2]", "d='5'", "e="]
    options = [word for pair in given for word in ("--param", pair)]
    _, out, _ = zhitu("query", query, *options, "-f", "json")
    assert json.loads(out) == [{"a": 5, "b": "柯城", "c": [1, 2], "d": "5", "e": ""}]


@pytest.mark.parametrize("given", [["name"], ["=x"], ["a=1", "a=2"]])
def test_parameters_that_cannot_be_read(given: list[str]):
    with pytest.raises(UsageError, match="--param"):
        parameters(given)


def test_a_named_query_runs_by_its_name(zhitu):
    code, out, err = zhitu("query", "brands-of", "-p", "name=柯城区政协", "-f", "json")
    assert (code, err) == (0, "")
    assert {row["brand"] for row in json.loads(out)} == {"民生议事堂"}


def test_a_query_comes_from_standard_input(uri: str, served: Store):
    text = "\ufeff// 机构\nMATCH (n:Organization)\nRETURN count(n) AS n;\n"
    done = process(uri, "zhitu query - --format json", input=text.encode())
    assert json.loads(done.stdout) == [{"n": 8}]
    wrong = process(uri, "zhitu query -", input="RETURN '柯城'".encode("gb18030"))
    assert wrong.returncode == 2
    assert wrong.stderr.decode().count("\n") == 1
    assert "not UTF-8" in wrong.stderr.decode()


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_a_pipe_that_ends_early_is_no_error(uri: str, served: Store, form: str):
    many = f"zhitu query 'UNWIND range(1, 60000) AS x RETURN x' -n 60000 -f {form} | head -n 2"
    done = process(uri, many)
    assert done.stdout.count(b"\n") == 2
    assert done.stderr == b""


def test_output_is_utf8_whatever_the_locale(uri: str, served: Store):
    done = process(uri, "LC_ALL=C PYTHONIOENCODING=ascii zhitu find 议事 -f json")
    assert json.loads(done.stdout.decode("utf-8"))[0]["name"] == "民生议事堂"


def test_files_take_the_form_of_their_name(zhitu, tmp_path: Path):
    import pyarrow.parquet

    for name in ("机构.csv", "机构.json", "机构.parquet", "机构.txt"):
        code, out, err = zhitu("query", NAMES, "-o", str(tmp_path / name))
        assert (code, out) == (0, "")
        assert name in err
    table = pyarrow.parquet.read_table(tmp_path / "机构.parquet").to_pylist()
    assert table == json.loads((tmp_path / "机构.json").read_text("utf-8"))
    assert (tmp_path / "机构.csv").read_bytes().startswith(b"\xef\xbb\xbfname,aliases\n")


def test_parquet_holds_values_of_every_kind(zhitu, tmp_path: Path):
    import pyarrow.parquet

    query = (
        "MATCH p = (a:Organization)-[r:OPERATES]->(b:Brand) RETURN a, r, p, 1 AS i, 2.5 AS f, "
        "null AS n, [1, 'x'] AS mixed, date('2024-01-31') AS d ORDER BY b.name"
    )
    code, _, _ = zhitu("query", query, "-o", str(tmp_path / "x.parquet"))
    assert code == 0
    rows = pyarrow.parquet.read_table(tmp_path / "x.parquet").to_pylist()
    assert rows[0]["d"] == "2024-01-31"
    assert json.loads(rows[0]["a"])["labels"] == ["Entity", "Organization"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["query", "MATCH (n) RETRUN n"], 1, "nearest: RETURN"),
        (["query", "MATCH (n) DETACH DELETE n"], 1, "--write allows it"),
        (["query", "post-of"], 2, "nearest: posts-of"),
        (["query", "posts-of"], 2, "posts-of needs name"),
        (["query", "posts-of", "-p", "nam=x"], 2, "nearest: name"),
        (["query", "posts-of", "-p", "name=张三丰"], 1, "nearest: 张三"),
        (["query", "posts-of", "-p", "name=张三", "--write"], 2, "named queries only read"),
        (["query", "RETURN 1", "--limit", "0"], 2, "at least 1 row"),
        (["query", "RETURN 1", "--timeout", "0"], 2, "more than 0 seconds"),
        (["query", "RETURN 1", "-f", "parquet"], 2, "add --output"),
        (["query", "RETURN 1", "-o", "x.docx"], 2, "does not say the form"),
        (["query", "RETURN 1", "-o", "/nowhere/x.csv"], 2, "cannot be written"),
        (["query", "RETURN 1", "--store", "file:/nowhere/at/all"], 1, "/nowhere/at/all"),
        (["query", "RETURN $x"], 1, "add --param x="),
        (["find", " "], 2, "nothing to search for"),
        (["find", "x", "--type", "Organisation"], 2, "nearest: Organization"),
    ],
)
def test_an_error_is_one_line(zhitu, arguments: list[str], code: int, message: str):
    got, out, err = zhitu(*arguments)
    assert (got, out) == (code, "")
    assert message in err
    assert err.count("\n") == 1


def test_unknown_labels_are_pointed_out(zhitu):
    code, out, err = zhitu("query", "MATCH (n:Organisation) RETURN n.nmae", "-f", "json")
    assert (code, json.loads(out)) == (0, [])
    assert "no label Organisation; nearest: Organization" in err
    assert "no property nmae; nearest: name" in err


def test_writing_is_asked_for_openly(zhitu):
    code, _, _ = zhitu("query", "CREATE (:Note {id: 'n1'}) RETURN 1 AS x", "--write")
    assert code == 0
    _, out, _ = zhitu("query", "MATCH (n:Note) RETURN count(n) AS n", "-f", "json")
    assert json.loads(out) == [{"n": 1}]
    zhitu("query", "MATCH (n:Note) DELETE n", "--write")


def test_find_lists_type_aliases_and_documents(zhitu):
    _, out, _ = zhitu("find", "区政协", "-f", "json", "-n", "1")
    (found,) = json.loads(out)
    assert found["type"] == "Organization"
    assert found["aliases"] == ["区政协"]
    assert "柯城区政协报告2024.txt" in found["documents"]
    _, table, _ = zhitu("find", "区政协")
    assert "组织机构 Organization" in table
    code, out, err = zhitu("find", "量子引力", "-f", "json")
    assert (code, json.loads(out)) == (0, [])
    assert "nothing is called 量子引力" in err


def test_queries_lists_all_or_those_that_fit(zhitu):
    _, out, _ = zhitu("queries")
    assert all(f"  {name}\n" in out for name in library())
    _, out, _ = zhitu("queries", "品牌", "-f", "json")
    assert {q["name"] for q in json.loads(out)} >= {"brands-of", "brands-of-place"}
    code, out, err = zhitu("queries", "没有的词")
    assert (code, out) == (0, "")
    assert "no query fits 没有的词; zhitu queries lists all" in err


def test_the_name_of_a_query_shows_its_cypher(zhitu):
    _, out, _ = zhitu("queries", "projects-of")
    assert "--param status=…" in out
    assert "MATCH (actor:Entity {name: $name})-[r:IMPLEMENTS|PARTICIPATES_IN]->" in out
    assert "brands-of" not in out


def test_the_examples_of_the_queries_are_command_lines(zhitu):
    for query in library().values():
        assert query.example_line.startswith(f"zhitu query {query.name}")


def test_asking_imports_no_recogniser(uri: str, served: Store):
    check = (
        "import sys; from zhitu.cli import main; "
        "main(['query', 'RETURN 1 AS x']); main(['find', '议事']); main(['queries']); "
        "main(['query', 'posts-of', '-p', 'name=张三']); "
        "print(sorted({'torch', 'hanlp', 'onnxruntime', 'networkx', 'pandas'} & set(sys.modules)))"
    )
    done = process(uri, f'python -c "{check}"')
    assert done.stdout.decode().splitlines()[-1] == "[]"


# The shell


@pytest.fixture
def asked(served: Store) -> shell.Shell:
    return shell.Shell(served, Settings(query_limit=5))


def test_the_shell_answers_one_entry_after_the_other(asked: shell.Shell, capsys):
    entries = [
        ":set name 民生议事堂",
        ":format json",
        "MATCH (b:Brand {name: $name}) RETURN b.name AS name;",
        "brands-of name=柯城区政协",
        "MATCH (n) RETRUN n;",
        ":write maybe",
        ":nothing",
        "CREATE (:Note);",
        "MATCH (n) RETURN n.id AS id;",
    ]
    assert all(asked.answer(entry) for entry in entries)
    assert not asked.answer(":quit")
    out, err = capsys.readouterr()
    assert '{"name": "民生议事堂"}' in out
    assert '"brand": "民生议事堂"' in out
    for message in ("nearest: RETURN", "on or off", "no command :nothing", "CREATE", "truncated"):
        assert message in err


def test_the_shell_reads_a_script_from_standard_input(uri: str, served: Store):
    script = ":find 议事\nMATCH (n:Brand)\nRETURN n.name\nORDER BY n.name;\nRETURN 1 AS one\n\n"
    done = process(uri, "zhitu shell", input=script.encode())
    assert done.returncode == 0
    assert "鲜辣常山" in done.stdout.decode()
    assert "one" in done.stdout.decode()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("MATCH (o:Or", "Organization"),
        ("MATCH (o:Entity&Pl", None),
        ("MATCH (o)-[r:LOC", "LOCATED_IN"),
        ("MATCH (o)-[:OPERATES|FOU", "FOUNDED"),
        ("MATCH (o) WHERE o.na", "name"),
        ("MATCH (o) RET", "RETURN"),
        ("MATCH (o) RETURN cou", "count"),
        ("MATCH (o {name: '议事", "民生议事堂"),
        ("proj", "projects-of"),
        ("projects-of na", "name="),
        ("projects-of name=议事", "民生议事堂"),
        (":fi", "find"),
    ],
)
def test_the_shell_completes(served: Store, typed: str, expected: str | None):
    offered = [text for text, _, _ in shell.completions(typed, shell.Names(served))]
    assert (expected in offered) if expected else offered == []


def test_the_shell_in_a_terminal_keeps_its_history(served: Store, tmp_path, monkeypatch, capsys):
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("MATCH (n:Brand)\rRETURN count(n) AS brands;\r\x03\x04")
        shell.run_shell(served, Settings())
    assert "brands" in capsys.readouterr().out
    history = tmp_path / "zhitu" / "history"
    assert "RETURN count(n) AS brands;" in history.read_text("utf-8")
    assert history.stat().st_mode & 0o077 == 0
