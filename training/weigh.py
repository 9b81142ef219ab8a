"""Learn to weigh candidates: boosted trees on spans of documents that a network had not seen.

The network that ships knows its training data by heart, so its candidates there teach
nothing. Two networks, each trained on all of the shared data and on half of the sentences
that `training.more` writes, find the candidates of the other half; their average ships.

Usage::

    python -m training.more build/more
    for half in 0 1; do
        python -m training.train ... --train ... build/more/half$half.jsonl --out build/run$half
        python -m training.export --weights build/run$half/average.pt --out build/more/model$half
    done
    python -m training.weigh build/more --out extract/model

With ``--no-words`` the trees get no words of LAC to see, as the fast model's.
"""

from __future__ import annotations

import argparse
import lzma
from collections import ChainMap, Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from extract.recognise_onnx import OnnxNetwork
from extract.spans import Span, likeliest
from extract.weigh import FILES, Counts, describe, edges, write_counts
from extract.words import NO_WORDS, Words, cut
from graph.ontology import LABEL_OF_TAG, LABELS, TAG_OF_LABEL
from training.data import SHARED, Example, part_of, read_examples
from training.scores import score

TRAIN = (SHARED / "data/annotated/train.jsonl", SHARED / "data/written/train.jsonl")
TREES = {
    "n_estimators": 600,
    "learning_rate": 0.03,
    "num_leaves": 31,
    "min_child_samples": 80,
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.3,
    "reg_lambda": 10,
    "random_state": 1,
    "n_jobs": 1,
    "verbose": -1,
}
FOLDS = 5


class EdgeCounts:
    """Counts of all training documents, and of each fold, so that its own can be left out.

    Leaving out the document alone would give its answers away: the trees would learn that a
    count one short of the usual one means a name.
    """

    def __init__(self, examples: list[Example], words: dict[str, Words]) -> None:
        self._all: dict[tuple[str, str], np.ndarray] = {}
        self._own: dict[int, dict[tuple[str, str], np.ndarray]] = defaultdict(dict)
        for example in examples:
            for begin, end, tag in example.spans:
                column = 1 + LABELS.index(LABEL_OF_TAG[tag])
                for key in edges(example.text, begin, end, words[example.text]).items():
                    self._add(part_of(example.document, FOLDS), key, column, 1)
        for example in examples:
            for key, count in occurrences(example.text, words[example.text]).items():
                if key in self._all:
                    self._add(part_of(example.document, FOLDS), key, 0, count)

    def _add(self, part: int, key: tuple[str, str], column: int, count: int) -> None:
        for rows in (self._all, self._own[part]):
            row = rows.setdefault(key, np.zeros(1 + len(LABELS), dtype=int))
            row[column] += count

    def of_all(self) -> Counts:
        """The counts of all documents."""
        return Counts({key: tuple(row.tolist()) for key, row in self._all.items()})

    def without(self, whole: Counts, part: int) -> Counts:
        """The counts of all documents but those of a fold; `whole` are those of all."""
        own = self._own.get(part, {})
        rest = {key: tuple((self._all[key] - row).tolist()) for key, row in own.items()}
        # What stands at names of this fold only must look as if it stood at none.
        rest = {key: row if any(row[1:]) else (0,) * len(row) for key, row in rest.items()}
        return Counts(ChainMap(rest, whole.rows))


def occurrences(text: str, words: Words) -> Counter[tuple[str, str]]:
    """How often each text that could stand at an edge occurs in a sentence, by kind."""
    found: Counter[tuple[str, str]] = Counter()
    for length in (1, 2, 3):
        grams = Counter(text[at : at + length] for at in range(len(text) - length + 1))
        for kind in ("last", "first", "before", "after"):
            for longest in range(length, 4):
                for gram, count in grams.items():
                    found[f"{kind} {longest}", gram] += count
    for word, _ in words.begins.values():
        for kind in ("first word", "last word", "word before", "word after"):
            found[kind, word] += 1
    return found


