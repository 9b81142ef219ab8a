"""Consistency within a document: a name that it uses once is a name elsewhere too.

Works over all sentences of a document after each has been recognised by itself.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Sequence

from extract.spans import Extent, Span, add_free, add_winning, overlaps
from extract.words import NO_WORDS, TAGS, Words, cut

SURE = 0.9
"""Confidence from which a mention vouches for its name elsewhere in the document."""

LIKELY = 0.5
"""Confidence from which it vouches where a part of its name has been found already."""


def spread(
    texts: Sequence[str],
    rows: Sequence[list[Span]],
    possible: Sequence[Container[Extent]],
    *,
    places: Sequence[str] = (),
) -> list[list[Span]]:
    """Mark names where the document's other mentions support them.

    A name found with confidence in one sentence is marked where it was missed in
    another, unless it was missed more often than found: then it was found by mistake.
    Where only a part of it was found, the whole takes its place.
    Divisions named in full support their short names (循化撒拉族自治县: 循化).
    All this only where the model finds it possible: 水利部 in 水利部门 is no name.

    Parameters
    ----------
    texts, rows : sequences
        Each sentence's text and spans.
    possible : sequence of containers
        What the model does not rule out in each sentence (`extract.spans.extents`).
    places : sequence of str
        Full names of divisions that the document's head names.

    Returns
    -------
    list of list of Span
        The spans of each sentence, sorted; the added ones have the confidence of what
        supports them, less a tenth.

    Examples
    --------
    >>> texts = ["循化撒拉族自治县召开会议", "建设富裕文明新循化"]
    >>> maybe = [(), {(7, 9, "Place")}]
    >>> [row] = spread(texts, [[Span(0, 8, "Place", 0.99, "model")], []], maybe)[1:]
    >>> texts[1][row[0].begin : row[0].end], row[0].source
    ('循化', 'gazetteer')
    """
    found: Counter[tuple[str, str]] = Counter()
    labels: dict[str, dict[str, float]] = defaultdict(dict)
    likely: dict[str, Span] = {}
    for text, row in zip(texts, rows, strict=True):
        for span in row:
            name = text[span.begin : span.end]
            found[name, span.label] += 1
            if span.confidence >= SURE:
                best = labels[name].get(span.label, 0.0)
                labels[name][span.label] = max(best, span.confidence)
            elif span.confidence >= LIKELY:
                likely[name] = span
    support: dict[str, tuple[str, float, str]] = {}
    for name, kinds in labels.items():
        # Two types in one document: which of them it is depends on the sentence.
        if len(kinds) == 1 and len(name) >= 2:
            [(label, confidence)] = kinds.items()
            support[name] = (label, confidence, "model")
    for short in _short_places(texts, rows, places):
        support.setdefault(short, ("Place", 0.97, "gazetteer"))
    only_likely = {name: likely[name] for name in likely.keys() - labels.keys()}
    rows = _mend(texts, rows, possible, only_likely)
    if not support:
        return [list(row) for row in rows]
    heads = defaultdict(list)
    for name in sorted(support, key=len, reverse=True):
        heads[name[:2]].append(name)
    result = [list(row) for row in rows]
    missed: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, text in enumerate(texts):
        at = 0
        while at < len(text) - 1:
            name = next((n for n in heads.get(text[at : at + 2], ()) if text.startswith(n, at)), "")
            at += max(len(name), 1)
            if name:
                label, confidence, source = support[name]
                whole = Span(at - len(name), at, label, round(confidence - 0.1, 4), source)
                if (whole.begin, at, label) not in possible[number]:
                    continue
                taken = [span for span in result[number] if overlaps(whole, [span])]
                if not taken:
                    missed[name].append((number, whole.begin))
                elif source == "model" and _cuts(whole, taken):
                    result[number] = add_winning(result[number], [whole])
    for name, spots in missed.items():
        label, confidence, source = support[name]
        if source == "model" and len(spots) > found[name, label]:
            continue
        for number, at in spots:
            span = Span(at, at + len(name), label, round(confidence - 0.1, 4), source)
            result[number] = add_free(result[number], [span])
    return result


def _mend(
    texts: Sequence[str],
    rows: Sequence[list[Span]],
    possible: Sequence[Container[Extent]],
    wholes: dict[str, Span],
) -> list[list[Span]]:
    """Put a likely name in the place of its parts, where only parts were found."""
    result = [list(row) for row in rows]
    for name, span in sorted(wholes.items(), key=lambda item: -len(item[0])):
        for number, text in enumerate(texts):
            at = text.find(name)
            while at >= 0:
                confidence = round(span.confidence - 0.1, 4)
                whole = Span(at, at + len(name), span.label, confidence, span.source)
                taken = [other for other in result[number] if overlaps(whole, [other])]
                sayable = (at, whole.end, whole.label) in possible[number]
                if sayable and taken and _cuts(whole, taken):
                    result[number] = add_winning(result[number], [whole])
                at = text.find(name, at + len(name))
    return result


def _cuts(whole: Span, taken: list[Span]) -> bool:
    """Say whether the spans of a sentence are parts of a name that is whole elsewhere."""
    return all(
        span.label == whole.label
        and whole.begin <= span.begin
        and span.end <= whole.end
        and span.end - span.begin < whole.end - whole.begin
        for span in taken
    )


HOME = 0.87
"""Confidence of a document's own county: as of other divisions that vouch for their short names."""

