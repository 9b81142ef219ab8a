"""Rules that draw relations: regular expressions over a sentence written as a pattern.

Before matching, `encode` writes the sentence in a shorter alphabet: every mention becomes
one letter for its type, a list of mentions joined by 、, 和, 及 becomes one letter for
all its members, and quotes around mentions vanish. ``区政协赴浙江、上海考察`` reads
``O赴L考察``, so one rule covers any names and any length of list.

The rules themselves are data, in ``relations_rules.tsv``: name, relation, and a pattern
whose groups ``h`` and ``t`` are head and tail. A rule without ``h`` has the unsaid
subject as its head and applies only where the issuer speaks.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extract.relations_pairs import Claim, Span, label_of
from graph.ontology import RELATIONS, allowed
from zhitu.errors import ModelError

RULES = Path(__file__).with_name("relations_rules.tsv")

LETTERS = {"Organization": "O", "Place": "L", "Project": "J", "Brand": "B", "Person": "P"}
_MIXED = "M"
"""A list whose members are of several types."""

_MACROS = {
    "{ORG}": "[OM]",
    "{PLACE}": "[LM]",
    "{BODY}": "[OLM]",
    "{PROJECT}": "[JM]",
    "{BRAND}": "[BM]",
    "{PERSON}": "P",
    "{ANY}": "[OLJBPM]",
    "{THING}": "[OJBM]",
    # Words of one clause, without and with other mentions in between.
    "{w}": "[^，；。！？：A-Z]{0,16}?",
    "{W}": "[^，；。！？：A-Z]*?",
    "{c}": "[^，；。！？：]*?",
    # The start of a clause, and words in which nobody is named who could be its subject.
    "{start}": "(?:^|(?<=[，；。！？：]))",
    "{unsaid}": "(?:^|(?<=[，；。！？：]))[^，；。！？：OLPM]*?",
}
_LIST = re.compile(r"(?:[、和及与]|以及|还有)")


@dataclass(frozen=True)
class Rule:
    """One line of the table: `confidence` is its measured precision on the training data."""

    name: str
    relation: str
    confidence: float
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Encoded:
    """A sentence in the alphabet of the rules.

    `members[i]` are the numbers of the mentions that ``text[i]`` stands for, empty for
    ordinary characters.
    """

    text: str
    members: tuple[tuple[int, ...], ...]


def encode(text: str, spans: Sequence[Span]) -> Encoded:
    """Write a sentence in the alphabet of the rules.

    Parameters
    ----------
    text : str
        The sentence.
    spans : sequence of Span
        Its mentions, sorted, not overlapping.

    Examples
    --------
    >>> spans = [Span(0, 3, "Organization"), Span(4, 6, "Place"), Span(7, 9, "Place")]
    >>> encode("区政协赴浙江、上海考察", spans).text
    'O赴L考察'
    """
    letters: list[str] = []
    members: list[tuple[int, ...]] = []
    position = 0
    for number, span in enumerate(spans):
        between = text[position : span.begin]
        if letters and members[-1] and _joins(between, letters[-1], LETTERS[span.label]):
            if letters[-1] != LETTERS[span.label]:
                letters[-1] = _MIXED
            members[-1] += (number,)
        else:
            plain = _plain(between)
            letters += [*plain, LETTERS[span.label]]
            members += [()] * len(plain) + [(number,)]
        position = span.end
    rest = _plain(text[position:])
    return Encoded("".join(letters) + rest, (*members, *[()] * len(rest)))


def _joins(between: str, left: str, right: str) -> bool:
    """Say whether two mentions stand in one list; 和 and 与 only join equal types."""
    quotes, between = between, re.sub(r"[“”‘’《》\s]", "", between)
    # “丽邦”“妮好” is a list without a mark between.
    if between == "、" or (not between and ("”" in quotes or "》" in quotes) and left == right):
        return left == right or "P" not in (left, right)
    return left == right and left != "L" and left != "O" and bool(_LIST.fullmatch(between))


def _plain(text: str) -> str:
    """Take away what the rules do not look at; capitals would read as mentions."""
    return re.sub(r"[“”‘’\s]", "", text).lower().translate(str.maketrans(",;:!?", "，；：！？"))


@cache
def load_rules(path: Path = RULES) -> tuple[Rule, ...]:
    """Read the table of rules.

    Raises
    ------
    ModelError
        If a line is malformed; the message names it.
    """
    rules = []
    with open(path, encoding="utf-8", newline="") as table:
        lines = (line for line in table if line.strip() and not line.startswith("#"))
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            try:
                if row["relation"] not in RELATIONS:
                    raise ValueError(f"{row['relation']} is no relation of the ontology")
                pattern = row["pattern"]
                for macro, meaning in _MACROS.items():
                    pattern = pattern.replace(macro, meaning)
                pattern = re.compile(re.sub(r"<([ht]):([^>]*)>", r"(?P<\1>\2)", pattern))
                rules.append(Rule(row["name"], row["relation"], float(row["confidence"]), pattern))
            except (ValueError, TypeError, re.error) as error:
                raise ModelError(f"{path}, rule {row.get('name')}: {error}") from None
    return tuple(rules)


def apply_rules(text: str, spans: Sequence[Span], speaks: bool) -> list[Claim]:
    """Return every claim that some rule draws from a sentence, unsorted, with duplicates.

    Parameters
    ----------
    text : str
    spans : sequence of Span
        Mentions of the sentence, sorted.
    speaks : bool
        Whether rules for the unsaid subject apply.

    Examples
    --------
    >>> spans = [Span(0, 3, "Organization"), Span(4, 6, "Place"), Span(7, 9, "Place")]
    >>> claims = apply_rules("区政协赴浙江、上海考察", spans, True)
    >>> sorted({(claim.head, claim.type, claim.tail) for claim in claims})
    [(0, 'VISITED', 1), (0, 'VISITED', 2)]
    """
    encoded = encode(text, spans)
    claims = []
    for rule in load_rules():
        named = "h" in rule.pattern.groupindex
        if not named and not speaks:
            continue
        for match in rule.pattern.finditer(encoded.text):
            heads = encoded.members[match.start("h")] if named else (None,)
            claims += [
                Claim(head, rule.relation, tail, rule.confidence, rule.name)
                for head in heads
                for tail in encoded.members[match.start("t")]
                if head != tail and allowed(rule.relation, label_of(spans, head), spans[tail].label)
            ]
    return claims
