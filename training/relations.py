"""Train the pair classifier of relations: ``python -m training.relations --reader FILE``.

The first step is a logistic regression over clues, one a relation type, fitted together
by L-BFGS. The second step learns from sums that the first step gave to documents it had
not been fitted on (three folds), so that it sees them as they will be in use; so do the
thresholds, which are chosen together with the reader (`training.relations_reader`) on a fold
that neither had seen. The dev sets are never read. Takes some two minutes on one core.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from torch import nn
from torch.nn import functional as F

from extract.relations_clues import clues
from extract.relations_model import (
    BUCKETS,
    FLOOR,
    MODEL,
    TYPES,
    Model,
    asked,
    buckets,
    probable,
    rivals,
    second_step,
    together,
)
from extract.relations_pairs import Pair, candidates, kind_numbers
from extract.relations_rules import apply_rules
from graph.ontology import ISSUER, RELATIONS
from training.data import part_of
from training.more import read_more
from training.relations_data import (
    ANNOTATED,
    WRITTEN,
    Example,
    example_of,
    read_relations,
)

TRAIN_SETS = (ANNOTATED / "train.jsonl", WRITTEN / "train.jsonl")
FOLDS = 3
HELD_OUT = 0
"""The fold on which the clues and the reader are judged together."""
COUNTY = 6.0
"""Weight of the county documents: few, and the kind that most differs."""
LEAST = 0.75
"""Precision that each type has to reach on held-out folds; its threshold rises until then."""
GIVEN = 0.005
"""F1 that is given for precision: a relation that is not there costs more trust than one missed."""
STRICTER = {"FOUNDED": 0.62, "VISITED": 0.75}
"""Least threshold of two types that draw too much on the dev sets: whoever accompanies a visitor,
whoever works with a founder. Chosen there; on held-out documents each costs a point or three of
its F1 and gains as much precision."""
KINDS, INNER = 90, 40


@dataclass(frozen=True)
class Item:
    """A sentence, its candidate pairs, their clues, and what was drawn: (pairs, types) of
    1, 0, or -1 where not asked.
    """

    example: Example
    pairs: list[Pair]
    clues: list[np.ndarray]
    labels: np.ndarray


Read = Callable[[Sequence[Item]], list[np.ndarray]]
"""Log odds (pairs, types) of the pairs of items."""


def label(example: Example, pairs: Sequence[Pair]) -> np.ndarray:
    """Say what the annotators drew between each pair.

    A surface may occur several times while a relation names only surfaces: the nearest
    pair carries it, the others are not asked.

    Returns
    -------
    ndarray of int8
        (pairs, relation types): 1 drawn, 0 not drawn, -1 not asked.

    Examples
    --------
    >>> from extract.relations_pairs import Span
    >>> text = "甲县与乙县合作，甲县"
    >>> spans = [Span(i, i + 2, "Place") for i in (0, 3, 8)]
    >>> example = Example("d", "1", text, tuple(spans),
    ...     frozenset({("乙县", "COOPERATES_WITH", "甲县")}), (), False)
    >>> pairs = candidates(spans, False)
    >>> label(example, pairs)[[pairs.index((0, 1)), pairs.index((1, 2))], 6]
    array([ 1, -1], dtype=int8)
    """
    spans = example.spans
    surfaces = [example.text[s.begin : s.end] for s in spans]
    may = asked(example.text, spans, pairs)
    labels = np.full(may.shape, -1, np.int8)
    nearest: dict[tuple[str, str, str], tuple[int, int]] = {}
    for i, (head, tail) in enumerate(pairs):
        one = ISSUER if head is None else surfaces[head]
        distance = 0 if head is None else abs(spans[head].begin - spans[tail].begin)
        for column in np.flatnonzero(may[i]):
            triple = (one, TYPES[column], surfaces[tail])
            drawn = triple in example.relations
            if RELATIONS[TYPES[column]].symmetric and head is not None:
                drawn = drawn or triple[::-1] in example.relations
                triple = min(triple, triple[::-1])
            if not drawn:
                labels[i, column] = 0
            elif triple not in nearest or distance < nearest[triple][0]:
                if triple in nearest:
                    labels[nearest[triple][1], column] = -1
                nearest[triple] = (distance, i)
                labels[i, column] = 1
    return labels


def items(examples: Sequence[Example]) -> list[Item]:
    """Collect pairs, clues and labels of the sentences that offer a pair."""
    found = []
    for example in examples:
        pairs = candidates(example.spans, example.speaks)
        if pairs:
            ruled = apply_rules(example.text, example.spans, example.speaks)
            named = clues(example.text, example.spans, example.speaks, pairs, ruled)
            numbers = [buckets(names) for names in named]
            found.append(Item(example, pairs, numbers, label(example, pairs)))
    return found


def matrix(found: Sequence[Item]) -> csr_matrix:
    """Write all pairs as one sparse matrix (pairs, buckets), rows of equal length."""
    rows = [row for item in found for row in item.clues]
    sizes = np.array([len(row) for row in rows])
    values = np.repeat((4 / np.sqrt(sizes)).astype(np.float32), sizes)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return csr_matrix((values, np.concatenate(rows), starts), shape=(len(rows), BUCKETS))


def fit_first(
    pairs: csr_matrix,
    labels: np.ndarray,
    weight: np.ndarray,
    *,
    steps: int = 50,
    prior: float = 1.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Fit the first step.

    Parameters
    ----------
    pairs : csr_matrix
        (pairs, buckets).
    labels : ndarray
        (pairs, types) of 1, 0, -1.
    weight : ndarray
        Weight of each pair.
    steps : int
        Iterations of L-BFGS.
    prior : float
        Variance of the Gaussian prior on weights.

    Returns
    -------
    weights : ndarray
        (buckets, types).
    bias : ndarray
        (types,).
    """
    used = np.flatnonzero(np.bincount(pairs.indices, minlength=BUCKETS) >= 2)
    seen = pairs[:, used].tocsr()
    turned = seen.T.tocsr()
    ask = (labels >= 0).astype(np.float32) * weight[:, None].astype(np.float32)
    target = np.maximum(labels, 0).astype(np.float32)

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        value = flat.astype(np.float32).reshape(len(used) + 1, len(TYPES))
        sums = seen @ value[:-1] + value[-1]
        error = ask * (1 / (1 + np.exp(-sums)) - target)
        slope = np.vstack([turned @ error + value[:-1] / prior, error.sum(0)[None]])
        cost = (ask * (np.logaddexp(0, sums) - target * sums)).sum()
        cost += 0.5 / prior * (value[:-1] ** 2).sum()
        return float(cost), slope.ravel().astype(np.float64)

    start = np.zeros((len(used) + 1, len(TYPES)))
    start[-1] = -3
    options = {"maxiter": steps, "maxcor": 6}
    best = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options=options).x
    best = best.reshape(start.shape).astype(np.float32)
    weights = np.zeros((BUCKETS, len(TYPES)), np.float32)
    weights[used] = best[:-1]
    return weights, best[-1]


