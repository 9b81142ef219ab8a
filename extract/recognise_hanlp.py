"""HanLP's component, with its network in ONNX Runtime.

The one module that imports HanLP and torch; it is itself imported only when text is
recognised. HanLP tokenises, batches and decodes; by default the forward pass runs in
ONNX Runtime, through a module with the signature of HanLP's own network. What the network
says of every span, beside the ones that HanLP decodes, is read off here (`Posteriors`).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from zhitu.errors import ModelError, UsageError

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
LONGEST = 400
"""Characters that the network reads at once; positions end at 512."""
LEAST = 0.02
"""Posterior from which a span is a candidate."""
LONGEST_NAME = 45
"""Characters of the longest candidate."""


@dataclass(frozen=True)
class Tagged:
    """What the network says of one text.

    `spans` are ``(start, end, tag)``, sorted, half-open, in characters, as HanLP decodes
    them; `candidates` are all spans that are at all likely, ``(start, end, tag,
    posterior)``, and may overlap; `hidden` holds the encoder's last hidden state of each
    character, (length, width), fp32, or None where the component has none to share.
    """

    spans: tuple[tuple[int, int, str], ...]
    candidates: tuple[tuple[int, int, str, float], ...]
    hidden: np.ndarray | None


def half_width(text: str) -> str:
    """Map full-width ASCII to half width, one character for one.

    The vocabulary knows ``,`` but not ``，``; feeding the latter costs 3 points of F1.

    >>> half_width("（Ａ，Ｂ）")
    '(A,B)'
    """
    return text.translate(_HALF_WIDTH)


def load_component(directory: Path, *, encoder: Path | None = None):
    """Load a HanLP component from a directory, without network, in fp32 on the CPU."""
    import hanlp

    transformer = encoder or directory / "encoder"
    component = hanlp.load(str(directory), verbose=False, transformer=str(transformer), devices=-1)
    component.model.float().eval()
    return component


class OnnxNetwork(torch.nn.Module):
    """Stands in for HanLP's `TransformerTaggingModel`: same call, ONNX Runtime inside.

    `crf` is the component's own, so that HanLP decodes as before.
    """

    def __init__(self, path: Path, crf: torch.nn.Module, *, threads: int) -> None:
        import onnxruntime

        super().__init__()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        # Threads that spin while they wait cost more than they gain on a busy laptop.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self.crf = crf
        self.last: tuple[np.ndarray, np.ndarray] | None = None

    def forward(self, lens, input_ids, token_span, token_type_ids=None, batch=None):
        """Return tag scores and the mask of real characters, as HanLP's network does."""
        width = int(lens.max())
        # One character, one token: HanLP's pooling of sub-tokens has nothing to pool.
        if input_ids.shape[1] != width + 2:
            raise ModelError("this network reads one character a token; feed lists of characters")
        logits, hidden = self.session.run(
            None,
            {
                "input_ids": input_ids.numpy(),
                "attention_mask": (input_ids != 0).long().numpy(),
            },
        )
        self.last = logits, hidden
        mask = torch.arange(width)[None] < lens[:, None]
        return torch.from_numpy(logits), mask


class TorchNetwork(torch.nn.Module):
    """HanLP's own network, which also keeps its last scores and hidden states."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model
        self.crf = model.crf
        self.last: tuple[np.ndarray, np.ndarray] | None = None

    @torch.no_grad()
    def forward(self, lens, input_ids, token_span, token_type_ids=None, batch=None):
        """Call HanLP's network and keep what it said."""
        hidden: list[torch.Tensor] = []
        hook = self.model.classifier.register_forward_pre_hook(lambda _, x: hidden.append(x[0]))
        try:
            logits, mask = self.model(lens, input_ids, token_span, token_type_ids, batch=batch)
        finally:
            hook.remove()
        self.last = logits.numpy(), hidden[0].numpy()
        return logits, mask


class Component:
    """A HanLP component for our five types.

    Parameters
    ----------
    directory : Path
        As saved by HanLP, with ``encoder/`` and, for the ``onnx`` backend,
        ``network.onnx`` in it.
    backend : str
        ``onnx`` or ``torch``.
    threads : int
        Threads of the network; 0 leaves it to the runtime.
    """

    def __init__(self, directory: Path, *, backend: str = "onnx", threads: int = 0) -> None:
        if backend not in ("onnx", "torch"):
            raise UsageError(f"backend {backend!r} is neither 'onnx' nor 'torch'")
        network = directory / "network.onnx"
        if backend == "onnx" and not network.is_file():
            raise ModelError(
                f"{directory} holds no network.onnx; take --backend torch, "
                "or export it with python -m training.export"
            )
        # Beside ONNX Runtime, torch only decodes: steps too small to share among threads.
        if threads or backend == "onnx":
            torch.set_num_threads(threads or 1)
        from hanlp.transform.transformer_tokenizer import TransformerSequenceTokenizer

        try:
            self.component = load_component(directory)
        except (OSError, KeyError, ValueError, RuntimeError) as error:
            raise ModelError(f"{directory} is not a HanLP component that loads: {error}") from None
        self.tags = tuple(self.component.vocabs["tag"].idx_to_token)
        model = self.component.model
        if backend == "onnx":
            self.component.model = OnnxNetwork(network, model.crf, threads=threads)
            # Without the spans of sub-tokens, a tensor a character, batches are made twice
            # as fast; this network does not look at them.
            self.component._tokenizer_transform = TransformerSequenceTokenizer(
                self.component.transformer_tokenizer, "token", ret_token_span=False
            )
        else:
            self.component.model = TorchNetwork(model)

    def tag(self, texts: Sequence[str], *, batch_characters: int = 1536) -> list[Tagged]:
        """Find the spans of each text.

        Parameters
        ----------
        texts : sequence of str
            Each at most `LONGEST` characters, not empty.
        batch_characters : int
            Characters in a batch, padding included.

        Returns
        -------
        list of Tagged
            In the order of `texts`.
        """
        results: list[Tagged | None] = [None] * len(texts)
        for chosen in _batches([len(text) for text in texts], batch_characters):
            rows = [_characters(texts[i]) for i in chosen]
            with torch.no_grad():
                found = self.component(rows, batch_size=len(rows))
            logits, hidden = self.component.model.last
            lengths = np.array([len(row) for row in rows])
            possible = Posteriors(logits, lengths, self.tags).spans(LEAST, LONGEST_NAME)
            for k, i in enumerate(chosen):
                results[i] = Tagged(
                    tuple((start, end, tag) for _, tag, start, end in found[k]),
                    tuple(possible[k]),
                    hidden[k, : len(texts[i])],
                )
        return results


def _characters(text: str) -> list[str]:
    """One token a character; what the tokeniser would swallow becomes unknown to it."""
    return [c if c.isprintable() and not c.isspace() else "[UNK]" for c in half_width(text)]


def _batches(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
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

    def spans(self, least: float, longest: int) -> list[list[tuple[int, int, str, float]]]:
        """All spans of each row that are at least so probable and at most so long.

        Returns
        -------
        list of list of (start, end, tag, posterior)
            Sorted by start and end; they may overlap.
        """
        found: list[list[tuple[int, int, str, float]]] = [[] for _ in self._rest]
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

    def tag(self, texts: Sequence[str]) -> list[Tagged]:
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
            kept = tuple(sorted(span for span in spans if span[2]))
            results.append(Tagged(tuple(span[:3] for span in kept), kept, None))
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
