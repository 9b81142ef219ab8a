"""Who wins: the order in which the sources speak about one sentence.

1. The user's dictionary: its entries always win.
2. The model; its spans are tidied, edges of places mended by the gazetteer, and what is
   no name by its form is dropped. Formal names that are always whole replace parts.
3. Form patterns, where nobody has spoken.
4. The gazetteer, where nobody has spoken and the model finds its name possible.

Consistency within the document comes last (`extract.consistency`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from extract.dictionary import Lexicon
from extract.patterns import find_patterns, is_junk, tidy
from extract.spans import Extent, Span, add_free, add_winning, overlaps


def arbitrate(
    text: str,
    model: Iterable[Span],
    *,
    gazetteer: Lexicon,
    divisions: Lexicon,
    dictionary: Lexicon | None = None,
    possible: Container[Extent] = (),
) -> list[Span]:
    """Settle what one sentence holds; sorted, no two spans overlap.

    `gazetteer` holds the names that may be added, `divisions` those that mend edges;
    `possible` is what the model does not rule out.

    Examples
    --------
    >>> from extract.dictionary import make_lexicon
    >>> towns = make_lexicon([("向家坝镇", "Place")])
    >>> organs = make_lexicon([("教育部", "Organization")], source="gazetteer")
    >>> text = "帮助向家坝镇新寿村，推出“循政通”小程序，入选教育部案例"
    >>> found = [Span(3, 9, "Place", 0.99, "model")]
    >>> maybe = {(23, 26, "Organization")}
    >>> spans = arbitrate(text, found, gazetteer=organs, divisions=towns, possible=maybe)
    >>> [(text[s.begin : s.end], s.source) for s in spans]
    [('向家坝镇新寿村', 'model'), ('循政通', 'pattern'), ('教育部', 'gazetteer')]
    """
    names = divisions.find(text)
    spans: list[Span] = []
    for span in model:
        span = tidy(text, mend(span, names))
        if span is not None and not is_junk(text[span.begin : span.end], span.label):
            spans = add_free(spans, [span])
    for whole in find_patterns(text, "whole"):
        if all(
            whole.begin <= span.begin and span.end <= whole.end
            for span in spans
            if overlaps(span, [whole])
        ):
            spans = add_winning(spans, [whole])
    spans = add_free(spans, find_patterns(text))
    known = (s for s in gazetteer.find(text) if (s.begin, s.end, s.label) in possible)
    spans = add_free(spans, known)
    if dictionary is not None:
        spans = add_winning(spans, dictionary.find(text))
    return spans


def mend(span: Span, known: Iterable[Span]) -> Span:
    """Move the edge of a place that cuts through a division's full name.

    The model has no words, only characters, and now and then begins a name inside one.
    """
    if span.label != "Place":
        return span
    for name in known:
        if name.label != "Place":
            continue
        if name.begin < span.begin < name.end <= span.end:
            return replace(span, begin=name.begin)
        if span.begin <= name.begin < span.end < name.end:
            return replace(span, end=name.end)
    return span