_NAMES = {"LOC", "ORG", "PER", "nr", "ns", "nt", "nz"}
"""Tags of words that are names (`extract.words`), though perhaps of another type."""


def mark_home(
    texts: Sequence[str], rows: Sequence[list[Span]], names: Sequence[str]
) -> list[list[Span]]:
    """Mark the short names of the division that a document is of.

    No network knows every county: 武强 looks like a person, 城步 like nothing. Names that are
    ordinary words (政和, 平安) are left to the model, and so is what no word begins or ends
    with: there is no 振安 in 提振安全感.

    Parameters
    ----------
    texts, rows : sequences
        Each sentence's text and spans.
    names : sequence of str
        Short names of the document's own division.

    Returns
    -------
    list of list of Span
        The spans of each sentence, sorted.

    Examples
    --------
    >>> texts = ["讲好武强故事", "提振安全感", "奋力开创振安全面振兴新局面"]
    >>> rows = [[Span(2, 4, "Person", 0.8, "model")], [], []]
    >>> [[(s.begin, s.label) for s in row] for row in mark_home(texts, rows, ["武强", "振安"])]
    [[(2, 'Place')], [], [(4, 'Place')]]
    """
    from extract import gazetteer

    known = [name for name in names if not gazetteer.is_word(name)]
    if not known:
        return [list(row) for row in rows]
    anywhere = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True))))
    result = []
    for text, row in zip(texts, rows, strict=True):
        # A user's dictionary knows better, and so does a longer name.
        homes = [
            home
            for match in anywhere.finditer(text)
            if _free((home := Span(*match.span(), "Place", HOME, "gazetteer")), row)
        ]
        words = cut(text) if homes else NO_WORDS
        sure = [home for home in homes if _is_cut(words, home)]
        result.append(add_winning(row, sure))
    return result


def _free(home: Span, row: list[Span]) -> bool:
    """Whether nobody took the name for anything, or the model just it for a person's."""
    person = (home.begin, home.end, "Person", "model")
    return all(
        (span.begin, span.end, span.label, span.source) == person
        for span in row
        if overlaps(home, [span])
    )


def _is_cut(words: Words, home: Span) -> bool:
    """Whether words begin and end with a name: one that is a name, or shorter ones."""
    word, tag = words.begins.get(home.begin, ("", 0))
    if len(word) == home.end - home.begin:
        return TAGS[tag] in _NAMES
    return 0 < len(word) < home.end - home.begin and home.end in words.ends


def _short_places(texts, rows, places: Sequence[str]) -> set[str]:
    """Bare short names of the divisions that the document names in full."""
    from extract import gazetteer

    full = set(places)
    for text, row in zip(texts, rows, strict=True):
        full |= {
            text[span.begin : span.end]
            for span in row
            if span.label == "Place" and span.confidence >= SURE and span.end - span.begin > 2
        }
    shorts: set[str] = set()
    for name in full:
        for address in gazetteer.addresses(name):
            if address.end == len(name) and not address.bare:
                division = address.division
                if division.level in ("province", "city", "county"):
                    shorts |= set(gazetteer.short_names(division.name, division.level))
    return {short for short in shorts if len(short) >= 2}
