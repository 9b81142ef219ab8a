"""Fit a model's confidence curves: raw confidence to the share that is right, by type.

Rising step functions (isotonic regression) over groups of mentions of like confidence, on
the dev files: training data, which the model knows by heart, would make it look surer than
it is. Nothing but the confidence shown depends on them.

Usage::

    python -m training.calibrate [--model accurate]
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace

import numpy as np

from extract.calibration import Calibration
from extract.recognise import find_model, load_recogniser
from graph.ontology import LABEL_OF_TAG
from training.data import read_examples
from training.evaluate import DEV, find, reliability

GROUP = 30
"""Mentions to a point of the curve."""

Pairs = dict[str, list[tuple[float, bool]]]


def collect(recogniser, files) -> Pairs:
    """Raw confidence of each mention of the model, and whether it is right, by label."""
    raw = replace(recogniser, calibration=Calibration({}), rules=False)
    pairs: Pairs = {}
    for file in files:
        found = find(raw, read_examples(file))
        for example, spans, sure in zip(
            found.examples, found.spans, found.confidences, strict=True
        ):
            for span, p in zip(spans, sure, strict=True):
                pairs.setdefault(LABEL_OF_TAG[span[2]], []).append((p, span in example.spans))
    return pairs


def curve(pairs: list[tuple[float, bool]]) -> list[list[float]]:
    """Points ``[raw, calibrated]`` of one type, rising.

    >>> curve([(0.5, False)] * 30 + [(0.9, True)] * 30)
    [[0.0, 0.02], [0.5, 0.02], [0.9, 0.98], [1.0, 0.98]]
    """
    from scipy.optimize import isotonic_regression

    ordered = sorted(pairs)
    groups = np.array_split(np.array(ordered, dtype=float), max(len(ordered) // GROUP, 1))
    raw = [group[:, 0].mean() for group in groups]
    # A group that is right throughout is not certain: one half is added to each side.
    share = [(group[:, 1].sum() + 0.5) / (len(group) + 1) for group in groups]
    rising = isotonic_regression(share, weights=[len(group) for group in groups]).x
    points = [[round(float(x), 4), round(float(y), 2)] for x, y in zip(raw, rising, strict=True)]
    return [[0.0, points[0][1]], *points, [1.0, points[-1][1]]]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", default="accurate")
    args = parser.parse_args(argv)
    recogniser = load_recogniser(args.model, threads=1)
    parts = [collect(recogniser, [file]) for file in DEV]
    for fitted_on, file in ((0, DEV[1]), (1, DEV[0])):
        curves = {label: curve(pairs) for label, pairs in parts[fitted_on].items()}
        check = replace(recogniser, calibration=Calibration(curves), rules=False)
        print(f"fitted on the other file, {file.parent.name}: confidence, share right, mentions")
        for mean, share, count in reliability(find(check, read_examples(file))):
            print(f"  {mean:.2f}  {share:.2f}  {count}")
    both = {label: parts[0].get(label, []) + parts[1].get(label, []) for label in parts[0]}
    curves = {label: curve(pairs) for label, pairs in sorted(both.items())}
    target = find_model(args.model) / "calibration.json"
    target.write_text(json.dumps(curves, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
