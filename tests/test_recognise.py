"""The recogniser on real models: offsets, arbitration, errors, both backends."""

from __future__ import annotations

import itertools
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from extract.calibration import Calibration
from extract.dictionary import read_dictionary
from extract.documents import Document, Sentence
from extract.recognise import (
    Recogniser,
    find_model,
    load_recogniser,
    recogniser_version,
    windows,
)
from extract.recognise_onnx import OnnxNetwork, encode
from extract.sentences import segment
from extract.tagging import characters
from graph.ontology import LABELS
from zhitu.errors import ModelError, UsageError

TEXT = (
    "区政协常委会工作报告\n"
    "2025年，区政协围绕寺桥水库、柯城抽水蓄能电站项目开展“民生议事堂”协商活动。\n"
    "区政协主席王明华到浙江省衢州市柯城区石梁镇调研。\n"
    "Photo by John Smith, 2025-03-04, 1,234.5 6,789.0\n"
)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return load_recogniser(threads=1)


@pytest.fixture(scope="module")
def document() -> Document:
    return segment(Document("报告", "报告.txt", TEXT))


@pytest.fixture(scope="module")
def mentions(recogniser, document):
    return recogniser.recognise(document).mentions


def test_names_of_all_five_types_are_found(mentions):
    found = {(mention.text, mention.type) for mention in mentions}
    assert {
        ("区政协", "Organization"),
        ("寺桥水库", "Project"),
        ("柯城抽水蓄能电站项目", "Project"),
        ("民生议事堂", "Brand"),
        ("王明华", "Person"),
        ("浙江省衢州市柯城区石梁镇", "Place"),
    } <= found


def test_offsets_point_at_the_text(mentions, document):
    for mention in mentions:
        assert document.text[mention.start : mention.end] == mention.text
        sentence = document.sentences[mention.sentence].text
        assert sentence[mention.begin : mention.begin + len(mention.text)] == mention.text


def test_mentions_are_sorted_apart_and_rated(mentions):
    for earlier, later in itertools.pairwise(mentions):
        assert earlier.end <= later.start
    for mention in mentions:
        assert mention.type in LABELS
        assert 0 < mention.confidence <= 1
        assert mention.source in ("model", "pattern", "gazetteer", "dictionary")


def test_captions_in_other_scripts_hold_no_mentions(mentions):
    assert not [mention for mention in mentions if mention.start >= TEXT.index("Photo")]


def test_documents_come_back_in_order_and_alike(recogniser, document, mentions):
    empty = Document("空", "空.txt", "")
    found = list(recogniser.recognise_all([empty, document, empty]))
    assert [d.name for d in found] == ["空.txt", "报告.txt", "空.txt"]
    assert [(m.start, m.end, m.type) for m in found[1].mentions] == [
        (m.start, m.end, m.type) for m in mentions
    ]


def test_both_backends_agree(recogniser, document, mentions):
    torch = load_recogniser(backend="torch", threads=1)
    found = torch.recognise(document).mentions
    assert [(m.text, m.type) for m in found] == [(m.text, m.type) for m in mentions]


def test_the_fast_model_knows_the_same_types(document):
    found = load_recogniser("fast", threads=1).recognise(document).mentions
    names = {(mention.text, mention.type) for mention in found}
    assert {("区政协", "Organization"), ("民生议事堂", "Brand"), ("王明华", "Person")} <= names
    assert sum(f.stat().st_size for f in find_model("fast").rglob("*")) <= 25e6


def test_the_exported_network_reads_what_hanlp_reads():
    from extract.recognise_hanlp import HanlpNetwork

    hanlp, onnx = (kind(find_model("fast"), threads=1) for kind in (HanlpNetwork, OnnxNetwork))
    seen = []
    hanlp.component.model.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[1]))
    everything = "".join(map(chr, range(0x10000))) + "😀𠮷"
    texts = [everything[i : i + 256] for i in range(0, len(everything), 256)]
    rows = [characters(text) for text in texts]
    for k in range(0, len(rows), 32):
        hanlp.scores(rows[k : k + 32])
        assert (encode(rows[k : k + 32], onnx.vocabulary) == seen[-1].numpy()).all()
    assert onnx.tags == hanlp.tags


