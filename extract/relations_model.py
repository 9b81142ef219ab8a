"""The learned classifier of pairs: a linear model over clues, a look at the rivals, a reader.

The first step adds up a weight for every clue of a pair (`extract.relations_clues`) and
relation type. The second step sees the sums of a pair beside those of its rivals in the
sentence (other heads for the same tail, the unsaid subject, other tails of the same head,
the pair turned round). Both are a few products in NumPy; the names in the text play no part but
for how they end. What comes out is averaged with what a small network makes of the sentence
(`extract.relations_reader`): the two err differently. The recogniser's weights play no part.

``relations_model.npz`` is written by ``python -m training.relations``.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from extract.relations_clues import clues
from extract.relations_pairs import (
    Claim,
    Pair,
    Span,
    candidates,
    kind_numbers,
    label_of,
    possible,
    quoted,
)
from extract.relations_reader import LONGEST, load_reader
from extract.relations_rules import apply_rules
from graph.ontology import RELATION_TYPES, RELATIONS
from zhitu.errors import ModelError

MODEL = Path(__file__).with_name("relations_model.npz")
BUCKETS = 1 << 18
"""Clues are numbered by their hash."""
TYPES = tuple(relation.name for relation in RELATION_TYPES)
READ = 0.3
"""Share of the reader in the log odds; the clues have the rest."""
FLOOR = -8.0
"""The sum of what is not asked: it stands for no."""


@dataclass(frozen=True)
class Model:
    """Weights; `weights` (buckets, types) and `bias` of the first step, the rest of the
    second. `calibration` turns log odds into probabilities; `thresholds` by type say from which
    probability on a relation is drawn.
    """

    weights: np.ndarray
    bias: np.ndarray
    kinds: np.ndarray
    inner: np.ndarray
    inner_bias: np.ndarray
    outer: np.ndarray
    outer_bias: np.ndarray
    gain: np.ndarray
    calibration: np.ndarray
    thresholds: np.ndarray


@cache
def load_model(path: Path = MODEL) -> Model:
    """Read the weights.

    Raises
    ------
    ModelError
        If the file is missing or was not written by `training.relations`.
    """
    try:
        with np.load(path) as stored:
            arrays = {name: stored[name] for name in stored.files}
        scale = arrays.pop("scale")
        weights = arrays.pop("weights").astype(np.float32) * scale
        return Model(weights=weights, **arrays)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{path}: the relation model cannot be read ({error}); "
            "python -m training.relations writes it"
        ) from None


def buckets(names: Sequence[str]) -> np.ndarray:
    """Number clues.

    >>> buckets(["OO>|=与"])
    array([...])
    """
    return np.unique(np.array([zlib.crc32(name.encode()) % BUCKETS for name in names], np.int64))


def asked(text: str, spans: Sequence[Span], pairs: Sequence[Pair]) -> np.ndarray:
    """Say which types each pair may have: (pairs, types) of bool.

    The ontology decides, nothing relates to its own name, of a symmetric relation only
    the order of the text is asked, and who is quoted does nothing behind the quotation.
    """
    result = np.zeros((len(pairs), len(TYPES)), bool)
    heard = {i: end for i, span in enumerate(spans) if (end := quoted(text, span))}
    for i, (head, tail) in enumerate(pairs):
        if head is not None and _same_name(text, spans[head], spans[tail]):
            continue
        if head in heard and spans[tail].begin >= heard[head]:
            continue
        for name in possible(label_of(spans, head), spans[tail].label):
            backwards = RELATIONS[name].symmetric and head is not None and head > tail
            result[i, TYPES.index(name)] = not backwards
    return result


def _same_name(text: str, one: Span, other: Span) -> bool:
    return text[one.begin : one.end] == text[other.begin : other.end]


def rivals(sums: np.ndarray, pairs: Sequence[Pair]) -> np.ndarray:
    """Put each pair's sums beside the best of its rivals in the sentence.

    Parameters
    ----------
    sums : ndarray
        (pairs, types), `FLOOR` where a type is not asked.
    pairs : sequence of (head, tail)

    Returns
    -------
    ndarray
        (pairs, 5 * types): own, other named heads of the tail, the unsaid head of the
        tail, other tails of the head, the pair turned round.
    """
    count, width = sums.shape
    heads = np.array([-1 if head is None else head for head, _ in pairs])
    tails = np.array([tail for _, tail in pairs])
    seen = np.full((count, 5, width), FLOOR, np.float32)
    seen[:, 0] = sums
    at = {pair: i for i, pair in enumerate(pairs)}
    for i, (head, tail) in enumerate(pairs):
        same_tail = tails == tail
        same_tail[i] = False
        for row, others in (
            (1, same_tail & (heads >= 0)),
            (2, same_tail & (heads < 0)),
            (3, (heads == heads[i]) & (tails != tail)),
        ):
            if others.any():
                seen[i, row] = sums[others].max(0)
        turned = at.get((tail, head)) if head is not None else None
        if turned is not None:
            seen[i, 4] = sums[turned]
    return seen.reshape(count, 5 * width) / 4


def first_step(model: Model, found: Sequence[Sequence[str]], may: np.ndarray) -> np.ndarray:
    """Add up the weights of the clues: (pairs, types), `FLOOR` where not asked."""
    sums = np.empty(may.shape, np.float32)
    for i, names in enumerate(found):
        numbers = buckets(names)
        sums[i] = model.weights[numbers].sum(0) * (4 / np.sqrt(len(numbers))) + model.bias
    return np.where(may, np.clip(sums, FLOOR, -FLOOR), FLOOR)


def second_step(model: Model, seen: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """Turn sums and rivals into log odds."""
    width = model.bias.shape[0]
    inner = np.tanh(seen @ model.inner + model.inner_bias + model.kinds[kinds])
    return 4 * seen[:, :width] * model.gain + inner @ model.outer + model.outer_bias


def together(clued: np.ndarray, read: np.ndarray) -> np.ndarray:
    """Log odds by clues and by the reader, averaged."""
    return (1 - READ) * clued + READ * read


def probable(odds: np.ndarray, calibration: np.ndarray) -> np.ndarray:
    """Probabilities from log odds; `calibration` is slope and offset."""
    slope, offset = calibration
    return 1 / (1 + np.exp(-(slope * odds + offset)))


class Judged(NamedTuple):
    """A sentence's candidate pairs (head, tail), how likely each type is, what rules would draw.

    `values` is (pairs, types in the ontology's order), 0 where a type is not asked.
    """

    pairs: list[Pair]
    values: np.ndarray
    ruled: list[Claim]


def judge(sentences: Sequence[tuple[str, Sequence[Span]]], speaks: bool) -> list[Judged]:
    """Judge every candidate pair of some sentences of a document.

    Parameters
    ----------
    sentences : sequence of (text, spans)
        Mentions sorted, not overlapping.
    speaks : bool
        Whether the issuer may be the unsaid subject.

    Returns
    -------
    list of Judged

    Examples
    --------
    >>> spans = [Span(0, 4, "Organization"), Span(6, 12, "Project")]
    >>> (found,) = judge([("沧澜公司承建沧澜引水工程。", spans)], speaks=False)
    >>> [(pair, TYPES[v.argmax()]) for pair, v in zip(found.pairs, found.values) if v.max() > 0.5]
    [((0, 1), 'IMPLEMENTS')]
    """
    model = load_model()
    paired = [(text, spans, candidates(spans, speaks)) for text, spans in sentences]
    short = [one for one in paired if one[2] and len(one[0]) <= LONGEST]
    read = iter(load_reader().read(short, speaks) if short else ())
    found = []
    for text, spans, pairs in paired:
        values, ruled = np.zeros((0, len(TYPES))), []
        if pairs:
            may = asked(text, spans, pairs)
            ruled = apply_rules(text, spans, speaks)
            sums = first_step(model, clues(text, spans, speaks, pairs, ruled), may)
            clued = second_step(model, rivals(sums, pairs), kind_numbers(spans, pairs))
            odds = together(clued, next(read) if len(text) <= LONGEST else clued)
            values = np.where(may, probable(odds, model.calibration), 0.0)
        found.append(Judged(pairs, values, ruled))
    return found