def candidates(model: Path, examples: list[Example]) -> list[list[Span]]:
    """What a model finds likely in each sentence."""
    network = OnnxNetwork(model, threads=1)
    return [
        [Span(b, e, LABEL_OF_TAG[tag], p, "model") for b, e, tag, p in row]
        for row in network.tag([example.text for example in examples])
    ]


def described(examples, rows, words, counts: EdgeCounts, whole: Counts):
    """Features of all candidates, whether each is right, and its document; by document."""
    documents: dict[str, list[int]] = defaultdict(list)
    for number, example in enumerate(examples):
        documents[example.document].append(number)
    features, right, of = [], [], []
    without = [counts.without(whole, part) for part in range(FOLDS)]
    for document, numbers in documents.items():
        texts = [examples[number].text for number in numbers]
        own = [rows[number] for number in numbers]
        cuts = [words[text] for text in texts]
        features.append(describe(texts, own, without[part_of(document, FOLDS)], cuts))
        for number, row in zip(numbers, own, strict=True):
            gold = {(b, e, LABEL_OF_TAG[tag]) for b, e, tag in examples[number].spans}
            right += [(span.begin, span.end, span.label) in gold for span in row]
            of += [(document, number, span) for span in row]
    features = [each for each in features if len(each)]
    return np.concatenate(features), np.array(right, dtype=int), of


def f1(examples, of, shares, least: float) -> float:
    """Exact F1 when candidates count from `least` on."""
    rows: dict[int, list[Span]] = defaultdict(list)
    for (_, number, span), share in zip(of, shares, strict=True):
        rows[number].append(replace(span, confidence=float(share)))
    found = [
        [
            (span.begin, span.end, TAG_OF_LABEL[span.label])
            for span in likeliest(rows[number], least)
        ]
        for number in range(len(examples))
    ]
    return score([example.spans for example in examples], found)["micro"].f1


def learn(folder: Path, out: Path, *, with_words: bool = True) -> None:
    """Find candidates in what each model has not seen, learn from them, and save.

    Parameters
    ----------
    folder : Path
        With ``half0.jsonl`` and ``half1.jsonl``, and ``model0`` and ``model1`` that have not
        seen the other half.
    out : Path
        The directory of the model that ships. The counts are those of the shared training
        data too.
    with_words : bool
        Whether LAC cuts the sentences into words.
    """
    import lightgbm
    from onnxmltools import convert_lightgbm
    from onnxmltools.convert.common.data_types import FloatTensorType
    from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

    examples, rows = [], []
    for number in (0, 1):
        other = read_examples(folder / f"half{1 - number}.jsonl")
        examples += other
        rows += candidates(folder / f"model{number}", other)
    known = [*examples, *(example for file in TRAIN for example in read_examples(file))]
    words = {example.text: cut(example.text) if with_words else NO_WORDS for example in known}
    counts = EdgeCounts(known, words)
    whole = counts.of_all()
    features, right, of = described(examples, rows, words, counts, whole)
    print(f"{len(right)} candidates, {right.sum()} right")

    trees = lightgbm.LGBMClassifier(**TREES)
    folds = [part_of(document, FOLDS) for document, _, _ in of]
    shares = cross_val_predict(
        trees, features, right, groups=folds, cv=LeaveOneGroupOut(), method="predict_proba"
    )[:, 1]
    before = [span.confidence for _, _, span in of]
    for least in (0.35, 0.4, 0.45, 0.5):
        print(
            f"from {least} on: F1 by posterior {f1(examples, of, before, least):.4f}, "
            f"weighed {f1(examples, of, shares, least):.4f}"
        )

    network = convert_lightgbm(
        trees.fit(features, right),
        initial_types=[("features", FloatTensorType([None, features.shape[1]]))],
        zipmap=False,
        target_opset=15,
    )
    (out / FILES[0]).write_bytes(lzma.compress(network.SerializeToString()))
    write_counts(whole, out / FILES[1])


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("extract/model"))
    parser.add_argument("--no-words", action="store_true", help="do without LAC: fast")
    args = parser.parse_args(argv)
    learn(args.folder, args.out, with_words=not args.no_words)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
