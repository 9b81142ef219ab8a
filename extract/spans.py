"""Spans of one sentence, and who wins where they overlap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A mention before it is one: ``text[begin:end]`` is a name of type `label`.

    `source` is ``dictionary``, ``model``, ``pattern`` or ``gazetteer``; `confidence`
    lies between 0 and 1.
    """

    begin: int
    end: int
    label: str
    confidence: float
    source: str


def overlaps(span: Span, others: Iterable[Span]) -> bool:
    """Say whether `span` shares a character with one of `others`.

    >>> overlaps(Span(0, 3, "Place", 1, "model"), [Span(2, 4, "Place", 1, "gazetteer")])
    True
    """
    return any(span.begin < other.end and other.begin < span.end for other in others)


Extent = tuple[int, int, str]
"""Where a span begins and ends, and its label."""


def extents(spans: Iterable[Span], least: float) -> set[Extent]:
    """What spans of at least this confidence say, without saying how sure it is.

    >>> sorted(extents([Span(0, 3, "Place", 0.4, "model"), Span(1, 3, "Place", 0.1, "model")], 0.2))
    [(0, 3, 'Place')]
    """
    return {(span.begin, span.end, span.label) for span in spans if span.confidence >= least}


def add_free(spans: list[Span], extra: Iterable[Span]) -> list[Span]:
    """Add those of `extra` that overlap nothing yet, in their order; sorted by position."""
    result = list(spans)
    for span in extra:
        if not overlaps(span, result):
            result.append(span)
    return sorted(result, key=lambda span: span.begin)


def add_winning(spans: list[Span], winners: Iterable[Span]) -> list[Span]:
    """Add `winners`, and drop the spans that they overlap; sorted by position."""
    chosen = list(winners)
    kept = [span for span in spans if not overlaps(span, chosen)]
    return sorted([*kept, *chosen], key=lambda span: span.begin)


def likeliest(spans: Iterable[Span], least: float) -> list[Span]:
    """Of spans that may overlap, take the most confident ones first; sorted by position.

    Those less confident than `least` are left out.

    >>> found = [Span(0, 3, "Place", 0.4, "model"), Span(0, 5, "Place", 0.6, "model")]
    >>> [(span.begin, span.end) for span in likeliest(found, 0.5)]
    [(0, 5)]
    """
    sure = [span for span in spans if span.confidence >= least]
    return add_free([], sorted(sure, key=lambda span: -span.confidence))
