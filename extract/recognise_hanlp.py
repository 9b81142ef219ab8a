"""The recogniser's network as HanLP runs it, in torch.

The one module that imports HanLP and torch: for ``--backend torch``, for HanLP's own
pretrained models, and for training. By default the network runs without them
(`extract.recognise_onnx`).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from extract.tagging import Candidate, Network
from zhitu.errors import ModelError

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch


def load_component(directory: Path, *, encoder: Path | None = None):
    """Load a HanLP component from a directory, without network, in fp32 on the CPU."""
    import hanlp

    transformer = encoder or directory / "encoder"
    component = hanlp.load(str(directory), verbose=False, transformer=str(transformer), devices=-1)
    component.model.float().eval()
    return component


class HanlpNetwork(Network):
    """A HanLP component for our five types.

    Parameters
    ----------
    directory : Path
        As saved by HanLP, with ``encoder/`` in it.
    threads : int
        Threads of the network; 0 leaves it to torch.

    Raises
    ------
    ModelError
        If there is no component that loads.
    """

    def __init__(self, directory: Path, *, threads: int = 0) -> None:
        if threads:
            torch.set_num_threads(threads)
        try:
            self.component = load_component(directory)
        except (OSError, KeyError, ValueError, RuntimeError) as error:
            raise ModelError(f"{directory} is not a HanLP component that loads: {error}") from None
        super().__init__(self.component.vocabs["tag"].idx_to_token)
        self.component.model.register_forward_hook(self._keep)

    def _keep(self, _model, _inputs, output) -> None:
        self._scores = output[0]

    def scores(self, texts: Sequence[Sequence[str]]) -> np.ndarray:
        """Tag scores of a batch of texts, each cut to characters: (batch, length, tags)."""
        with torch.no_grad():
            self.component([list(text) for text in texts], batch_size=len(texts))
        return self._scores.numpy()


_PRETRAINED_LABELS = {
    **dict.fromkeys(("PERSON", "NR", "nr", "PER"), "PERSON"),
    **dict.fromkeys(("LOCATION", "NS", "ns", "GPE", "LOC", "FAC"), "PLACE"),
    **dict.fromkeys(("ORGANIZATION", "NT", "nt", "ORG"), "ORG"),
    **dict.fromkeys(("PRODUCT",), "BRAND"),
}


@dataclass(frozen=True)
class Pretrained:
    """One of HanLP's own pretrained models, its labels mapped to ours.

    `joint` models cut words themselves and answer in words; the others are fed
    characters and answer in characters.
    """

    component: object
    joint: bool

    def tag(self, texts: Sequence[str]) -> list[list[Candidate]]:
        """Find the spans of each text; HanLP gives no confidence, so it is 1."""
        if not texts:
            return []
        if self.joint:
            found = self.component(list(texts), tasks=["tok/fine", "ner/msra"])
            rows = [
                in_characters(text, words, entities)
                for text, words, entities in zip(
                    texts, found["tok/fine"], found["ner/msra"], strict=True
                )
            ]
        else:
            found = self.component([list(text) for text in texts])
            rows = [[(begin, end, tag) for _, tag, begin, end in row] for row in found]
        results = []
        for row in rows:
            spans = [(b, e, _PRETRAINED_LABELS.get(tag), 1.0) for b, e, tag in row]
            results.append(sorted(span for span in spans if span[2]))
        return results


def in_characters(text: str, words: Sequence[str], entities: Sequence) -> list[tuple]:
    """Turn HanLP's ``(name, tag, first word, last word + 1)`` into character spans.

    >>> in_characters("到 柯城区 调研", ["到", "柯城", "区", "调研"], [("柯城区", "NS", 1, 3)])
    [(2, 5, 'NS')]
    """
    starts, at = [], 0
    for word in words:
        at = text.index(word, at)
        starts.append(at)
        at += len(word)
    return [
        (starts[first], starts[last - 1] + len(words[last - 1]), tag)
        for _, tag, first, last in entities
    ]


def load_pretrained(name: str) -> Pretrained:
    """Load a model by its name in `hanlp.pretrained`, from HanLP's cache or the network.

    Raises
    ------
    ModelError
        If HanLP knows no such recogniser, or it is not here and cannot be fetched. The
        network is tried for 3 seconds beforehand: HanLP itself waits for half a minute.
    """
    import hanlp
    from hanlp.utils.io_util import path_from_url

    address = hanlp.pretrained.ALL.get(name.rpartition(".")[2])
    if address is None or not ({"ner", "mtl"} & set(address.split("/"))):
        known = sorted({**hanlp.pretrained.ner.ALL, **hanlp.pretrained.mtl.ALL})
        raise ModelError(f"hanlp.pretrained has no recogniser {name}; it has {', '.join(known)}")
    cached = Path(path_from_url(address)).with_suffix("")
    if not cached.is_dir():
        host = urlsplit(address).hostname
        try:
            socket.create_connection((host, 443), timeout=3).close()
        except OSError as error:
            raise ModelError(
                f"{name} is not in {cached} and {host} cannot be reached ({error}); "
                "take --model accurate, or fetch it once with a network"
            ) from None
    return Pretrained(hanlp.load(address, verbose=False, devices=-1), "/mtl/" in address)
