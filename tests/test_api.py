"""Zhitu from Python: DataFrames, pictures, the example notebook."""

from __future__ import annotations

import datetime
import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas
import pytest

import zhitu
from zhitu.errors import QueryError, StoreError, UsageError, WriteRefused

ROOT = Path(__file__).parents[1]
KECHENG = "政协浙江省衢州市柯城区委员会"


@pytest.fixture(scope="module")
def kg(uri: str) -> Iterator[zhitu.KnowledgeGraph]:
    with zhitu.connect(uri) as kg:
        yield kg


def test_cypher_gives_a_frame(kg: zhitu.KnowledgeGraph):
    frame = kg.query("MATCH (b:Brand) RETURN b.name AS 品牌 ORDER BY 品牌")
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["品牌"]) == sorted(["C919", "民生议事堂", "请你来协商", "鲜辣常山"])
    assert frame.attrs["truncated"] is False


def test_an_empty_frame_keeps_its_columns(kg: zhitu.KnowledgeGraph):
    frame = kg.query("MATCH (b:Brand {name: $name}) RETURN b.name AS 品牌", {"name": "没有"})
    assert list(frame.columns) == ["品牌"]
    assert frame.empty


def test_values_become_pythons_own(kg: zhitu.KnowledgeGraph):
    frame = kg.query("MATCH (b:Brand {name: 'C919'}) RETURN b, date('2024-01-31') AS d, [1] AS l")
    row = frame.iloc[0]
    assert row["b"]["properties"]["name"] == "C919"
    assert row["d"] == datetime.date(2024, 1, 31)
    assert row["l"] == [1]


def test_a_named_query_takes_short_names(kg: zhitu.KnowledgeGraph):
    frame = kg.query("projects-of", {"name": "柯城区政协", "status": "done"})
    assert list(frame["project"]) == ["寺桥水库"]


def test_what_is_cut_is_said(kg: zhitu.KnowledgeGraph):
    with pytest.warns(UserWarning, match="truncated: only the first 2 rows"):
        frame = kg.query("MATCH (e:Entity) RETURN e.name", limit=2)
    assert (len(frame), frame.attrs["truncated"]) == (2, True)


def test_unknown_labels_warn(kg: zhitu.KnowledgeGraph):
    with pytest.warns(UserWarning, match="no label Organisation; nearest: Organization"):
        kg.query("MATCH (o:Organisation) RETURN o.name")


@pytest.mark.parametrize(
    ("text", "options", "error"),
    [
        ("MATCH (n) DELETE n", {}, WriteRefused),
        ("MATCH (n) RETRUN n", {}, QueryError),
        ("no-such-query", {}, UsageError),
        ("posts-of", {"parameters": {"nam": "张三"}}, UsageError),
        ("posts-of", {"parameters": {"name": "张三"}, "write": True}, UsageError),
        ("RETURN 1", {"limit": 0}, UsageError),
        ("RETURN 1", {"timeout": 0}, UsageError),
    ],
)
def test_errors_are_ours(kg: zhitu.KnowledgeGraph, text: str, options: dict, error: type):
    with pytest.raises(error):
        kg.query(text, **options)


def test_find_and_queries_are_frames(kg: zhitu.KnowledgeGraph):
    found = kg.find("议事")
    assert found.loc[0, "name"] == "民生议事堂"
    assert list(found.columns) == ["name", "type", "aliases", "documents", "mentions", "id"]
    assert kg.find("量子引力").empty
    assert "brands-of" in set(kg.queries("品牌")["name"])
    assert len(kg.queries()) >= 25


def test_the_graph_is_a_networkx_graph(kg: zhitu.KnowledgeGraph, uri: str):
    graph = kg.graph()
    assert graph.nodes[f"Organization:{KECHENG}"]["name"] == KECHENG
    assert len(kg.graph(provenance=True)) > len(graph)
    # A second opening joins the first.
    assert len(zhitu.graph(uri)) == len(graph)


def test_a_picture_shows_itself_in_a_frame(kg: zhitu.KnowledgeGraph, tmp_path: Path):
    picture = kg.show("柯城区政协")
    assert f"Organization:{KECHENG}" in picture.graph
    frame = picture._repr_html_()
    (source,) = re.findall(r'srcdoc="([^"]*)"', frame)
    assert html.unescape(source) == picture.html
    assert "民生议事堂" in picture.html
    assert picture.save(tmp_path / "图.html").read_text("utf-8") == picture.html
    with pytest.raises(UsageError, match="cannot write"):
        picture.save(tmp_path / "no" / "图.html")
    with pytest.raises(QueryError, match="nearest"):
        kg.show("民生议事厅")


def test_an_absent_graph_is_an_error(tmp_path: Path):
    with pytest.raises(StoreError):
        zhitu.connect(f"file:{tmp_path / 'none.db'}")
    with zhitu.connect(f"file:{tmp_path / 'new.db'}", create=True) as kg:
        assert kg.query("MATCH (e:Entity) RETURN e").empty


def test_importing_zhitu_is_light():
    code = (
        "import sys, zhitu; zhitu.__version__; before = set(sys.modules); dir(zhitu); "
        "print(sorted({'neo4j', 'pandas', 'typer', 'networkx', 'torch', 'numpy'} & before)); "
        "zhitu.connect; print('torch' in sys.modules, hasattr(zhitu, 'nothing'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "False False"]


def test_the_example_notebook_runs(uri: str, kg: zhitu.KnowledgeGraph, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.setitem(os.environ, "ZHITU_STORE", uri)
    notebook = nbformat.read(ROOT / "docs" / "notebook.ipynb", as_version=4)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3")
    client.execute(cwd=str(ROOT))
    shown = [
        output.data.get("text/html", output.data.get("text/plain", ""))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type in ("execute_result", "display_data")
    ]
    assert sum("民生议事堂" in text for text in shown) >= 3
    assert sum("<iframe srcdoc=" in text for text in shown) == 1
