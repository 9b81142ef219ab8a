"""Confidence that means what it says: of the mentions at 0.8, four in five are right."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Calibration:
    """A rising curve by type: points ``(raw, calibrated)``, straight lines between.

    A type without a curve keeps its raw confidence.

    Examples
    --------
    >>> Calibration({"Brand": ((0.0, 0.1), (1.0, 0.9))}).apply("Brand", 0.5)
    0.5
    >>> Calibration({}).apply("Place", 0.7)
    0.7
    """

    curves: dict[str, tuple[tuple[float, float], ...]]

    def apply(self, label: str, confidence: float) -> float:
        """The calibrated confidence of a span that the model is so sure of."""
        curve = self.curves.get(label)
        if not curve:
            return confidence
        raw, calibrated = zip(*curve, strict=True)
        return round(float(np.interp(confidence, raw, calibrated)), 4)


def read_calibration(directory: Path) -> Calibration:
    """Read ``calibration.json`` of a model; without one confidences stay as they are."""
    file = directory / "calibration.json"
    if not file.is_file():
        return Calibration({})
    curves = json.loads(file.read_text(encoding="utf-8"))
    return Calibration({label: tuple(map(tuple, points)) for label, points in curves.items()})
