"""`zhitu show` at the command line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from graph.store import connect
from tests.asking_graph import DOCUMENTS
from zhitu.cli import main


@pytest.fixture(scope="module")
def store_uri(tmp_path_factory) -> str:
    uri = f"file:{tmp_path_factory.mktemp('see') / 'zhitu.db'}"
    with connect(uri) as store:
        store.load(DOCUMENTS, version="1")
    return uri


def test_the_page_is_named_after_the_entity(store_uri, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["show", "区政协", "--store", store_uri]) == 0
    html = (tmp_path / "区政协.html").read_text(encoding="utf-8")
    assert "政协浙江省衢州市柯城区委员会" in html
    out, err = capsys.readouterr()
    assert out == "" and "区政协.html" in err


def test_without_a_name_it_is_drawn_around_the_issuers(store_uri, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["show", "--store", store_uri, "--limit", "6"]) == 0
    assert (tmp_path / "zhitu.html").exists()
    assert "最多画 6 个实体" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["民生议事厅"], 1, "民生议事堂"),
        (["区政协", "--hops", "7"], 2, "--hops 7"),
        (["区政协", "--type", "Company"], 2, "Organization"),
        (["区政协", "--document", "没有"], 1, "没有"),
        (["区政协", "--output", "no/such/folder/x.html"], 2, "no/such/folder"),
        (["区政协", "--since", "2099"], 0, "2099"),
    ],
)
def test_errors_are_one_line_with_the_next_step(
    store_uri, tmp_path, monkeypatch, capsys, arguments, code, said
):
    monkeypatch.chdir(tmp_path)
    assert main(["show", *arguments, "--store", store_uri]) == code
    out, err = capsys.readouterr()
    assert out == "" and said in err
    if code:
        assert len(err.strip().splitlines()) == 1


def test_neither_model_nor_server_is_loaded_to_draw(store_uri, tmp_path):
    page = str(tmp_path / "x.html")
    script = (
        "import sys; from zhitu.cli import main\n"
        f"code = main(['show', '区政协', '--store', {store_uri!r}, '-o', {page!r}])\n"
        "heavy = {'torch', 'hanlp', 'onnxruntime', 'transformers', 'starlette', 'uvicorn'}\n"
        "print(sorted(heavy & set(sys.modules)), code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=180
    )
    assert done.stdout.strip() == "[] 0", done.stderr
