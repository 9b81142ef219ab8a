"""What the network says of a batch of sentences, put into spans.

Characters in, tag scores out: what the runtimes of the network (`extract.recognise_onnx`,
`extract.recognise_hanlp`) have in common. NumPy alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

import numpy as np

LEAST = 0.02
"""Posterior from which a span is a candidate."""
LONGEST_NAME = 45
"""Characters of the longest candidate."""

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


Candidate = tuple[int, int, str, float]
"""A span that is at all likely: start, end (half-open, in characters), tag, posterior."""


class Network(ABC):
    """A network that gives each character of a sentence a score for each tag.

    Parameters
    ----------
    tags : sequence of str
        ``O`` and ``B-``, ``I-``, ``E-``, ``S-`` of each type, in the order of the scores.
    """

    def __init__(self, tags: Sequence[str]) -> None:
        self.tags = tuple(tags)

    @abstractmethod
    def scores(self, texts: Sequence[Sequence[str]]) -> np.ndarray:
        """Tag scores of a batch of texts, each cut to characters: (batch, length, tags)."""

    def tag(self, texts: Sequence[str], *, batch_characters: int = 768) -> list[list[Candidate]]:
        """Find the candidate spans of each text.

        Parameters
        ----------
        texts : sequence of str
            Each at most 400 characters, not empty.
        batch_characters : int
            Characters in a batch, padding included.

        Returns
        -------
        list of list of Candidate
            In the order of `texts`; each sorted by start and end. They may overlap.
        """
        results: list[list[Candidate]] = [[] for _ in texts]
        for chosen in batches([len(text) for text in texts], batch_characters):
            rows = [characters(texts[i]) for i in chosen]
            lengths = np.array([len(row) for row in rows])
            posteriors = Posteriors(self.scores(rows), lengths, self.tags)
            for i, found in zip(chosen, posteriors.spans(LEAST, LONGEST_NAME), strict=True):
                results[i] = found
        return results


def half_width(text: str) -> str:
    """Map full-width ASCII to half width, one character for one.

    The vocabulary knows ``,`` but not ``，``; feeding the latter costs 3 points of F1.

    >>> half_width("（Ａ，Ｂ）")
    '(A,B)'
    """
    return text.translate(_HALF_WIDTH)


def characters(text: str) -> list[str]:
    """One token a character; white space and what cannot be printed are unknown ones.

    >>> characters("Ｕ 堂")
    ['U', '[UNK]', '堂']
    """
    return [c if c.isprintable() and not c.isspace() else "[UNK]" for c in half_width(text)]


def batches(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    """Indices of texts of like length, at most `size` characters a batch."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * (lengths[i] + 2) > size:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


class Posteriors:
    """How probable each span is, over all valid taggings of a batch.

    The forward-backward sums of a chain in which every valid IOBES step has weight one: a
    span's posterior is the share of all valid taggings, weighted by their scores, that
    hold exactly this span.

    Parameters
    ----------
    logits : array (batch, length, tags)
    lengths : array (batch,)
        Real characters of each row.
    tags : sequence of str
        Names of the tags, in the order of `logits`.
    """

    def __init__(self, logits: np.ndarray, lengths: np.ndarray, tags: Sequence[str]) -> None:
        self.types = sorted({tag[2:] for tag in tags if tag != "O"})
        column = {tag: i for i, tag in enumerate(tags)}
        order = [[column[f"{part}-{kind}"] for kind in self.types] for part in "BIES"]
        batch, width, _ = logits.shape
        scores = logits.astype(np.float64)
        real = np.arange(width)[None] < lengths[:, None]
        scores[~real] = -1e9
        # Behind the end only O may follow, at no cost, so that all rows end together.
        scores[..., column["O"]] = np.where(real, scores[..., column["O"]], 0.0)
        outside = scores[..., column["O"]]
        begin, inside, end, single = (scores[..., columns] for columns in order)

        def total(*parts):
            return np.logaddexp.reduce(np.concatenate(parts, axis=-1), axis=-1)

        free = np.zeros((batch, width + 1))  # log sum of all taggings of a prefix, closed
        open_ = np.full((batch, len(self.types)), -1e9)
        for t in range(width):
            closing = open_ + end[:, t]
            open_ = np.logaddexp(free[:, t, None] + begin[:, t], open_ + inside[:, t])
            free[:, t + 1] = total(
                (free[:, t] + outside[:, t])[:, None], free[:, t, None] + single[:, t], closing
            )
        rest = np.zeros((batch, width + 1))  # the same of a suffix
        open_ = np.full((batch, len(self.types)), -1e9)
        for t in reversed(range(width)):
            closing = open_ + begin[:, t]
            open_ = np.logaddexp(rest[:, t + 1, None] + end[:, t], open_ + inside[:, t])
            rest[:, t] = total(
                (rest[:, t + 1] + outside[:, t])[:, None],
                rest[:, t + 1, None] + single[:, t],
                closing,
            )
        cumulated = np.concatenate(
            [np.zeros((batch, 1, len(self.types))), inside.cumsum(1)], axis=1
        )
        self._rest, self._single = rest, single
        # What a span's score has of its first character alone, and of its last alone.
        self._left = free[:, :-1, None] + begin - cumulated[:, 1:] - free[:, -1, None, None]
        self._right = end + cumulated[:, :-1]
        self._alone = free[:, :-1, None] + single - free[:, -1, None, None]

    def spans(self, least: float, longest: int) -> list[list[Candidate]]:
        """All spans of each row that are at least so probable and at most so long.

        Returns
        -------
        list of list of Candidate
            Sorted by start and end; they may overlap.
        """
        found: list[list[Candidate]] = [[] for _ in self._rest]
        width = self._left.shape[1]
        for length in range(1, min(longest, width) + 1):
            if length == 1:
                log = self._alone + self._rest[:, 1:, None]
            else:
                log = self._left[:, : 1 - length] + self._right[:, length - 1 :]
                log += self._rest[:, length:, None]
            for row, start, kind in zip(*np.nonzero(log >= np.log(least)), strict=True):
                p = float(np.exp(min(log[row, start, kind], 0.0)))
                found[row].append((int(start), int(start) + length, self.types[kind], p))
        return [sorted(row) for row in found]
