"""Identity: one entity for one thing, by a table of cases and by properties."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from extract import gazetteer as g
from extract.documents import Document, Header, Jurisdiction, Mention, Sentence
from graph.identity import resolve

DATA = Path(__file__).parent / "data"
TYPES = {"O": "Organization", "P": "Place", "J": "Project", "B": "Brand", "R": "Person"}
MARK = re.compile(r"〔([OPJBR])([^〕]+)〕")


def marked(text: str, code: str, whose: str = "*", *, name: str = "例") -> Document:
    """A one-sentence document from text with 〔O…〕 marks; the jurisdiction is given."""
    home = g.division(code)
    path = g.path(home)
    issuers = {
        "政协": f"政协{path}委员会",
        "政府": f"{path}人民政府",
        "人大": f"{path}人民代表大会常务委员会",
        "*": None,
    }
    plain, mentions = "", []
    end = 0
    for match in MARK.finditer(text):
        plain += text[end : match.start()]
        begin, surface = len(plain), match.group(2)
        plain += surface
        mentions.append(
            Mention(begin, len(plain), surface, TYPES[match.group(1)], 0, begin, 1.0, "dictionary")
        )
        end = match.end()
    plain += text[end:]
    header = Header(
        issuer=issuers[whose] if whose in issuers else path + whose,
        jurisdiction=Jurisdiction(code, path, home.level),
    )
    sentence = Sentence(f"{name}:0", 0, len(plain), plain, tuple(range(len(plain))))
    return Document(
        name, name, plain, header=header, sentences=(sentence,), mentions=tuple(mentions)
    )


def rows(file: str) -> list[list[str]]:
    lines = (DATA / file).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


CASES = rows("resolution_cases.tsv")


def test_there_are_enough_cases_and_each_has_a_reason():
    assert len(CASES) >= 150
    assert all(len(row) == 5 and row[4] for row in CASES)


@pytest.mark.parametrize("row", CASES, ids=[f"{r[0]}-{r[2]}" for r in CASES])
def test_case(row):
    code, whose, text, expected, reason = row
    document = resolve(marked(text, code, whose))
    entity = next(e for e in document.entities if e.id == document.mentions[-1].entity)
    got = f"={entity.id}" if expected.startswith("=") else entity.name
    assert got == expected, reason


PAIRS = rows("identity_pairs.tsv")


@pytest.mark.parametrize("row", PAIRS, ids=[f"{r[0]}{r[1]}-{r[2]}{r[3]}" for r in PAIRS])
def test_pair(row):
    code_a, text_a, code_b, text_b, verdict, reason = row
    one = resolve(marked(text_a, code_a)).mentions[-1].entity
    other = resolve(marked(text_b, code_b)).mentions[-1].entity
    assert (one == other) == (verdict == "same"), f"{reason}: {one} / {other}"