def test_entries_of_the_dictionary_always_win(recogniser, document, tmp_path):
    file = tmp_path / "names.csv"
    file.write_text("name,type\n柯城抽水蓄能电站,地点\n议事堂,ORG\n", encoding="utf-8")
    own = replace(recogniser, dictionary=read_dictionary(file))
    found = {(m.text, m.type, m.source) for m in own.recognise(document).mentions}
    assert ("柯城抽水蓄能电站", "Place", "dictionary") in found
    assert ("议事堂", "Organization", "dictionary") in found
    assert not {"民生议事堂", "柯城抽水蓄能电站项目"} & {text for text, _, _ in found}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("names,kind\n衢州,Place\n", "name,type"),
        ("name,type\n衢州,City\n", "line 2: type 'City'"),
        ("name,type\n衢,Place\n", "too short"),
    ],
)
def test_a_bad_dictionary_is_named_with_its_line(tmp_path, rows, says):
    file = tmp_path / "names.csv"
    file.write_text(rows, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        load_recogniser(dictionary=file)


def test_a_missing_model_or_backend_is_refused_at_once(tmp_path):
    with pytest.raises(ModelError, match="does not exist"):
        load_recogniser(str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match="backend 'cuda'"):
        load_recogniser(backend="cuda")
    with pytest.raises(ModelError, match=r"hanlp\.pretrained has no recogniser NO_SUCH_MODEL"):
        load_recogniser("NO_SUCH_MODEL")


def test_the_version_follows_model_and_dictionary(tmp_path):
    file = tmp_path / "names.csv"
    file.write_text("name,type\n衢州,Place\n", encoding="utf-8")
    assert recogniser_version() == recogniser_version("accurate")
    assert recogniser_version(dictionary=file) != recogniser_version()


def test_recognition_waits_for_neither_torch_nor_hanlp():
    code = (
        "import sys; from extract.recognise import load_recogniser\n"
        "print(load_recogniser().component.tag(['到浙江省衢州市调研'])[0][0][:3])\n"
        "print(sorted({'torch', 'hanlp', 'transformers'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout == "(1, 7, 'PLACE')\n[]\n"


def test_shipped_models_are_small_and_hanlp_loads_them():
    directory = find_model("accurate")
    assert sum(f.stat().st_size for f in directory.rglob("*")) <= 80e6
    import hanlp

    component = hanlp.load(
        str(directory), transformer=str(directory / "encoder"), devices=-1, verbose=False
    )
    component.model.float()
    assert ("浙江省衢州市", "PLACE", 1, 7) in component(list("到浙江省衢州市调研"))


def test_long_sentences_are_cut_and_put_together_again(recogniser):
    text = "全区经济平稳运行，" * 60 + "王明华到浙江省衢州市柯城区调研。"
    sentence = Sentence("1", 0, len(text), text, tuple(range(len(text))))
    pieces = [piece for window in windows([sentence]) for piece in window.pieces]
    assert "".join(text[p.begin : p.end] for p in pieces) == text
    found = recogniser.recognise(Document("长", "长", text, sentences=(sentence,))).mentions
    assert "浙江省衢州市柯城区" in [m.text for m in found]
    assert all(text[m.start : m.end] == m.text for m in found)


def test_confidence_is_the_calibrated_one(recogniser, document):
    flat = {label: ((0.0, 0.25), (1.0, 0.25)) for label in LABELS}
    low = replace(recogniser, calibration=Calibration(flat), rules=False)
    assert {m.confidence for m in low.recognise(document).mentions} == {0.25}
