"""The command line as a person meets it: real files, the real model, real stores."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zhitu.cli import main

EXAMPLES = Path(__file__).parents[1] / "examples"
KECHENG = EXAMPLES / "柯城区政协常委会工作报告2024.txt"
TEXT = """政协开化县委员会工作报告
2024年1月5日
开化县政协主席 王小明

一年来，县政协深化“开言商道”品牌。"""


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    """Every command finds no zhitu.db, corrections or settings but its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZHITU_STORE", raising=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """An embedded database with the examples, built once."""
    store = f"file:{tmp_path_factory.mktemp('built') / 'zhitu.db'}"
    assert main(["build", str(EXAMPLES), "--store", store]) == 0
    return store


def query(store: str, cypher: str, capsys) -> list[dict]:
    assert main(["query", cypher, "--store", store, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_second_build_changes_nothing_and_says_so(built, capsys):
    before = query(built, "MATCH (n) RETURN count(n) AS n", capsys)
    assert main(["build", str(EXAMPLES), "--store", built]) == 0
    assert "0 new, 0 replaced, 2 unchanged: nothing to do" in capsys.readouterr().err
    assert query(built, "MATCH (n) RETURN count(n) AS n", capsys) == before


def test_a_type_may_be_said_in_chinese(built, capsys, tmp_path):
    found = []
    for name in ("Brand", "brand", "品牌"):
        assert main(["find", "议事", "--type", name, "--store", built, "--format", "json"]) == 0
        found.append(capsys.readouterr().out)
    assert found[0] == found[1] == found[2] and "民生议事堂" in found[0]
    page = str(tmp_path / "x.html")
    drawn = ["show", "区政协", "--type", "项目", "--relation", "实施", "-o", page, "--store", built]
    assert main(drawn) == 0
    assert main(["find", "议事", "--type", "公司", "--store", built]) == 2
    assert "Organization 组织机构" in capsys.readouterr().err


def test_a_town_that_only_its_villages_name_is_found_by_its_own_name(built, capsys):
    whole = "浙江省衢州市柯城区沟溪乡"
    rows = query(built, f"MATCH (e:Place {{name: '{whole}'}}) RETURN e.aliases AS aliases", capsys)
    assert rows == [{"aliases": []}]
    assert main(["explain", "沟溪乡", "--store", built]) == 0
    assert whole in capsys.readouterr().out


def test_an_empty_answer_says_so(built, capsys):
    assert main(["query", "MATCH (n:Nobody) RETURN n.name", "--store", built]) == 0
    assert "0 rows" in capsys.readouterr().err


def test_the_graph_of_the_examples_answers(built, capsys):
    rows = query(
        built,
        "MATCH (d:Document)-[:ISSUED_BY]->(o:Organization) RETURN o.name AS issuer ORDER BY issuer",
        capsys,
    )
    assert [row["issuer"] for row in rows] == [
        "政协浙江省衢州市常山县委员会",
        "政协浙江省衢州市柯城区委员会",
    ]


def test_every_relationship_between_entities_from_text_has_evidence(built, capsys):
    rows = query(
        built,
        "MATCH (:Entity)-[r]->(:Entity) WHERE r.source = 'text' "
        "RETURN count(r) AS all, sum(CASE WHEN size(r.evidence) > 0 THEN 1 ELSE 0 END) AS told",
        capsys,
    )
    assert rows[0]["all"] == rows[0]["told"] > 0


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_the_answers_in_the_readme_are_the_real_ones(readme, built, capsys):
    text = (EXAMPLES.parent / readme).read_text(encoding="utf-8")
    shown = re.findall(r"\$ zhitu query '(.*?)'\n(.*?)\n```", text, flags=re.DOTALL)
    assert len(shown) == 3
    for cypher, answer in shown:
        assert main(["query", cypher, "--store", built]) == 0
        printed = capsys.readouterr().out.splitlines()
        assert [line.rstrip() for line in printed if line.strip()] == answer.splitlines()


def test_extract_prints_one_object_a_document_with_offsets_into_the_text(capsys):
    assert main(["extract", str(KECHENG), "--format", "jsonl"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    text = KECHENG.read_text(encoding="utf-8")
    assert found["document"] == KECHENG.name
    assert found["issuer"] == "政协浙江省衢州市柯城区委员会"
    assert {m["type"] for m in found["mentions"]} <= {
        "Organization",
        "Place",
        "Project",
        "Brand",
        "Person",
    }
    ids = {e["id"] for e in found["entities"]}
    for mention in found["mentions"]:
        spanned = "".join(text[mention["start"] : mention["end"]].split())
        assert spanned == "".join(mention["text"].split())
        assert mention["entity"] in ids
        assert mention["text"] in mention["sentence"]
    surfaces = {m["text"] for m in found["mentions"]} | {"@ISSUER"}
    for relation in found["relations"]:
        assert {relation["head"], relation["tail"]} <= surfaces
        assert relation["tail"] in relation["evidence"]


def test_good_files_are_built_and_bad_ones_listed(tmp_path, capsys):
    folder = tmp_path / "文件"
    folder.mkdir()
    (folder / "好.txt").write_text(TEXT, encoding="gb18030")
    (folder / "空.txt").write_text("", encoding="utf-8")
    (folder / "乱.txt").write_bytes(bytes(range(256)) * 20)
    assert main(["build", str(folder)]) == 1
    err = capsys.readouterr().err
    assert "空.txt" in err and "乱.txt" in err and "1 new" in err
    rows = query("file:zhitu.db", "MATCH (d:Document) RETURN d.name AS name", capsys)
    assert rows == [{"name": "好.txt"}]


def test_only_bad_files_make_no_table(tmp_path, capsys):
    (tmp_path / "空.txt").write_text("", encoding="utf-8")
    assert main(["build", str(tmp_path / "空.txt")]) == 1
    out, err = capsys.readouterr()
    assert "空.txt" in err and out == ""


def test_a_polite_kill_is_an_interruption_that_says_so(tmp_path):
    database = tmp_path / "zhitu.db"
    command = [sys.executable, "-m", "zhitu", "build", str(EXAMPLES), "--store", f"file:{database}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        while not database.exists():
            assert process.poll() is None
            time.sleep(0.05)
        process.terminate()
        assert process.wait(60) == 130
        assert "interrupted; what was finished is kept" in process.stderr.read()


def test_the_same_text_under_two_names_is_one_document(tmp_path, capsys):
    for name in ("甲.txt", "乙.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    assert main(["build", "甲.txt", "乙.txt"]) == 0
    assert "same text as 甲.txt, kept once: 乙.txt" in capsys.readouterr().err
    assert query("file:zhitu.db", "MATCH (d:Document) RETURN count(d) AS n", capsys) == [{"n": 1}]


def test_a_changed_file_replaces_its_document(tmp_path, capsys):
    Path("甲.txt").write_text(TEXT, encoding="utf-8")
    assert main(["build", "甲.txt"]) == 0
    Path("甲.txt").write_text(TEXT.replace("开言商道", "有事好商量"), encoding="utf-8")
    assert main(["build", "甲.txt"]) == 0
    assert "0 new, 1 replaced" in capsys.readouterr().err
    names = query("file:zhitu.db", "MATCH (b:Brand) RETURN b.name AS name", capsys)
    assert names == [{"name": "有事好商量"}]


def test_a_renamed_file_keeps_its_document_under_the_new_name(capsys):
    Path("甲.txt").write_text(TEXT, encoding="utf-8")
    assert main(["build", "甲.txt"]) == 0
    Path("甲.txt").rename("乙.txt")
    assert main(["build", "乙.txt"]) == 0
    assert "甲.txt is now 乙.txt" in capsys.readouterr().err
    rows = query("file:zhitu.db", "MATCH (d:Document) RETURN d.name AS name", capsys)
    assert rows == [{"name": "乙.txt"}]
    assert main(["build", "乙.txt"]) == 0
    assert "1 unchanged: nothing to do" in capsys.readouterr().err


def test_a_file_that_is_gone_is_told_and_its_document_kept(capsys):
    Path("报告").mkdir()
    Path("报告/甲.txt").write_text(TEXT, encoding="utf-8")
    Path("报告/乙.txt").write_text(TEXT.replace("开言商道", "有事好商量"), encoding="utf-8")
    assert main(["build", "报告"]) == 0
    assert "gone" not in capsys.readouterr().err
    Path("报告/乙.txt").unlink()
    assert main(["build", "报告"]) == 0
    assert "its file is gone, the graph keeps it: 乙.txt; zhitu remove 乙.txt" in (
        capsys.readouterr().err
    )
    assert main(["remove", "乙.txt"]) == 0
    assert main(["build", "报告"]) == 0
    assert "gone" not in capsys.readouterr().err


@pytest.mark.parametrize("order", [("甲.txt", "乙.txt"), ("乙.txt", "甲.txt")])
def test_a_text_that_another_file_still_holds_stays(order, capsys):
    Path("甲.txt").write_text(TEXT, encoding="utf-8")
    Path("乙.txt").write_text(TEXT, encoding="utf-8")
    assert main(["build", "甲.txt", "乙.txt"]) == 0
    Path("甲.txt").write_text(TEXT.replace("开言商道", "有事好商量"), encoding="utf-8")
    assert main(["build", *order]) == 0
    capsys.readouterr()
    rows = query("file:zhitu.db", "MATCH (d:Document) RETURN d.name AS name ORDER BY name", capsys)
    assert [row["name"] for row in rows] == ["乙.txt", "甲.txt"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["build", "没有.txt"], 2, "没有.txt"),
        (["build", "."], 2, "no document"),
        (["build"], 2, "PATH"),
        (["build", "x.txt", "--store", "mysql://x"], 2, "mysql"),
        (["stats", "--store", "neo4j://neo4j:p@127.0.0.1:1"], 1, "127.0.0.1:1"),
        (["frobnicate"], 2, "frobnicate"),
    ],
)
def test_bad_input_is_one_clear_line_and_a_non_zero_exit(arguments, code, said, capsys):
    Path("x.txt").write_text(TEXT, encoding="utf-8") if "x.txt" in arguments else None
    assert main(arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert captured.err.count("\n") == 1


def test_a_model_that_is_not_there_is_said_at_once(capsys):
    Path("x.txt").write_text(TEXT, encoding="utf-8")
    assert main(["extract", "x.txt", "--model", "没有这个模型"]) == 1
    assert "没有这个模型" in capsys.readouterr().err


def test_questions_and_help_never_load_the_recogniser():
    code = (
        "import sys; from zhitu.cli import main; main(['query', '--help']); "
        "sys.exit('torch' in sys.modules or 'hanlp' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
