"""What a sentence offers to relate: mentions, candidate pairs, and claims drawn from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from graph.ontology import ISSUER, LABELS, RELATION_TYPES, RELATIONS, allowed

Pair = tuple[int | None, int]
"""Head and tail as numbers of mentions; a head of None is the unsaid subject."""


@dataclass(frozen=True, order=True)
class Span:
    """A mention inside one sentence: characters ``[begin, end)`` of it and a graph label."""

    begin: int
    end: int
    label: str


@dataclass(frozen=True)
class Claim:
    """A relation inside one sentence; `head` and `tail` number its mentions.

    `head` is None for the unsaid subject. `rule` names the rule or the model.
    """

    head: int | None
    type: str
    tail: int
    confidence: float
    rule: str
    title: str | None = None


def label_of(spans: Sequence[Span], index: int | None) -> str:
    """Return the label of a mention, or `ISSUER` for None."""
    return ISSUER if index is None else spans[index].label


def candidates(spans: Sequence[Span], speaks: bool) -> list[Pair]:
    """List the ordered pairs that some relation may join.

    Parameters
    ----------
    spans : sequence of Span
    speaks : bool
        Whether the document's issuer may be the unsaid subject.

    Examples
    --------
    >>> candidates([Span(0, 3, "Organization"), Span(5, 9, "Project")], speaks=True)
    [(None, 0), (None, 1), (0, 1), (1, 0)]
    """
    heads: list[int | None] = [None, *range(len(spans))] if speaks else [*range(len(spans))]
    return [
        (head, tail)
        for head in heads
        for tail in range(len(spans))
        if head != tail and possible(label_of(spans, head), spans[tail].label)
    ]


def kind_numbers(spans: Sequence[Span], pairs: Sequence[Pair]) -> np.ndarray:
    """Number the kinds of pairs: label of the head or unsaid, label of the tail, order."""
    labels = [*LABELS, ISSUER]
    return np.array(
        [
            (labels.index(label_of(spans, head)) * len(LABELS) + LABELS.index(spans[tail].label))
            * 3
            + (2 if head is None else int(head > tail))
            for head, tail in pairs
        ],
        np.int64,
    )


def possible(head: str, tail: str) -> tuple[str, ...]:
    """Return the relation types that may join a `head` to a `tail`, in the ontology's order.

    >>> possible("Person", "Organization")
    ('HOLDS_POSITION', 'FOUNDED', 'VISITED', 'RECOGNISED_BY')
    """
    return tuple(r.name for r in RELATION_TYPES if allowed(r.name, head, tail))


_STUDIED = re.compile(r"(?:学习|贯彻|落实|牢记|践行|领会|对标|遵循|感悟)[^，。；：！？]*$")
_WORDS = re.compile(
    r"(?![^，。；]*发表)[^，。；：！？、]{0,40}?(?:讲话|指示|论述|批示|回信|贺信|思想|嘱托|精神)"
)


def quoted(text: str, span: Span) -> int:
    """Say where the words of somebody end that are studied or carried out; 0 if there are none.

    The visit inside them is that person's, and past; what comes after is not.

    Examples
    --------
    >>> text = "学习习近平总书记考察上海重要讲话精神，组织委员参观某纪念馆"
    >>> text[: quoted(text, Span(2, 5, "Person"))]
    '学习习近平总书记考察上海重要讲话'
    >>> quoted("习近平发表重要讲话", Span(0, 3, "Person"))
    0
    """
    if span.label != "Person" or not _STUDIED.search(text, 0, span.begin):
        return 0
    words = _WORDS.match(text, span.end)
    return words.end() if words else 0


def distinct(claims: Iterable[Claim], surfaces: Sequence[str]) -> list[Claim]:
    """Keep one claim per (head surface, type, tail surface), the most confident.

    A symmetric relation counts once in either order; nothing relates to its own name.

    Examples
    --------
    >>> both = [Claim(0, "COOPERATES_WITH", 1, 0.6, "a"), Claim(1, "COOPERATES_WITH", 0, 0.9, "b")]
    >>> distinct(both, ["柯城", "余杭"])
    [Claim(head=1, type='COOPERATES_WITH', tail=0, confidence=0.9, rule='b', title=None)]
    """
    best: dict[tuple[str, str, str], Claim] = {}
    for claim in claims:
        head = ISSUER if claim.head is None else surfaces[claim.head]
        tail = surfaces[claim.tail]
        if head == tail:
            continue
        if RELATIONS[claim.type].symmetric and claim.head is not None and tail < head:
            head, tail = tail, head
        known = best.get((head, claim.type, tail))
        if known is None or claim.confidence > known.confidence:
            best[head, claim.type, tail] = claim
    return list(best.values())
