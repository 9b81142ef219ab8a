"""Exports are read back by others' readers; copies agree to the last property."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace

import networkx as nx
import pytest
import rdflib

from graph.checksums import checksums, things
from graph.export import export
from graph.networks import to_networkx
from graph.store import connect
from graph.transfer import copy
from tests.builder import KECHENG, QUZHOU, document
from tests.servers import fetch
from zhitu.cli import main
from zhitu.errors import StoreError, UsageError

ODD = document(
    ['区政协说："好，\n走"；|\x0b张三\u0001', "𠮷<b>&amp;</b>，民生议事堂"],
    surfaces=("区政协", "𠮷<b>&amp;</b>", "民生议事堂", "\u0001", '"好，'),
    relations=[(None, "OPERATES", "民生议事堂")],
    name='奇"怪,.txt',
)
DOCUMENTS = [KECHENG, QUZHOU, ODD]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A store that the tests only read."""
    with connect(f"file:{tmp_path_factory.mktemp('move') / 'zhitu.db'}") as store:
        store.load(DOCUMENTS, version="1")
        yield store


def edges(graph, name):
    return sorted((head, data[name], tail) for head, tail, data in graph.edges(data=True))


def clean(text):
    return text.replace("\u0001", "\ufffd").replace("\x0b", "\ufffd")


@pytest.mark.parametrize(
    ("format", "read", "type_"),
    [("graphml", nx.read_graphml, "type"), ("gexf", nx.read_gexf, "relation")],
)
def test_xml_is_read_back(source, tmp_path, format, read, type_):
    path = tmp_path / f"graph.{format}"

    assert export(source, format, path) == len(to_networkx(source, provenance=True))

    graph, expected = read(path), to_networkx(source, provenance=True)
    assert sorted(graph) == sorted(clean(node) for node in expected)
    wanted = [tuple(map(clean, edge)) for edge in edges(expected, "type")]
    assert edges(graph, type_) == sorted(wanted)
    kecheng = graph.nodes["Organization:政协浙江省衢州市柯城区委员会"]
    assert kecheng["aliases"] == "区政协 | 政协柯城区委员会"
    texts = {data.get("text") for _, data in graph.nodes(data=True)}
    assert texts >= {clean(sentence.text) for sentence in KECHENG.sentences}


def test_gexf_has_labels_and_no_time(source, tmp_path):
    path = tmp_path / "graph.gexf"

    export(source, "gexf", path, provenance=False)

    text = path.read_text("utf-8")
    assert 'label="政协浙江省衢州市柯城区委员会"' in text
    assert 'mode="static" name' in text
    assert len(nx.read_gexf(path)) == len(to_networkx(source))


def test_jsonld_is_read_back(source, tmp_path):
    path = tmp_path / "graph.jsonld"

    export(source, "jsonld", path)

    graph = rdflib.Graph()
    graph.parse(path, format="json-ld")
    schema = rdflib.Namespace("https://schema.org/")
    zhitu = rdflib.Namespace("urn:zhitu:")
    expected = to_networkx(source, provenance=True)
    ids = {str(one) for one in graph.objects(None, zhitu.id)}
    assert ids == set(expected)
    (kecheng,) = graph.subjects(schema.name, rdflib.Literal("政协浙江省衢州市柯城区委员会"))
    assert (kecheng, rdflib.RDF.type, schema.Organization) in graph
    other = {str(name) for name in graph.objects(kecheng, schema.alternateName)}
    assert other == {"区政协", "政协柯城区委员会"}
    (brand,) = graph.subjects(schema.name, rdflib.Literal("民生议事堂"))
    assert (kecheng, zhitu.OPERATES, brand) in graph
    claims = list(graph.subjects(rdflib.RDF.predicate, zhitu.OPERATES))
    evidence = {str(text) for claim in claims for text in graph.objects(claim, zhitu.evidence)}
    assert evidence == {KECHENG.sentences[1].text, ODD.sentences[1].text}
    for claim in claims:
        assert graph.value(claim, rdflib.RDF.subject) == kecheng
        document_ = graph.value(claim, zhitu.document)
        assert (document_, rdflib.RDF.type, schema.DigitalDocument) in graph


