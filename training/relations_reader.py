"""Train the network that reads relations, and export it.

::

    python -m training.relations_reader --held-out --out build/reader-held.pt
    python -m training.relations_reader --out build/reader.pt --export extract/relations_reader.onnx

The first leaves out one fold of documents (`training.relations` measures there, and chooses how
strict to be), the second learns from all, in 13 to 20 minutes on two cores that multiply bf16.
Both start from the fast recogniser's encoder. The dev sets are never read.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from transformers import BertConfig, BertModel

from extract.recognise_onnx import read_vocabulary
from extract.relations_model import TYPES
from extract.relations_pairs import Span, candidates
from extract.relations_reader import (
    DISTANCES,
    LONGEST,
    MARKS,
    VOCABULARY,
    Marked,
    collate,
    mark,
)
from graph.ontology import LABELS
from training.relations import HELD_OUT, Item, fold, label, load_examples, of_county
from training.relations_data import Example
from training.train import batches, quick_attention

ENCODER = VOCABULARY.parent
INNER = 256
COUNTY = 3.0
"""Weight of the county documents."""
CHARACTERS = 1_024
"""In a batch, padding included."""
MASKED_NAMES, MASKED_CHARACTERS = 0.2, 0.05
"""Shares of mentions, and of characters, that are hidden while it learns."""


class Network(nn.Module):
    """Encoder, marks, and the scores of pairs from both ends; as `Reader` runs it."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        size = config.hidden_size
        self.bert = BertModel(config, add_pooling_layer=False)
        self.mention = nn.Embedding(MARKS, size)
        self.span = nn.Linear(3 * size, size)
        self.head = nn.Linear(size, INNER)
        self.tail = nn.Linear(size, INNER, bias=False)
        self.prod = nn.Linear(size, INNER, bias=False)
        self.kinds = nn.Embedding((len(LABELS) + 1) * len(LABELS) * 3, INNER)
        self.dist = nn.Embedding(2 * len(DISTANCES) + 3, INNER)
        self.out = nn.Linear(INNER, len(TYPES))
        self.drop = nn.Dropout(0.1)
        for table in (self.mention, self.kinds, self.dist):
            nn.init.normal_(table.weight, std=0.02)
        nn.init.constant_(self.out.bias, -3.0)

    def forward(
        self, ids, marks, attention, rows, begins, ends, heads, tails, kinds, distances
    ) -> torch.Tensor:
        """Log odds (pairs, types); inputs as `extract.relations_reader.collate` makes them."""
        seen = self.bert.embeddings.word_embeddings(ids) + self.mention(marks)
        states = self.bert(inputs_embeds=seen, attention_mask=attention).last_hidden_state
        sums = torch.cumsum(states.float(), 1)
        means = (sums[rows, ends - 1] - sums[rows, begins - 1]) / (ends - begins)[:, None]
        mentions = [states[rows, begins], states[rows, ends - 1], means.to(states.dtype)]
        mentions = F.gelu(self.span(torch.cat(mentions, -1)))
        named = torch.cat([mentions, states[:, 0]], 0)  # The unsaid subjects come last.
        head, tail = named[heads], named[tails]
        inner = self.head(head) + self.tail(tail) + self.prod(head * tail)
        inner = inner + self.kinds(kinds) + self.dist(distances)
        return self.out(self.drop(F.gelu(inner))).float()


class Row(NamedTuple):
    """A sentence to learn from: its characters, as the network takes it, and what was drawn."""

    ids: np.ndarray
    marked: Marked
    spans: tuple[tuple[int, int], ...]
    labels: np.ndarray
    weight: float


def start() -> Network:
    """The network before it learns: the fast recogniser's encoder, the rest by chance."""
    config = BertConfig.from_pretrained(ENCODER / "encoder")
    network = Network(config)
    saved = torch.load(ENCODER / "model.pt", map_location="cpu")
    prefix = "encoder.transformer."
    encoder = {k.removeprefix(prefix): v.float() for k, v in saved.items() if k.startswith(prefix)}
    network.bert.load_state_dict(encoder, strict=False)
    quick_attention(network.bert)
    return network


def _tensors(batch: Sequence[Marked], padding: int) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(array) for name, array in collate(batch, padding).items()}


def _hide(row: Row, mask: int, rng: random.Random) -> Marked:
    """A copy in which some names and characters are hidden."""
    ids = row.ids.copy()
    for begin, end in row.spans:
        if rng.random() < MASKED_NAMES:
            ids[begin:end] = mask
    for at in range(1, len(ids) - 1):
        if rng.random() < MASKED_CHARACTERS:
            ids[at] = mask
    return replace(row.marked, ids=ids)


