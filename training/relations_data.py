"""Annotated sentences with their relations, as training and evaluation read them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from extract.kinds import kind_of
from extract.relations_pairs import Span
from graph.ontology import ISSUER, LABEL_OF_TAG, RELATIONS
from training.data import SHARED
from zhitu.errors import DocumentError

ANNOTATED = SHARED / "data" / "annotated"
WRITTEN = SHARED / "data" / "written"

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


def read_kinds(path: Path) -> dict[str, str]:
    """Read what kind each document of a ``documents.jsonl`` is (``政协常委会工作报告``, ...)."""
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["document"]: row["kind"] for row in rows}


def speaks(document: str, kinds: dict[str, str]) -> bool:
    """Say whether a document of the annotated data is one whose issuer speaks in it.

    The written documents say their kind; of the others the provinces' reports are named
    by the province, news lines by a Latin tag (``news12``, ``gc58``). What `training.more`
    adds is told by its tag too: ``report3`` and ``county7`` speak, ``news5`` does not.

    >>> speaks("江苏省", {}), speaks("gc58", {}), speaks("w1", {"w1": "地方新闻"})
    (True, False, False)
    >>> speaks("county7", {})
    True
    """
    if document in kinds:
        return "新闻" not in kinds[document]
    return bool(re.match(r"report|county|[^A-Za-z]", document))


def canonical(triple: Triple) -> Triple:
    """Return a triple in the order in which it is compared.

    >>> canonical(("浙江", "COOPERATES_WITH", "上海"))
    ('上海', 'COOPERATES_WITH', '浙江')
    """
    head, relation, tail = triple
    if RELATIONS[relation].symmetric and head != ISSUER and tail < head:
        return tail, relation, head
    return triple


def read_relations(path: Path | str) -> list[Example]:
    """Read a file of annotated sentences with relations.

    A ``documents.jsonl`` beside it says what kind its documents are; of a written document
    that is not in there its text does.

    Raises
    ------
    DocumentError
        If a line is not of the annotated form.
    """
    beside = Path(path).with_name("documents.jsonl")
    kinds = read_kinds(beside) if beside.is_file() else {}
    examples = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                examples.append(example_of(json.loads(line), kinds))
            except (ValueError, KeyError, TypeError) as error:
                raise DocumentError(
                    f"{path}, line {number}: {error}; a line needs id, text, entities and "
                    "relations [[head, TYPE, tail], ...]"
                ) from None
    unknown = {e.document for e in examples if e.document.startswith("written")} - kinds.keys()
    for document in unknown:
        text = [example.text for example in examples if example.document == document]
        kinds[document] = kind_of(text[0], "\n".join(text))
    return [
        replace(e, speaks=speaks(e.document, kinds)) if e.document in unknown else e
        for e in examples
    ]


def example_of(row: dict, kinds: dict[str, str]) -> Example:
    """Turn a row of the annotated form into an example; `kinds` as `speaks` takes them."""
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
