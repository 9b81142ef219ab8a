"""The project's own annotated sentences, and how they are read."""

from __future__ import annotations

import zlib

import pytest

from graph.ontology import ISSUER
from training.more import MARKED, halves, read_marked, read_placed
from zhitu.errors import DocumentError


@pytest.mark.parametrize("path", MARKED, ids=lambda path: path.stem)
def test_marked_sentences_are_read(path):
    rows = read_marked(path)
    assert len({row["id"].rpartition(":")[0] for row in rows}) > 10
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        names = {row["text"][start:end] for start, end, _ in row["entities"]} | {ISSUER}
        drawn = row["relations"]
        assert {end for head, _, tail in drawn for end in (head, tail)} <= names
        assert not row["id"].startswith("news") or ISSUER not in {head for head, *_ in drawn}


@pytest.mark.parametrize(
    "line", ["[甲县|L]建成[乙路|J]。", "[甲县|L]。\t1 V 2", "[乙路|J]在[甲县|L]。\t1 V 2"]
)
def test_a_broken_marked_sentence_is_named(tmp_path, line):
    file = tmp_path / "sentences.txt"
    file.write_text(f"# 地方新闻\n{line}\n", "utf-8")
    with pytest.raises(DocumentError, match="line 2"):
        read_marked(file)


def test_a_placed_sentence_is_found_in_its_text(tmp_path):
    table = tmp_path / "news_sentences.tsv"
    text = "甲县建成乙路。"
    texts = {"news_line1": f"今天晴。{text}"}
    checksum = f"{zlib.crc32(text.encode()):08x}"
    table.write_text(f"1\t4\t7\t{checksum}\t0-2L 4-6J\t1 I 2\n", "utf-8")
    [row] = read_placed(table, texts, prefix="news_line")
    assert row["text"] == text
    assert row["relations"] == [["甲县", "IMPLEMENTS", "乙路"]]
    table.write_text(f"1\t4\t7\t{checksum}\t0-2L 4-6J\t-\n", "utf-8")
    with pytest.raises(DocumentError, match="line 1"):
        read_placed(table, texts, prefix="news_line")
    table.write_text(f"1\t3\t7\t{checksum}\t0-2L 4-6J\t\n", "utf-8")
    with pytest.raises(DocumentError, match="line 1: news_line1 says something else"):
        read_placed(table, texts, prefix="news_line")
    table.write_text(f"2\t4\t7\t{checksum}\t0-2L 4-6J\t\n", "utf-8")
    with pytest.raises(DocumentError, match="line 1: 'news_line2'"):
        read_placed(table, texts, prefix="news_line")


def test_halves_keep_documents_whole():
    rows = read_marked(MARKED[0])
    first, second = halves(rows)
    documents = [{row["id"].rpartition(":")[0] for row in half} for half in (first, second)]
    assert first and second and not documents[0] & documents[1]
    assert len(first) + len(second) == len(rows)
