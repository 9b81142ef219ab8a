"""A second look at what the network finds likely, with words and the document in view.

The network reads one sentence, character by character. Each span that it finds at all
likely is weighed here again: beside its posterior and its rivals stand the words of the
sentence (`extract.words`; the fast model goes without, since cutting would take longer than all
else), how often the training data has names of its type with such an end, beginning and
neighbours, and what the rest of the document calls by the same name.
Boosted trees, learned on spans of documents that the network had not seen
(`training.weigh`), say how likely it is a name of exactly this extent and type.
"""

from __future__ import annotations

import lzma
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from extract.spans import Span
from extract.words import NO_WORDS, Words, cut
from graph.ontology import LABELS

FILES = ("weigh.onnx.xz", "weigh.tsv.xz")
"""In the directory of a model: the trees, and the counts."""

_NONE = (0,) * (1 + len(LABELS))
_LIKELY = 0.3
_FAR = 99


@dataclass(frozen=True)
class Counts:
    """How often texts stand at the edges of names in the training data.

    By kind of edge (see `edges`) and text: how often the text occurs at all, and how
    often at a name of each type, in the order of `graph.ontology.LABELS`.
    """

    rows: Mapping[tuple[str, str], tuple[int, ...]]

    @property
    def of_words(self) -> bool:
        """Whether words are among the kinds of edges; if not, nobody need cut sentences."""
        return any(kind.endswith("word") for kind, _ in self.rows)

    def get(self, kind: str, text: str) -> tuple[int, ...]:
        """Occurrences, and names by type; zeros for what was never at a name."""
        return self.rows.get((kind, text), _NONE)


def edges(text: str, begin: int, end: int, words: Words) -> dict[str, str]:
    """The texts at the edges of a span, by kind; words only where a word ends there.

    Examples
    --------
    >>> text = "推进寺桥水库建设"
    >>> found = edges(text, 2, 6, cut(text))
    >>> found["last 2"], found["before 2"], found["word after"]
    ('水库', '推进', '建设')
    """
    found = {
        "whole": text[begin:end],
        "last 1": text[end - 1 : end],
        "last 2": text[max(begin, end - 2) : end],
        "last 3": text[max(begin, end - 3) : end],
        "first 2": text[begin : min(end, begin + 2)],
        "before 1": text[max(begin - 1, 0) : begin],
        "before 2": text[max(begin - 2, 0) : begin],
        "after 1": text[end : end + 1],
        "after 2": text[end : end + 2],
    }
    for kind, word in (
        ("first word", words.begins.get(begin)),
        ("last word", words.ends.get(end)),
        ("word before", words.ends.get(begin)),
        ("word after", words.begins.get(end)),
    ):
        if word:
            found[kind] = word[0]
    return found


_EDGES = (
    *("last 1", "last 2", "last 3", "first 2", "before 1", "before 2", "after 1", "after 2"),
    *("first word", "last word", "word before", "word after"),
)
_INNER = ("last 2", "first 2", "first word", "last word")


def describe(
    texts: Sequence[str],
    rows: Sequence[Sequence[Span]],
    counts: Counts,
    words: Sequence[Words],
) -> np.ndarray:
    """Describe a document's candidate spans in numbers.

    Parameters
    ----------
    texts : sequence of str
        The document's sentences.
    rows : sequence of sequence of Span
        Each sentence's candidates, which may overlap; confidence is the posterior.
    counts : Counts
    words : sequence of Words
        Of each sentence.

    Returns
    -------
    array (candidates, features), fp32
        In the order of `rows`.
    """
    whole = "\n".join(texts)
    named: Counter[tuple[str, str]] = Counter()
    for text, row in zip(texts, rows, strict=True):
        for span in row:
            named[text[span.begin : span.end], span.label] += span.confidence
    found = []
    for text, row, cut_here in zip(texts, rows, words, strict=True):
        for span in row:
            found.append(
                [
                    *_against_rivals(span, row),
                    *_in_the_document(text, span, row, named, whole),
                    *_in_the_sentence(text, span, row),
                    *_in_words(span, cut_here),
                    *_at_the_edges(text, span, cut_here, counts),
                ]
            )
    return np.array(found, dtype=np.float32)


def _against_rivals(span: Span, row: Sequence[Span]) -> list[float]:
    """Its posterior, and those of what overlaps it."""
    rivals = [
        other
        for other in row
        if other is not span and other.begin < span.end and span.begin < other.end
    ]
    elsewhere = [o for o in rivals if (o.begin, o.end) != (span.begin, span.end)]

    def best(spans: Iterable[Span]) -> float:
        return max((other.confidence for other in spans), default=0.0)

    return [
        span.confidence,
        best(rivals),
        sum(other.confidence for other in elsewhere),
        sum(other.confidence for other in rivals) - sum(other.confidence for other in elsewhere),
        best(o for o in elsewhere if o.begin <= span.begin and span.end <= o.end),
        best(o for o in elsewhere if span.begin <= o.begin and o.end <= span.end),
    ]


