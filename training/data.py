"""Reading annotated sentences, and what training does to them.

The annotated form is JSON lines, a sentence a line: ``id`` (document:number), ``text``,
``entities`` as ``[start, end, TAG]`` in characters, half-open.
"""

from __future__ import annotations

import csv
import json
import lzma
import random
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from zhitu.errors import DocumentError

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Where the data and the first models lie beside a checkout."""


def part_of(key: str, parts: int) -> int:
    """Which of so many parts a document belongs to, always the same one.

    >>> part_of("county7", 2), part_of("county7", 5)
    (0, 2)
    """
    return zlib.crc32(key.encode()) % parts


_CLOSED = re.compile(r"[。！？；：…，、!?;:,.”’）)》]$")


@dataclass(frozen=True)
class Example:
    """One annotated stretch of text; `spans` are ``(start, end, tag)``, sorted."""

    document: str
    number: str
    text: str
    spans: tuple[tuple[int, int, str], ...]

    @property
    def id(self) -> str:
        return f"{self.document}:{self.number}"


def read_examples(path: Path | str) -> list[Example]:
    """Read a file of annotated sentences.

    Raises
    ------
    DocumentError
        If a line is not of the annotated form; the message names the line.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp(), "a.jsonl")
    >>> _ = file.write_text('{"id": "柯城:3", "text": "区政协调研", "entities": [[0, 3, "ORG"]]}')
    >>> read_examples(file)[0].spans
    ((0, 3, 'ORG'),)
    """
    examples = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
                document, _, place = row["id"].rpartition(":")
                spans = sorted((start, end, tag) for start, end, tag, *_ in row["entities"])
                examples.append(Example(document, place, row["text"], tuple(spans)))
            except (ValueError, KeyError, TypeError) as error:
                raise DocumentError(
                    f"{path}, line {number}: {error}; a line needs id, text and entities "
                    "[[start, end, TAG], ...]"
                ) from None
    return examples


def runs(examples: Iterable[Example]) -> Iterator[list[Example]]:
    """Group sentences that follow each other in one document.

    Numbers that are not consecutive (sampled sentences) break a run.
    """
    run: list[Example] = []
    for example in examples:
        follows = (
            run
            and run[-1].document == example.document
            and run[-1].number.isdigit()
            and example.number.isdigit()
            and int(example.number) == int(run[-1].number) + 1
        )
        if run and not follows:
            yield run
            run = []
        run.append(example)
    if run:
        yield run


def join(examples: list[Example]) -> Example:
    """Join consecutive sentences into one stretch; a full stop closes open ones.

    >>> a = Example("柯城", "1", "一、区政协", ((2, 5, "ORG"),))
    >>> b = Example("柯城", "2", "浙江调研", ((0, 2, "PLACE"),))
    >>> join([a, b]).text, join([a, b]).spans
    ('一、区政协。浙江调研', ((2, 5, 'ORG'), (6, 8, 'PLACE')))
    """
    text, spans = "", []
    for example in examples:
        if text and not _CLOSED.search(text):
            text += "。"
        spans += [(s + len(text), e + len(text), tag) for s, e, tag in example.spans]
        text += example.text
    return replace(examples[0], text=text, spans=tuple(spans))


def windows(examples: list[Example], rng: random.Random, *, alone: float = 0.5) -> list[Example]:
    """Cut documents into training stretches: single sentences and joined neighbours.

    A share `alone` of the sentences is shown without context, so that the model serves
    both a sentence on its own and one inside its document.
    """
    stretches = []
    for run in runs(examples):
        i = 0
        while i < len(run):
            limit = 0 if rng.random() < alone else rng.randint(60, 220)
            j, length = i + 1, len(run[i].text)
            while j < len(run) and length + len(run[j].text) <= limit:
                length += len(run[j].text)
                j += 1
            stretches.append(join(run[i:j]))
            i = j
    return stretches


def name_pools(examples: list[Example], gazetteer: Path | None = None) -> dict[str, list[str]]:
    """Collect names by tag to swap in: those of the data, and divisions of the gazetteer."""
    pools: dict[str, set[str]] = {}
    for example in examples:
        for start, end, tag in example.spans:
            pools.setdefault(tag, set()).add(example.text[start:end])
    if gazetteer is not None:
        with open(gazetteer / "divisions.csv", encoding="utf-8") as table:
            divisions = [row["name"] for row in csv.DictReader(table)]
        picked = random.Random(0).sample(divisions, min(3000, len(divisions)))
        pools.setdefault("PLACE", set()).update(picked)
    return {tag: sorted(names) for tag, names in pools.items()}


def swap_names(
    example: Example, pools: dict[str, list[str]], rng: random.Random, share: float
) -> Example:
    """Replace a share of the mentions by other names of their type."""
    text, spans, last = "", [], 0
    for start, end, tag in example.spans:
        text += example.text[last:start]
        name = example.text[start:end]
        if rng.random() < share:
            name = rng.choice(pools[tag])
        spans.append((len(text), len(text) + len(name), tag))
        text += name
        last = end
    return replace(example, text=text + example.text[last:], spans=tuple(spans))


def read_bio(path: Path) -> list[Example]:
    """Read an xz file of ``character TAB tag`` lines, a blank line between sentences.

    The tags of MSRA (PER, LOC, ORG) become PERSON, PLACE and ORG.
    """
    tags = {"PER": "PERSON", "LOC": "PLACE", "ORG": "ORG"}
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        blocks = lines.read().strip().split("\n\n")
    examples = []
    for number, block in enumerate(blocks):
        pairs = [line.split("\t") for line in block.split("\n")]
        text, spans = "", []
        for character, tag in pairs:
            start = len(text)
            text += character
            if tag.startswith("B"):
                spans.append([start, len(text), tags[tag[2:5]]])
            elif tag != "O" and spans:
                spans[-1][1] = len(text)
        examples.append(Example("msra", str(number), text, tuple(map(tuple, spans))))
    return examples
