"""A network that reads a sentence with its mentions marked, and gives every pair a score.

Three layers, started from the fast recogniser's encoder and trained on relations alone
(`training.relations_reader`). Each character carries a mark of the mention that it belongs to;
the two ends of a pair, how far apart they stand and their types give the scores. It sees the
names themselves, which the clues (`extract.relations_clues`) do not, and the whole sentence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from extract.recognise_onnx import OnnxModel, read_vocabulary
from extract.relations_pairs import Pair, Span, kind_numbers
from extract.tagging import batches, characters
from graph.ontology import LABELS

NETWORK = Path(__file__).with_name("relations_reader.onnx")
VOCABULARY = Path(__file__).parent / "model_fast" / "encoder"
LONGEST = 500
"""Characters of the longest sentence that is read."""
MARKS = 1 + 2 * len(LABELS) + 2
"""Outside, first and further characters of a mention of each type, and at the sentence's start
whether its document's issuer speaks."""
DISTANCES = (1, 2, 3, 5, 8, 12, 20, 32, 50, 80)
"""Characters between the ends of a pair: where one bucket ends and the next begins."""
BATCH = 256
"""Characters in a batch, padding included."""


@dataclass(frozen=True)
class Marked:
    """A sentence as the network takes it; spans count from the start mark, so from 1.

    `heads` and `tails` number the mentions, a head of -1 is the unsaid subject.
    """

    ids: np.ndarray
    marks: np.ndarray
    begins: np.ndarray
    ends: np.ndarray
    heads: np.ndarray
    tails: np.ndarray
    kinds: np.ndarray
    distances: np.ndarray


def mark(
    text: str, spans: Sequence[Span], speaks: bool, pairs: Sequence[Pair], vocabulary: dict
) -> Marked:
    """Turn a sentence with its mentions and candidate pairs into numbers.

    Examples
    --------
    >>> vocabulary = {"[CLS]": 0, "[SEP]": 1, "[UNK]": 2, "甲": 3}
    >>> found = mark("甲与乙", [Span(0, 1, LABELS[0]), Span(2, 3, LABELS[0])], True, [(0, 1)],
    ...     vocabulary)
    >>> found.ids.tolist(), found.marks.tolist(), found.distances.tolist()
    ([0, 3, 2, 2, 1], [12, 1, 0, 1, 0], [1])
    """
    unknown = vocabulary["[UNK]"]
    inner = [vocabulary.get(c, unknown) for c in characters(text)]
    ids = np.array([vocabulary["[CLS]"], *inner, vocabulary["[SEP]"]], np.int64)
    marks = np.zeros(len(ids), np.int64)
    marks[0] = 1 + 2 * len(LABELS) + speaks
    begins = np.array([span.begin + 1 for span in spans], np.int64)
    ends = np.array([span.end + 1 for span in spans], np.int64)
    for span, begin, end in zip(spans, begins, ends, strict=True):
        kind = 1 + 2 * LABELS.index(span.label)
        marks[begin:end] = kind + 1
        marks[begin] = kind
    return Marked(
        ids,
        marks,
        begins,
        ends,
        np.array([-1 if head is None else head for head, _ in pairs], np.int64),
        np.array([tail for _, tail in pairs], np.int64),
        kind_numbers(spans, pairs),
        np.array([_distance(spans, *pair) for pair in pairs], np.int64),
    )


def _distance(spans: Sequence[Span], head: int | None, tail: int) -> int:
    """Bucket of the distance: to the right, to the left, or of the unsaid subject."""
    if head is None:
        return 2 * len(DISTANCES) + 2
    first, second = sorted((head, tail))
    bucket = bisect_right(DISTANCES, spans[second].begin - spans[first].end)
    return bucket if head == first else len(DISTANCES) + 1 + bucket


def collate(batch: Sequence[Marked], padding: int) -> dict[str, np.ndarray]:
    """Put sentences together as the network's inputs; pairs and mentions in one row each.

    Mentions are numbered through the batch, the unsaid subjects of its sentences after them.
    """
    width = max(len(one.ids) for one in batch)
    ids = np.full((len(batch), width), padding, np.int64)
    marks, attention = np.zeros_like(ids), np.zeros_like(ids)
    mentions = sum(len(one.begins) for one in batch)
    rows, heads, tails, before = [], [], [], 0
    for number, one in enumerate(batch):
        size = len(one.ids)
        ids[number, :size], marks[number, :size], attention[number, :size] = one.ids, one.marks, 1
        rows += [number] * len(one.begins)
        heads.append(np.where(one.heads < 0, mentions + number, before + one.heads))
        tails.append(before + one.tails)
        before += len(one.begins)
    return {
        "ids": ids,
        "marks": marks,
        "attention": attention,
        "rows": np.array(rows, np.int64),
        "begins": np.concatenate([one.begins for one in batch]),
        "ends": np.concatenate([one.ends for one in batch]),
        "heads": np.concatenate(heads),
        "tails": np.concatenate(tails),
        "kinds": np.concatenate([one.kinds for one in batch]),
        "distances": np.concatenate([one.distances for one in batch]),
    }


class Reader:
    """The network, loaded.

    Raises
    ------
    ModelError
        If its file is missing or does not load.
    """

    def __init__(self, path: Path = NETWORK) -> None:
        self.vocabulary = read_vocabulary(VOCABULARY)
        self._model = OnnxModel(path)

    def read(
        self, sentences: Sequence[tuple[str, Sequence[Span], Sequence[Pair]]], speaks: bool
    ) -> list[np.ndarray]:
        """Score the pairs of sentences.

        Parameters
        ----------
        sentences : sequence of (text, spans, pairs)
            With at least one pair each, and at most `LONGEST` characters.
        speaks : bool
            Whether their document's issuer may be the unsaid subject.

        Returns
        -------
        list of ndarray
            Log odds, (pairs, types in the ontology's order) each.
        """
        marked = [
            mark(text, spans, speaks, pairs, self.vocabulary) for text, spans, pairs in sentences
        ]
        scores: list[np.ndarray] = [np.empty(0)] * len(marked)
        for chosen in batches([len(one.ids) for one in marked], BATCH):
            batch = [marked[i] for i in chosen]
            found = self._model.run("scores", collate(batch, self.vocabulary["[PAD]"]))
            ends = np.cumsum([len(one.heads) for one in batch])
            for i, rows in zip(chosen, np.split(found, ends[:-1]), strict=True):
                scores[i] = rows
        return scores


@cache
def load_reader() -> Reader:
    """The shipped network, loaded on first use."""
    return Reader()
