"""Annotated sentences with their relations, as training and evaluation read them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from extract.relations_pairs import Span
from graph.ontology import ISSUER, LABEL_OF_TAG, RELATIONS, allowed
from training.data import SHARED
from zhitu.errors import DocumentError

ANNOTATED = SHARED / "data" / "annotated"
WRITTEN = SHARED / "data" / "written"
MARKED = Path(__file__).with_name("county_sentences.txt")
"""More sentences in the manner of county documents; its head says how it is written."""

Triple = tuple[str, str, str]
"""Head surface (or ``@ISSUER``), relation type, tail surface."""


@dataclass(frozen=True)
class Example:
    """One annotated sentence.

    `document` and `number` are the two parts of its id; `spans` are its mentions in order;
    `speaks` says whether the document's issuer may be an unsaid subject (reports, not news).
    """

    document: str
    number: str
    text: str
    spans: tuple[Span, ...]
    relations: frozenset[Triple]
    titles: tuple[tuple[Triple, str], ...]
    speaks: bool


def written_kinds(path: Path = WRITTEN / "documents.jsonl") -> dict[str, str]:
    """Read what kind each written document is (``政协常委会工作报告``, ``地方新闻``, ...)."""
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["document"]: row["kind"] for row in rows}


def speaks(document: str, kinds: dict[str, str]) -> bool:
    """Say whether a document of the annotated data is one whose issuer speaks in it.

    The written documents say their kind; of the others the provinces' reports are named
    by the province, news lines by a Latin tag (``news12``, ``gc58``).

    >>> speaks("江苏省", {}), speaks("gc58", {}), speaks("w1", {"w1": "地方新闻"})
    (True, False, False)
    """
    if document in kinds:
        return "新闻" not in kinds[document]
    return not re.match(r"[A-Za-z]", document)


def canonical(triple: Triple) -> Triple:
    """Return a triple in the order in which it is compared.

    >>> canonical(("浙江", "COOPERATES_WITH", "上海"))
    ('上海', 'COOPERATES_WITH', '浙江')
    """
    head, relation, tail = triple
    if RELATIONS[relation].symmetric and head != ISSUER and tail < head:
        return tail, relation, head
    return triple


def read_relations(path: Path | str, kinds: dict[str, str] | None = None) -> list[Example]:
    """Read a file of annotated sentences with relations.

    Raises
    ------
    DocumentError
        If a line is not of the annotated form.
    """
    kinds = written_kinds() if kinds is None else kinds
    examples = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                examples.append(_example(json.loads(line), kinds))
            except (ValueError, KeyError, TypeError) as error:
                raise DocumentError(
                    f"{path}, line {number}: {error}; a line needs id, text, entities and "
                    "relations [[head, TYPE, tail], ...]"
                ) from None
    return examples


def _example(row: dict, kinds: dict[str, str]) -> Example:
    document, _, number = row["id"].rpartition(":")
    triples = {canonical((r[0], r[1], r[2])): r[3] if len(r) > 3 else "" for r in row["relations"]}
    return Example(
        document,
        number,
        row["text"],
        tuple(
            Span(start, end, LABEL_OF_TAG[tag]) for start, end, tag, *_ in sorted(row["entities"])
        ),
        frozenset(triples),
        tuple((triple, title) for triple, title in triples.items() if title),
        speaks(document, kinds),
    )


_LABELS = {"O": "Organization", "L": "Place", "J": "Project", "B": "Brand", "P": "Person"}
_TYPES = {
    "L": "LOCATED_IN",
    "P": "PART_OF",
    "H": "HOLDS_POSITION",
    "I": "IMPLEMENTS",
    "O": "OPERATES",
    "F": "FOUNDED",
    "C": "COOPERATES_WITH",
    "V": "VISITED",
    "J": "PARTICIPATES_IN",
    "R": "RECOGNISED_BY",
}


def read_marked(path: Path = MARKED) -> list[Example]:
    """Read sentences with their mentions marked in the text (``county_sentences.txt``).

    Raises
    ------
    DocumentError
        If a line is malformed or draws what the ontology does not allow.
    """
    examples: list[Example] = []
    documents, kind = 0, ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("# "):
            if re.fullmatch(r"# [\u4e00-\u9fff]+", line):
                documents, kind = documents + 1, line[2:]
            continue
        try:
            examples.append(_marked(f"county{documents}", str(number), line, "新闻" not in kind))
        except (ValueError, KeyError, AttributeError) as error:
            raise DocumentError(f"{path}, line {number}: {error}") from None
    return examples


def _marked(document: str, number: str, line: str, speaks: bool) -> Example:
    """Read one line: the marked sentence, a tab, its relations.

    >>> example = _marked("d", "1", "赴[甲县|L]，与[乙厂|O]签约。\\t@ V 1; @ C 2", True)
    >>> example.text, sorted(relation for _, relation, _ in example.relations)
    ('赴甲县，与乙厂签约。', ['COOPERATES_WITH', 'VISITED'])
    """
    marked, drawn = line.split("\t")
    text, spans = "", []
    for part in re.split(r"(\[[^\]]*\])", marked):
        if part.startswith("["):
            name, letter = part[1:-1].split("|")
            spans.append(Span(len(text), len(text) + len(name), _LABELS[letter]))
            text += name
        else:
            text += part
    ends = {str(i): (text[s.begin : s.end], s.label) for i, s in enumerate(spans, 1)}
    ends["@"] = (ISSUER, ISSUER)
    triples = set()
    for claim in filter(None, map(str.strip, drawn.split(";"))):
        heads, letter, tails = re.fullmatch(r"([@\d ]+) ([A-Z]) ([\d ]+)", claim).groups()
        for head in heads.split():
            for tail in tails.split():
                (one, label), (other, range_) = ends[head], ends[tail]
                if not allowed(_TYPES[letter], label, range_) or (head == "@" and not speaks):
                    raise ValueError(f"{one} {_TYPES[letter]} {other} is not allowed")
                triples.add(canonical((one, _TYPES[letter], other)))
    return Example(document, number, text, tuple(spans), frozenset(triples), (), speaks)
