"""The recogniser's network in ONNX Runtime: HanLP's component without HanLP and torch.

Importing those two takes seconds, which a command that reads one page should not wait for,
and neither is needed to run what they saved: ``network.onnx`` is the component's network
(`training.export`), ``vocabs.json`` its tags, ``encoder/vocab.txt`` its characters.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from extract.tagging import Network
from zhitu.errors import ModelError

SLOWER = ["SkipLayerNormFusion", "BiasGeluFusion"]
"""Optimisations that ONNX Runtime is kept from: on CPUs the fused operators are slower than what
they replace, by a sixth of all time."""


class OnnxModel:
    """A network in a file, run on the CPU.

    Parameters
    ----------
    path : Path
    threads : int
        0 leaves it to the runtime.

    Raises
    ------
    ModelError
        If the file is missing or does not load.
    """

    def __init__(self, path: Path, *, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        # Threads that spin while they wait cost more than they gain on a busy laptop.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                str(path),
                options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=SLOWER,
            )
        except Exception as error:  # ONNX Runtime's own exceptions share no base class.
            raise ModelError(f"{path} does not load: {error}") from None

    def run(self, output: str, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """One of the network's outputs."""
        return self._session.run([output], inputs)[0]


class OnnxNetwork(Network):
    """A HanLP component for our five types, exported.

    Parameters
    ----------
    directory : Path
        As saved by HanLP and exported by `training.export`.
    threads : int
        Threads of the network; 0 leaves it to the runtime.

    Raises
    ------
    ModelError
        If the directory holds no exported network, or one that does not load.
    """

    def __init__(self, directory: Path, *, threads: int = 0) -> None:
        network = directory / "network.onnx"
        if not network.is_file():
            raise ModelError(
                f"{directory} holds no network.onnx; take --backend torch, "
                "or export it with python -m training.export"
            )
        try:
            super().__init__(read_tags(directory))
            self.vocabulary = read_vocabulary(directory / "encoder")
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"{directory} does not load: {error}") from None
        self._model = OnnxModel(network, threads=threads)

    def scores(self, texts: Sequence[Sequence[str]]) -> np.ndarray:
        """Tag scores of a batch of texts, each cut to characters: (batch, length, tags)."""
        ids = encode(texts, self.vocabulary)
        mask = (ids != self.vocabulary["[PAD]"]).astype(np.int64)
        return self._model.run("logits", {"input_ids": ids, "attention_mask": mask})


def encode(texts: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> np.ndarray:
    """Turn characters into ids, as HanLP's tokeniser does: (batch, length + 2).

    >>> encode(["区政", "区"], {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "区": 4})
    array([[2, 4, 1, 3],
           [2, 4, 3, 0]])
    """
    unknown, end = vocabulary["[UNK]"], vocabulary["[SEP]"]
    ids = np.full((len(texts), max(map(len, texts)) + 2), vocabulary["[PAD]"], dtype=np.int64)
    ids[:, 0] = vocabulary["[CLS]"]
    for row, text in zip(ids, texts, strict=True):
        row[1 : len(text) + 2] = [*(vocabulary.get(c, unknown) for c in text), end]
    return ids


def read_vocabulary(encoder: Path) -> dict[str, int]:
    """Characters and special tokens of an encoder, each with its number."""
    lines = (encoder / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return {token: number for number, token in enumerate(lines) if token}


def read_tags(directory: Path) -> list[str]:
    """Tags of a component that HanLP saved, in the order of its scores."""
    saved = json.loads((directory / "vocabs.json").read_text(encoding="utf-8"))
    return saved["tag"]["idx_to_token"]
