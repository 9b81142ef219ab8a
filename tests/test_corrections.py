"""Corrections made by hand: the file, the replay, what is built anew, and the commands."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cypher.find import resolve_name
from graph.corrections import (
    Correction,
    append_correction,
    concerning,
    in_force,
    load_corrections,
    parse_correction,
    up_to_date,
    without_effect,
)
from graph.identity import resolve
from graph.store import connect
from tests.test_identity import marked
from zhitu.cli import main
from zhitu.errors import CorrectionError

TEXT = "〔R赵抃〕又称〔R赵清献公〕，〔O区政协〕在〔P常山〕打响“〔B鲜辣常山〕”，听〔B指挥棒〕。"
ZHAO, QINGXIAN = "Person:赵抃@330802", "Person:赵清献公@330802"


def resolved(corrections=(), *, text=TEXT, code="330802", name="甲"):
    document = marked(text, code, "政协", name=name)
    return resolve(replace(document, source=f"/{name}.txt"), corrections)


def entities(document):
    return {m.text: m.entity for m in document.mentions}


def names(document):
    return {e.id: e.name for e in document.entities}


def test_merge_by_name_and_by_id():
    for one, other in (("赵清献公", "赵抃"), (QINGXIAN, ZHAO)):
        document = resolved([Correction("merge", one, other)])
        assert entities(document)["赵清献公"] == ZHAO
        assert QINGXIAN not in names(document)
        zhao = next(e for e in document.entities if e.id == ZHAO)
        assert zhao.aliases == ("赵清献公",)
        assert "更正" in zhao.reason


def test_merge_into_what_the_document_does_not_name():
    merge = Correction("merge", QINGXIAN, ZHAO)
    document = resolved([merge], text="祭祀〔R赵清献公〕")
    assert entities(document) == {"赵清献公": ZHAO}
    assert names(document)[ZHAO] == "赵抃"
    by_name = resolved([Correction("merge", "赵清献公", "赵抃")], text="祭祀〔R赵清献公〕")
    assert entities(by_name) == {"赵清献公": ZHAO}


def test_alias_holds_for_documents_to_come():
    alias = Correction("alias", ZHAO, text="赵清献公")
    assert entities(resolved([alias], text="祭祀〔R赵清献公〕", code="330822"))["赵清献公"] == ZHAO


def test_alias_in_the_document_says_so():
    document = resolved([Correction("alias", "赵抃", text="赵清献公")])
    zhao = next(e for e in document.entities if e.id == ZHAO)
    assert "“赵清献公”指赵抃" in zhao.reason
    assert entities(document)["赵清献公"] == ZHAO


def test_split_makes_a_thing_of_its_own():
    split = Correction("split", "Place:浙江省衢州市常山县", name="常山（河北）", text="常山")
    document = resolved([split])
    new = entities(document)["常山"]
    assert names(document)[new] == "常山（河北）"
    assert new != "Place:浙江省衢州市常山县"
    # The county's province was there for the county's sake alone.
    assert "Place:浙江省" not in names(document)


def test_split_of_another_document_leaves_this_one():
    split = Correction("split", "Place:浙江省衢州市常山县", name="山", document="乙")
    document = resolved([split])
    assert document.applied == ()
    assert entities(document) == entities(resolved())


def test_rename_keeps_the_id():
    document = resolved([Correction("rename", "Brand:指挥棒@330802", name="考核指挥棒")])
    assert names(document)["Brand:指挥棒@330802"] == "考核指挥棒"


def test_a_rename_holds_for_what_a_later_merge_brings_in():
    rename, merge = (
        Correction("rename", ZHAO, name="清献公赵抃"),
        Correction("merge", QINGXIAN, ZHAO),
    )
    there, here = resolved([rename, merge]), resolved([rename, merge], text="祭祀〔R赵清献公〕")
    assert names(there)[ZHAO] == names(here)[ZHAO] == "清献公赵抃"
    assert set(here.applied) == {rename.id, merge.id}


def test_retype_moves_to_the_other_type():
    document = resolved([Correction("retype", "指挥棒", type="Project")])
    assert entities(document)["指挥棒"] == "Project:指挥棒@330802"
    assert {m.type for m in document.mentions if m.text == "指挥棒"} == {"Project"}


def test_forget_leaves_no_mention():
    document = resolved([Correction("forget", "指挥棒")])
    assert "指挥棒" not in entities(document)
    assert all("指挥棒" not in e.name for e in document.entities)


def test_a_forgotten_issuer_stays_the_issuer():
    document = resolved([Correction("forget", "政协浙江省衢州市柯城区委员会")])
    assert document.issuer == "Organization:政协浙江省衢州市柯城区委员会"
    assert document.issuer in names(document)


def test_applied_and_concerning():
    merge = Correction("merge", "赵清献公", "赵抃")
    elsewhere = Correction("forget", "没有", documents=("乙",))
    everywhere = Correction("forget", "没有的东西")
    document = resolved([merge, elsewhere, everywhere])
    assert document.applied == (merge.id,)
    assert set(document.corrections) == {merge.id, everywhere.id}
    assert concerning([elsewhere], "乙") == {elsewhere.id}


def test_up_to_date_follows_new_and_undone_corrections():
    old, new = Correction("forget", "甲"), Correction("forget", "乙", documents=("d1",))
    assert up_to_date([old], "d1", [old.id])
    assert not up_to_date([old, new], "d1", [old.id])
    assert up_to_date([old, new], "d2", [old.id])
    assert not up_to_date([], "d1", [old.id])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not a JSON object"),
        ('{"op": "marry"}', "op is 'marry'"),
        ('{"op": "merge", "entity": "甲"}', "needs 'into'"),
        ('{"op": "merge", "entity": "甲", "into": "乙", "inot": 1}', "unknown key 'inot'"),
        ('{"op": "retype", "entity": "甲", "type": "Thing"}', "type 'Thing'"),
        ('["merge"]', "op is"),
    ],
)
def test_a_wrong_line_is_named(line, message):
    with pytest.raises(CorrectionError, match=r"corrections\.jsonl:3") as error:
        parse_correction(line, "corrections.jsonl", 3)
    assert message in str(error.value)


def test_the_file_is_read_with_comments_and_undo(tmp_path):
    path = tmp_path / "更正.jsonl"
    assert load_corrections(path) == ()
    merge, forget = Correction("merge", "甲", "乙"), Correction("forget", "丙", note="看过")
    path.write_text("# 2024年核对\n\n" + merge.to_json(), encoding="utf-8")
    append_correction(path, forget)
    assert [c.op for c in load_corrections(path)] == ["merge", "forget"]
    append_correction(path, Correction("undo", of=merge.id))
    assert [c.id for c in load_corrections(path)] == [forget.id]
    append_correction(path, merge)
    assert [c.id for c in load_corrections(path)] == [forget.id, merge.id]


def test_undo_of_nothing_is_an_error():
    with pytest.raises(CorrectionError, match="nothing to undo"):
        in_force([Correction("undo", of="12345678", line=2)])


def test_an_unreadable_file_is_an_error(tmp_path):
    path = tmp_path / "corrections.jsonl"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CorrectionError, match="UTF-8"):
        load_corrections(path)


OTHER = "〔O县政协〕学习〔R赵抃〕，〔B鲜辣常山〕。"


def other(corrections=()):
    return resolved(corrections, text=OTHER, code="330822", name="乙")


def snapshot(store):
    entities = store.read("MATCH (e:Entity) RETURN e.id, e.name, e.aliases ORDER BY e.id").rows
    mentions = store.read(
        "MATCH (e:Entity)-[m:MENTIONED_IN]->(:Sentence)-[:IN_DOCUMENT]->(d:Document) "
        "RETURN d.id, m.text, e.id ORDER BY d.id, m.start"
    ).rows
    return [tuple(row) for row in entities], [tuple(row) for row in mentions]


def test_corrections_in_a_graph_and_back(store):
    """Loading corrected and then uncorrected documents again leaves what was there."""
    store.load([resolved(), other()], version="1")
    before = snapshot(store)
    merge = Correction("merge", QINGXIAN, ZHAO)
    rename = Correction("rename", "Brand:鲜辣常山@330822", name="鲜辣常山·胡柚")
    store.load([resolved([merge, rename])], version="1")
    bearers = store.read("MATCH (e:Entity {id: $id}) RETURN e.name", {"id": rename.entity}).rows
    assert [row[0] for row in bearers] == ["鲜辣常山·胡柚"]
    assert snapshot(store) != before
    manifest = store.manifest()
    assert set(manifest["甲"].corrections) == {merge.id, rename.id}
    assert without_effect([merge, rename, Correction("forget", "没有")], store) == (
        Correction("forget", "没有"),
    )
    store.load([resolved()], version="1")
    assert snapshot(store) == before


def test_what_was_renamed_is_still_found_by_its_old_name(store):
    issuer = "政协浙江省衢州市柯城区委员会"
    rename = Correction("rename", f"Organization:{issuer}", name="柯城政协")
    store.load([resolved([rename])], version="1")
    assert resolve_name(store, issuer) == resolve_name(store, "柯城政协") == "柯城政协"


def test_removing_a_document_renames_nothing(store):
    store.load([resolved(), other()], version="1")
    shared = {row[0]: row[1] for row in store.read("MATCH (e:Entity) RETURN e.id, e.name").rows}
    store.remove(["甲"])
    left = store.read("MATCH (e:Entity) RETURN e.id, e.name").rows
    assert left
    assert all(shared[id_] == name for id_, name in left)
    assert "Brand:鲜辣常山@330822" in {id_ for id_, _ in left}


@pytest.fixture
def graph(embedded_uri, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZHITU_STORE", embedded_uri)
    with connect(embedded_uri) as store:
        store.load([resolved(), other()], version="1")
    return tmp_path / "corrections.jsonl"


def test_merge_is_written_with_its_documents(graph, capsys):
    assert main(["merge", "赵清献公", ZHAO, "--note", "谥号"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    row = json.loads(graph.read_text(encoding="utf-8"))
    assert (row["op"], row["entity"], row["into"]) == ("merge", QINGXIAN, ZHAO)
    assert row["documents"] == ["甲"]
    assert row["note"] == "谥号"
    assert main(["merge", "赵清献公", ZHAO]) == 1
    assert "in force already" in capsys.readouterr().err
    assert main(["undo", "--list"]) == 0
    assert "merge" in capsys.readouterr().out
    assert main(["undo"]) == 0
    assert load_corrections(graph) == ()
    assert main(["undo"]) == 1


@pytest.mark.parametrize(
    ("arguments", "op"),
    [
        (["split", "鲜辣常山", "鲜辣常山（店名）", "--text", "鲜辣常山"], "split"),
        (["rename", "指挥棒", "考核指挥棒"], "rename"),
        (["retype", "指挥棒", "project"], "retype"),
        (["alias", "清献", ZHAO], "alias"),
        (["forget", "指挥棒"], "forget"),
    ],
)
def test_each_command_writes_its_op(graph, arguments, op, capsys):
    assert main(arguments) == 0
    (made,) = load_corrections(graph)
    assert made.op == op
    assert made.documents
    assert resolved([made]).applied or op == "alias"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["merge", "没有这个", "赵抃"], "no entity is called"),
        (["merge", "赵抃", "赵清献公"], "may be several entities"),
        (["merge", ZHAO, ZHAO], "are one already"),
        (["retype", "指挥棒", "Thing"], "Thing"),
        (["split", "指挥棒", "别的"], "--document"),
        (["undo", "00000000"], "no correction is in force"),
        (["explain", "没有这个"], "no entity is called"),
    ],
)
def test_what_makes_no_sense_is_one_line(graph, arguments, message, capsys):
    assert main(arguments) != 0
    error = capsys.readouterr().err.strip()
    assert message in error
    assert not graph.exists()


def test_explain_says_why_and_what_was_kept_apart(graph, capsys):
    assert main(["explain", ZHAO]) == 0
    out = capsys.readouterr().out
    assert "赵抃×1" in out
    assert "Person:赵抃@330822" in out and "同名同姓" in out
    assert main(["explain", "区政协", "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["entity"]["name"] == "政协浙江省衢州市柯城区委员会"
    assert row["issued"] == ["甲"]


def test_duplicates_lists_pairs_and_merges_nothing(graph, capsys):
    assert main(["duplicates", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {(row["one"], row["other"]) for row in rows} == {(ZHAO, "Person:赵抃@330822")}
    assert main(["duplicates", "--type", "Brand", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert not graph.exists()