def _in_the_document(text, span: Span, row, named: Counter, whole: str) -> list[float]:
    """What else the document says of the same name."""
    name = text[span.begin : span.end]
    others = sum(named[name, label] for label in LABELS if label != span.label)
    return [named[name, span.label] - span.confidence, others, whole.count(name)]


def _in_the_sentence(text: str, span: Span, row: Sequence[Span]) -> list[float]:
    """Type, length, quotes, and how far the neighbouring names are."""
    begin, end = span.begin, span.end
    name = text[begin:end]
    likely = [other for other in row if other.confidence > _LIKELY]
    return [
        LABELS.index(span.label),
        end - begin,
        sum(character.isascii() for character in name),
        begin > 0 and text[begin - 1] in '“《"',
        end < len(text) and text[end] in '”》"',
        "“" in name,
        "、" in name,
        begin == 0,
        end == len(text),
        len(text),
        min((other.begin - end for other in likely if other.begin >= end), default=_FAR),
        min((begin - other.end for other in likely if other.end <= begin), default=_FAR),
    ]


def _in_words(span: Span, words: Words) -> list[float]:
    """Whether words end where it does, and which tags LAC gives them."""
    none = ("", 0)
    return [
        span.begin in words.begins,
        span.end in words.ends,
        words.begins.get(span.begin, none)[1],
        words.ends.get(span.end, none)[1],
        words.ends.get(span.begin, none)[1],
        words.begins.get(span.end, none)[1],
        sum(at in words.begins for at in range(span.begin, span.end)),
    ]


def _at_the_edges(text: str, span: Span, words: Words, counts: Counts) -> list[float]:
    """How often names of this type have such edges, of all that do and of all texts."""
    of_type = 1 + LABELS.index(span.label)
    at = edges(text, span.begin, span.end, words)
    rows = {kind: counts.get(kind, at[kind]) for kind in at}
    found: list[float] = []
    for kind in _EDGES:
        row = rows.get(kind)
        found.append(-1.0 if row is None else (row[of_type] + 0.1) / (row[0] + 2))
    for kind in _INNER:
        row = rows.get(kind)
        found.append(-1.0 if row is None else (row[of_type] + 0.2) / (sum(row[1:]) + 1))
    same = rows["whole"]
    return [*found, same[of_type], sum(same[1:]) - same[of_type]]


class Weigher:
    """The trees and counts of one model.

    Parameters
    ----------
    directory : Path
        Of a model that has the `FILES`.
    """

    def __init__(self, directory: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        trees, table = (directory / name for name in FILES)
        self._session = onnxruntime.InferenceSession(
            lzma.decompress(trees.read_bytes()), options, providers=["CPUExecutionProvider"]
        )
        self._counts = read_counts(table)
        self._cut = cut if self._counts.of_words else lambda text: NO_WORDS

    def weigh(self, texts: Sequence[str], rows: Sequence[Sequence[Span]]) -> list[list[Span]]:
        """Give a document's candidates their new confidence.

        Parameters
        ----------
        texts, rows : sequences
            Each sentence's text and candidates, as `describe` takes them.
        """
        cuts = (self._cut(text) if row else NO_WORDS for text, row in zip(texts, rows, strict=True))
        features = describe(texts, rows, self._counts, list(cuts))
        if not len(features):
            return [list(row) for row in rows]
        shares = iter(self._session.run(["probabilities"], {"features": features})[0][:, 1])
        return [
            [
                replace(span, confidence=float(share))
                for span, share in zip(row, shares, strict=False)
            ]
            for row in rows
        ]


def read_weigher(directory: Path) -> Weigher | None:
    """The weigher of a model; None where it has none."""
    return Weigher(directory) if (directory / FILES[0]).is_file() else None


def read_counts(path: Path) -> Counts:
    """Read counts as `write_counts` writes them."""
    rows = {}
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            kind, text, *numbers = line.rstrip("\n").split("\t")
            rows[kind, text] = tuple(map(int, numbers))
    return Counts(rows)


def write_counts(counts: Counts, path: Path) -> None:
    """Write counts: kind of edge, text, occurrences, names by type; a line each."""
    with lzma.open(path, "wt", encoding="utf-8", newline="\n") as out:
        for (kind, text), numbers in sorted(counts.rows.items()):
            if "\t" in text or "\n" in text:
                continue
            out.write("\t".join([kind, text, *map(str, numbers)]) + "\n")