class Second(nn.Module):
    """The second step while it is fitted; `extract.relations_model.second_step` runs it."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds = nn.Embedding(KINDS, INNER)
        self.inner = nn.Linear(5 * len(TYPES), INNER)
        self.outer = nn.Linear(INNER, len(TYPES))
        self.gain = nn.Parameter(torch.ones(len(TYPES)))
        nn.init.normal_(self.kinds.weight, std=0.1)
        nn.init.zeros_(self.outer.weight)
        nn.init.zeros_(self.outer.bias)

    def forward(self, seen: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        inner = torch.tanh(self.inner(seen) + self.kinds(kinds))
        return 4 * seen[:, : len(TYPES)] * self.gain + self.outer(inner)


def fit_second(
    seen: np.ndarray,
    kinds: np.ndarray,
    labels: np.ndarray,
    weight: np.ndarray,
    *,
    epochs: int = 12,
    rate: float = 4e-3,
    seed: int = 0,
) -> dict[str, np.ndarray]:
    """Fit the second step; returns the fields of `Model` that it needs."""
    torch.manual_seed(seed)
    network = Second()
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.02)
    inputs = [torch.from_numpy(a) for a in (seen, kinds, labels, weight.astype(np.float32))]
    total, step = epochs * (len(seen) // 512 + 1), 0
    for _ in range(epochs):
        for rows in torch.randperm(len(seen)).split(512):
            x, kind, y, w = (a[rows] for a in inputs)
            cost = F.binary_cross_entropy_with_logits(
                network(x, kind), y.clamp(min=0).float(), reduction="none"
            )
            for group in optimiser.param_groups:
                group["lr"] = rate * max(0.02, 1 - step / total)
            optimiser.zero_grad()
            (cost * (y >= 0) * w[:, None]).sum().div(len(rows)).backward()
            optimiser.step()
            step += 1
    return {
        "kinds": network.kinds.weight.detach().numpy(),
        "inner": network.inner.weight.detach().numpy().T,
        "inner_bias": network.inner.bias.detach().numpy(),
        "outer": network.outer.weight.detach().numpy().T,
        "outer_bias": network.outer.bias.detach().numpy(),
        "gain": network.gain.detach().numpy(),
    }


def load_examples() -> list[Example]:
    """All annotated sentences with their relations."""
    examples = [example for path in TRAIN_SETS for example in read_relations(path)]
    return examples + [example_of(row, {}) for row in read_more()]


def of_county(example: Example) -> bool:
    """Whether a sentence is of a county's document, or written in the manner of one."""
    return example.document.startswith(("written", "county", "news_county"))


