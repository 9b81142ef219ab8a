"""Readers on damaged files: read or refused in one clear line, never a crash."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import docx
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from extract.documents import Document
from extract.read import read_documents
from tests.test_read import PARAGRAPHS, REPORT, iter_into
from zhitu.errors import DocumentError


def _small_docx() -> bytes:
    word = docx.Document()
    for paragraph in PARAGRAPHS[:5]:
        word.add_paragraph(paragraph)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def _small_zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("一.txt", REPORT)
        archive.writestr("二.txt", REPORT[::-1])
    return target.getvalue()


def _small_pdf(path: Path) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    page = canvas.Canvas(str(path))
    page.setFont("STSong-Light", 12)
    for number, paragraph in enumerate(PARAGRAPHS[:8]):
        page.drawString(60, 780 - 20 * number, paragraph[:36])
    page.save()
    return path.read_bytes()


@pytest.mark.parametrize("suffix", ["docx", "zip", "pdf"])
def test_damaged_files_are_read_or_refused_never_crash(tmp_path, suffix):
    whole = {
        "docx": _small_docx,
        "zip": _small_zip,
        "pdf": lambda: _small_pdf(tmp_path / "whole.pdf"),
    }[suffix]()
    chance = random.Random(suffix)
    path = tmp_path / f"damaged.{suffix}"
    refused = 0
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 5, 50))):
            position = chance.randrange(len(data))
            if chance.random() < 0.6:
                data[position] = chance.randrange(256)
            elif chance.random() < 0.5:
                del data[position : position + chance.randrange(1, 20)]
            else:
                data[position:position] = chance.randbytes(5)
        path.write_bytes(data)
        try:
            list(read_documents(path))
        except DocumentError as error:
            refused += 1
            assert str(path) in str(error) and "\n" not in str(error)
    assert refused


def test_a_damaged_member_does_not_take_the_others_with_it(tmp_path):
    data = bytearray(_small_zip())
    data[200] ^= 0xFF  # Within the first member's packed bytes.
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    got: list[Document] = []
    with pytest.raises(DocumentError, match="damaged in the archive"):
        got.extend(iter_into(got, read_documents(path)))
    assert [d.name for d in got] == ["二.txt"]
