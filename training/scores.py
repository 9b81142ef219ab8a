"""Exact and relaxed F1 over spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[int, int, str]


@dataclass(frozen=True)
class Score:
    """Counts of one type: right, found, wanted; precision, recall and F1 from them."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        both = self.found + self.wanted
        return 2 * self.right / both if both else 0.0


def score(
    gold: Sequence[Sequence[Span]], found: Sequence[Sequence[Span]], *, relaxed: bool = False
) -> dict[str, Score]:
    """Score found spans against the gold ones, by tag and over all (``micro``).

    Parameters
    ----------
    gold, found : sequence of sequences of (start, end, tag)
        One sequence a sentence, in the same order.
    relaxed : bool
        Count a found span as right when it overlaps a gold span of its tag that no
        other found span has taken.

    Returns
    -------
    dict of str to Score
        Tags in alphabetical order, then ``micro``.

    Examples
    --------
    >>> table = score([[(0, 3, "ORG"), (4, 6, "PLACE")]], [[(0, 3, "ORG"), (4, 7, "PLACE")]])
    >>> table["micro"].f1, table["ORG"].f1
    (0.5, 1.0)
    >>> score([[(4, 6, "PLACE")]], [[(4, 7, "PLACE")]], relaxed=True)["micro"].f1
    1.0
    """
    counts: dict[str, list[int]] = {}
    for wanted, got in zip(gold, found, strict=True):
        left = set(map(tuple, wanted))
        for span in sorted(map(tuple, got)):
            counts.setdefault(span[2], [0, 0, 0])[1] += 1
            match = next((g for g in sorted(left) if _agree(g, span, relaxed)), None)
            if match is not None:
                counts[span[2]][0] += 1
                left.discard(match)
        for span in wanted:
            counts.setdefault(span[2], [0, 0, 0])[2] += 1
    table = {tag: Score(*counts[tag]) for tag in sorted(counts)}
    table["micro"] = Score(*(sum(c[i] for c in counts.values()) for i in range(3)))
    return table


def _agree(gold: Span, found: Span, relaxed: bool) -> bool:
    if not relaxed:
        return tuple(gold) == tuple(found)
    return gold[2] == found[2] and gold[0] < found[1] and found[0] < gold[1]
