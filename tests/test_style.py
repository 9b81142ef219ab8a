"""The palette: told apart with colour deficiencies, and readable on its ground."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from viz.style import LOOKS, label_box, wrap

CANVAS = {"light": "#fbfaf6", "dark": "#14171a"}

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
DEFICIENCIES = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour: str) -> np.ndarray:
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
        @ np.clip(rgb, 0, 1)
        / np.array([0.95047, 1.0, 1.08883])
    )
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    luminance = [float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other)]
    return (max(luminance) + 0.05) / (min(luminance) + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_types_stay_apart(mode, deficiency):
    seen = {t: lab(DEFICIENCIES[deficiency] @ linear(getattr(k, mode))) for t, k in LOOKS.items()}
    distances = {(a, b): float(np.linalg.norm(seen[a] - seen[b])) for a, b in combinations(seen, 2)}
    assert min(distances.values()) > 11, min(distances, key=distances.get)


def test_every_type_has_its_own_shape():
    assert len({look.shape for look in LOOKS.values()}) == len(LOOKS)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_types_stand_out_from_the_ground(mode):
    for label, look in LOOKS.items():
        assert contrast(getattr(look, mode), CANVAS[mode]) >= 3, label


@pytest.mark.parametrize(
    "name",
    [
        "政协浙江省衢州市柯城区委员会常务委员会",
        "鲜" * 90,
        "A" * 80,
        "",
        " ",
        "C919 大飞机",
        "\u2028行",
    ],
)
def test_labels_have_at_most_three_lines_and_a_bounded_box(name):
    label = wrap(name)
    assert len(label.split("\n")) <= 3
    assert label_box(label)[0] <= 15 * 14
    letters = label.replace("\n", "").replace("…", "").replace(" ", "")
    assert "".join(name.split()).startswith(letters)