def fold(example: Example) -> int:
    """Put whole documents into folds; of the long reports, sentences."""
    report = example.speaks and not of_county(example)
    key = f"{example.document}:{example.number}" if report else example.document
    return part_of(key, FOLDS)


def thresholds(values: np.ndarray, labels: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Choose from which probability on each type is drawn.

    One for all types: the highest that gives all but `GIVEN` of the best F1. A type that is not
    precise enough (`LEAST`) there, or of `STRICTER`, gets a higher one.
    """
    grid = np.arange(0.26, 0.86, 0.02)
    yes, ask = labels == 1, labels >= 0

    def counts(column: int | slice, threshold: float) -> tuple[float, float, float]:
        drawn = (values[:, column] >= threshold) & ask[:, column]
        w = weight if isinstance(column, int) else weight[:, None]
        return (w * (drawn & yes[:, column])).sum(), (w * drawn).sum(), (w * yes[:, column]).sum()

    def f1(threshold: float) -> float:
        right, drawn, gold = counts(slice(None), threshold)
        return 2 * right / (drawn + gold)

    scores = [f1(threshold) for threshold in grid]
    common = max(t for t, score in zip(grid, scores, strict=True) if score >= max(scores) - GIVEN)
    chosen = []
    for column, name in enumerate(TYPES):
        floor = max(common, STRICTER.get(name, 0))
        precise = [
            t
            for t in (floor, *grid)
            if t >= floor and (c := counts(column, t))[0] >= LEAST * max(c[1], 1e-9)
        ]
        chosen.append(precise[0] if precise else grid[-1])
    return np.array(chosen, np.float32)


def quantise(weights: np.ndarray) -> dict[str, np.ndarray]:
    """Store weights as whole numbers of 8 bits with a scale a type."""
    scale = np.abs(weights).max(0) / 127
    return {"weights": np.round(weights / scale).astype(np.int8), "scale": scale}


def train(found: Sequence[Item], read: Read, *, log=print) -> dict[str, np.ndarray]:
    """Fit both steps on all items; returns the arrays of the model's file.

    `read` gives what the reader, which has not seen them, says of the items of `HELD_OUT`; the
    thresholds are chosen there.
    """
    pairs, labels = matrix(found), np.concatenate([item.labels for item in found])
    county = [COUNTY if of_county(item.example) else 1.0 for item in found for _ in item.pairs]
    weight = np.array(county)
    folds = np.array([fold(item.example) for item in found for _ in item.pairs])
    sums = np.zeros(labels.shape, np.float32)
    for number in range(FOLDS):
        rest = folds != number
        began = time.time()
        weights, bias = fit_first(pairs[rest], labels[rest], weight[rest])
        sums[~rest] = pairs[~rest] @ weights + bias
        log(f"fold {number + 1} of {FOLDS}: {time.time() - began:.0f} s", flush=True)
    sums = np.where(labels >= 0, np.clip(sums, FLOOR, -FLOOR), FLOOR).astype(np.float32)
    seen, kinds, start = [], [], 0
    for item in found:
        seen.append(rivals(sums[start : start + len(item.pairs)], item.pairs))
        kinds.append(kind_numbers(item.example.spans, item.pairs))
        start += len(item.pairs)
    seen, kinds = np.concatenate(seen), np.concatenate(kinds)
    held = np.zeros(labels.shape, np.float32)
    for number in range(FOLDS):
        rest = folds != number
        second = fit_second(seen[rest], kinds[rest], labels[rest], weight[rest])
        held[~rest] = second_step(_second_only(second), seen[~rest], kinds[~rest])
    second = fit_second(seen, kinds, labels, weight)
    weights, bias = fit_first(pairs, labels, weight)
    judged = folds == HELD_OUT
    both = together(
        held[judged], np.concatenate(read([i for i in found if fold(i.example) == HELD_OUT]))
    )
    held, labels, weight = held[judged], labels[judged], weight[judged]
    calibration = calibrate(both, labels)
    held, both = probable(held, np.array([1, 0])), probable(both, calibration)
    chosen = thresholds(both, labels, weight)
    for name, values in (("clues alone", held), ("with the reader", both)):
        drawn, yes = (values >= chosen) & (labels >= 0), labels == 1
        right = (drawn & yes).sum(0)
        log(f"{name}: held-out F1 {2 * right.sum() / (drawn.sum() + yes.sum()):.3f}")
        for column, (type_, threshold) in enumerate(zip(TYPES, chosen, strict=True)):
            log(
                f"  {type_:<18}from {threshold:.2f}: precision "
                f"{right[column] / max(1, drawn[:, column].sum()):.3f}, "
                f"recall {right[column] / max(1, yes[:, column].sum()):.3f}"
            )
    fitted = {"bias": bias, "calibration": calibration, "thresholds": chosen}
    return {**quantise(weights), **fitted, **second}


def calibrate(odds: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Fit slope and offset that make probabilities of log odds (Platt, 1999)."""
    x, y = odds[labels >= 0].astype(np.float64), labels[labels >= 0]

    def loss(values: np.ndarray) -> float:
        sums = values[0] * x + values[1]
        return float((np.logaddexp(0, sums) - y * sums).sum())

    return minimize(loss, np.array([1.0, 0.0])).x.astype(np.float32)


def _second_only(second: dict[str, np.ndarray]) -> Model:
    none = np.zeros((0, len(TYPES)), np.float32)
    nothing = np.zeros(len(TYPES), np.float32)
    return Model(weights=none, bias=nothing, calibration=nothing, thresholds=nothing, **second)


def main(args: list[str] | None = None) -> int:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(prog="training.relations", description=__doc__)
    parser.add_argument("--out", type=Path, default=MODEL, help="file to write")
    parser.add_argument(
        "--reader", type=Path, required=True, help="what training.relations_reader --held-out wrote"
    )
    options = parser.parse_args(args)
    from training.relations_reader import load_network, read

    torch.set_num_threads(1)
    network = load_network(options.reader)
    arrays = train(items(load_examples()), lambda found: read(network, found))
    np.savez_compressed(options.out, **arrays)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