def test_csv_is_imported_by_neo4j_admin(source, tmp_path):
    folder, home = tmp_path / "csv", tmp_path / "home"
    lib, _ = fetch()
    (home / "conf").mkdir(parents=True)
    (home / "conf" / "neo4j.conf").touch()
    tool = tmp_path / "bin" / "neo4j-admin"
    tool.parent.mkdir()
    tool.write_text(
        f'#!/bin/sh\nexec java -Xmx512m -cp "{lib}/*" org.neo4j.cli.AdminTool "$@"\n', "utf-8"
    )
    tool.chmod(0o700)

    export(source, "csv", folder)
    done = subprocess.run(
        ["sh", str(folder / "import.sh")],
        env={
            **os.environ,
            "PATH": f"{tool.parent}:{os.environ['PATH']}",
            "NEO4J_HOME": str(home),
            "NEO4J_CONF": str(home / "conf"),
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    graph = to_networkx(source, provenance=True)
    assert done.returncode == 0, done.stdout + done.stderr
    # The importer keeps no empty lists.
    properties = sum(
        1
        for _, thing in things(source)
        for holder in thing
        if isinstance(holder, dict)
        for value in holder.values()
        if value != []
    )
    counts = done.stdout.partition("Imported:")[2].split()
    assert counts[:6] == [
        str(len(graph)), "nodes", str(graph.number_of_edges()), "relationships",
        str(properties), "properties",
    ]  # fmt: skip
    shutil.rmtree(home)


def test_export_says_what_is_wrong(source, tmp_path):
    with pytest.raises(UsageError, match="pdf: unknown; one of csv, gexf, graphml, jsonld"):
        export(source, "pdf", tmp_path / "x")
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"cannot write .*file/x\.graphml"):
        export(source, "graphml", tmp_path / "file" / "x.graphml")


def test_copy_there_and_back(source, store, tmp_path):
    there = copy(source, store)
    again = copy(source, store)

    assert (there.copied, there.unchanged) == (3, 0)
    assert (again.copied, again.unchanged) == (0, 3)
    assert checksums(store) == checksums(source) == there.sums
    with connect(f"file:{tmp_path / 'back.db'}") as back:
        copy(store, back)
        assert checksums(back) == checksums(source)


def test_copy_joins_what_the_target_holds(source, store):
    other = document(["柯城区政协在衢州。"], surfaces=("衢州", "柯城"), issuer="市教育局")
    old = replace(KECHENG, relations=())
    store.load([other, old], version="0")

    report = copy(source, store)

    assert report.copied == 3
    assert set(store.manifest()) == {other.id, *(one.id for one in DOCUMENTS)}
    store.remove([other.id])
    assert checksums(store) == checksums(source)


def test_copy_notices_a_difference(source, embedded_store):
    copy(source, embedded_store)
    embedded_store.write("MATCH ()-[r:OPERATES]->() SET r.confidence = 0.1")

    with pytest.raises(StoreError, match="differ after the copy in OPERATES: 2 and 2"):
        copy(source, embedded_store)


def test_commands(tmp_path, capsys):
    one, two = f"file:{tmp_path / 'one.db'}", f"file:{tmp_path / 'two.db'}"
    with connect(one) as store:
        store.load(DOCUMENTS, version="1")

    assert main(["copy", one, two, "--format", "json"]) == 0
    sums = json.loads(capsys.readouterr().out)
    assert sums["Document"]["count"] == 3

    assert main(["remove", "柯城.txt", '奇"怪,.txt', "--store", two]) == 0
    assert "2 documents and 7 entities removed" in capsys.readouterr().err
    assert main(["remove", "柯城.txt", "--store", two]) == 2
    assert "no document 柯城.txt in the graph; nearest: 衢州.txt" in capsys.readouterr().err

    picture = tmp_path / "衢州.gexf"
    assert main(["export", "-o", str(picture), "--entities-only", "--store", two]) == 0
    assert capsys.readouterr().out == ""
    assert len(nx.read_gexf(picture)) == 4
    assert main(["export", "-o", str(tmp_path / "x"), "--store", two]) == 2
    assert "add --format csv|gexf|graphml|jsonld" in capsys.readouterr().err