def train(rows: Sequence[Row], *, epochs: float, seed: int) -> Network:
    """Fit a network; its weights are averaged over the last three fifths of the steps."""
    vocabulary = read_vocabulary(VOCABULARY)
    torch.manual_seed(seed)
    rng = random.Random(seed)
    network = start().train()
    encoder = [p for n, p in network.named_parameters() if n.startswith("bert.")]
    others = [p for n, p in network.named_parameters() if not n.startswith("bert.")]
    rates = (1.5e-4, 5e-4)
    optimiser = torch.optim.AdamW(
        [{"params": encoder}, {"params": others}], lr=rates[0], weight_decay=0.01
    )
    total = math.ceil(epochs * len(batches(list(rows), CHARACTERS, random.Random(0))))
    step, began, mean, averaged = 0, time.time(), {}, 0
    while step < total:
        for group in batches(list(rows), CHARACTERS, rng)[: total - step]:
            warm = min(1, step / (0.06 * total)) * max(0.02, 1 - step / total)
            for parameters, rate in zip(optimiser.param_groups, rates, strict=True):
                parameters["lr"] = rate * warm
            inputs = _tensors(
                [_hide(row, vocabulary["[MASK]"], rng) for row in group], vocabulary["[PAD]"]
            )
            labels = torch.from_numpy(np.concatenate([row.labels for row in group]))
            weight = torch.tensor([row.weight for row in group for _ in row.labels])[:, None]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = network(**inputs)
            cost = F.binary_cross_entropy_with_logits(
                scores, labels.clamp(min=0).float(), reduction="none"
            )
            optimiser.zero_grad()
            (cost * (labels >= 0) * weight).sum().div(20).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            step += 1
            if step >= 0.4 * total and step % 10 == 0:
                averaged += 1
                for name, value in network.state_dict().items():
                    old = mean.setdefault(name, value.clone())
                    if value.dtype.is_floating_point:
                        old += (value - old) / averaged
            if step % 200 == 0:
                print(f"step {step} of {total}, {time.time() - began:.0f} s", flush=True)
    network.load_state_dict(mean)
    return network.eval()


def load_network(path: Path) -> Network:
    """A network that `main` wrote."""
    network = start()
    network.load_state_dict(torch.load(path, map_location="cpu"))
    return network.eval()


@torch.no_grad()
def read(network: Network, found: Sequence[Item]) -> list[np.ndarray]:
    """Log odds of the pairs of items, as `extract.relations_reader.Reader.read` gives them."""
    vocabulary = read_vocabulary(VOCABULARY)
    scores = []
    for item in found:
        example = item.example
        one = mark(example.text, example.spans, example.speaks, item.pairs, vocabulary)
        scores.append(network(**_tensors([one], vocabulary["[PAD]"])).numpy())
    return scores


def export(network: Network, path: Path) -> None:
    """Write the network as int8 ONNX, with any number of sentences, mentions and pairs."""
    from training.quantise import quantise

    vocabulary = read_vocabulary(VOCABULARY)
    spans = [Span(0, 2, LABELS[0]), Span(3, 5, LABELS[0])]
    one = mark("甲乙与丙丁合作。", spans, True, candidates(spans, True), vocabulary)
    inputs = _tensors([one, one, one], vocabulary["[PAD]"])
    sizes = {name: torch.export.Dim(name) for name in ("batch", "length", "mentions", "pairs")}
    shapes = {
        name: {0: sizes["batch"], 1: sizes["length"]} for name in ("ids", "marks", "attention")
    }
    shapes |= {name: {0: sizes["mentions"]} for name in ("rows", "begins", "ends")}
    shapes |= {name: {0: sizes["pairs"]} for name in ("heads", "tails", "kinds", "distances")}
    program = torch.onnx.export(
        network.eval(),
        kwargs=inputs,
        input_names=list(inputs),
        output_names=["scores"],
        dynamic_shapes=shapes,
        dynamo=True,
        verbose=False,
    )
    full = path.with_suffix(".fp32.onnx")
    program.save(full)
    quantise(full, path, sensitive=())
    full.unlink()


def rows_of(examples: Sequence[Example]) -> list[Row]:
    """The sentences that offer a pair, ready to learn from."""
    vocabulary = read_vocabulary(VOCABULARY)
    rows = []
    for example in examples:
        pairs = candidates(example.spans, example.speaks)
        if pairs and len(example.text) <= LONGEST:
            marked = mark(example.text, example.spans, example.speaks, pairs, vocabulary)
            names = tuple(zip(marked.begins.tolist(), marked.ends.tolist(), strict=True))
            weight = COUNTY if of_county(example) else 1.0
            rows.append(Row(marked.ids, marked, names, label(example, pairs), weight))
    return rows


def main(args: list[str] | None = None) -> int:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(prog="training.relations_reader", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="weights to write")
    parser.add_argument("--held-out", action="store_true", help="leave out what is measured on")
    parser.add_argument("--epochs", type=float, default=8)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--export", type=Path, help="write it as ONNX too")
    options = parser.parse_args(args)
    examples = load_examples()
    if options.held_out:
        examples = [example for example in examples if fold(example) != HELD_OUT]
    network = train(rows_of(examples), epochs=options.epochs, seed=options.seed)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), options.out)
    if options.export:
        export(network, options.export)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
