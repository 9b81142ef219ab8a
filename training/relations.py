"""Train the pair classifier of relations, and export it for ONNX Runtime.

    python -m training.relations --out extract --epochs 8

A tenth of the training documents is held back for thresholds and calibration; the dev
sets are never read.
"""

from __future__ import annotations

import argparse
import random
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from extract.relations_features import RELATION_INDEX, Row, collate, encode_row
from extract.relations_pairs import Span, label_of, possible
from extract.relations_rules import load_rules
from graph.ontology import ISSUER, RELATIONS
from training.data import SHARED
from training.relations_data import ANNOTATED, WRITTEN, Example, read_relations
from training.relations_network import PairClassifier, load_lower_layers

TRAIN_SETS = (ANNOTATED / "train.jsonl", WRITTEN / "train.jsonl")
START = SHARED / "models" / "hanlp_ner" / "model.pt"
VOCABULARY = SHARED / "models" / "stage1" / "vocab.txt"
SYMMETRIC = tuple(RELATION_INDEX[r.name] for r in RELATIONS.values() if r.symmetric)


@dataclass(frozen=True)
class Item:
    """A sentence, its row of numbers, and per pair and type 1, 0 or -1 (not asked)."""

    example: Example
    row: Row
    labels: np.ndarray


def read_vocabulary(path: Path = VOCABULARY) -> dict[str, int]:
    """Read a BERT vocabulary: a token a line."""
    tokens = path.read_text(encoding="utf-8").split("\n")
    return {token: i for i, token in enumerate(tokens) if token}


def label(example: Example, pairs: Sequence[tuple[int | None, int]]) -> np.ndarray:
    """Say what the annotators drew between each pair.

    A surface may occur several times while a relation names only surfaces: the nearest
    pair carries it, the others are not asked. Symmetric relations are asked forwards.

    Returns
    -------
    ndarray of int8
        (pairs, relation types): 1 drawn, 0 not drawn, -1 not asked.
    """
    spans = example.spans
    surfaces = [example.text[s.begin : s.end] for s in spans]
    labels = np.full((len(pairs), len(RELATION_INDEX)), -1, np.int8)
    nearest: dict[tuple[str, str, str], tuple[int, int]] = {}
    for i, (head, tail) in enumerate(pairs):
        head_surface = ISSUER if head is None else surfaces[head]
        if head_surface == surfaces[tail]:
            continue
        distance = 0 if head is None else abs(spans[head].begin - spans[tail].begin)
        for relation in possible(label_of(spans, head), spans[tail].label):
            column = RELATION_INDEX[relation]
            triple = (head_surface, relation, surfaces[tail])
            drawn = triple in example.relations
            if RELATIONS[relation].symmetric and head is not None:
                if head > tail:
                    continue
                triple = min(triple, triple[::-1])
                drawn = triple in example.relations or triple[::-1] in example.relations
            if not drawn:
                labels[i, column] = 0
            elif triple not in nearest or distance < nearest[triple][0]:
                if triple in nearest:
                    labels[nearest[triple][1], column] = -1
                nearest[triple] = (distance, i)
                labels[i, column] = 1
    return labels


def items(examples: Sequence[Example], vocabulary: dict[str, int]) -> list[Item]:
    """Encode the sentences that have something to ask."""
    found = []
    for example in examples:
        row = encode_row(example.text, example.spans, example.speaks, vocabulary)
        if row is not None:
            found.append(Item(example, row, label(example, row.pairs)))
    return found


def name_pools(examples: Sequence[Example]) -> dict[str, list[str]]:
    """Collect the names of three characters and more, by label."""
    pools: dict[str, set[str]] = {}
    for example in examples:
        for span in example.spans:
            if span.end - span.begin > 2:
                pools.setdefault(span.label, set()).add(example.text[span.begin : span.end])
    return {name: sorted(pool) for name, pool in pools.items()}


def swap_names(
    item: Item,
    pools: dict[str, list[str]],
    vocabulary: dict[str, int],
    rng: random.Random,
    share: float,
) -> Row:
    """Encode the sentence with a share of its names replaced by others of their type.

    Labels and rules stay: both look at what stands around names, never at names.
    """
    text, spans, last = "", [], 0
    for span in item.example.spans:
        text += item.example.text[last : span.begin]
        name = item.example.text[span.begin : span.end]
        if len(name) > 2 and rng.random() < share:
            name = rng.choice(pools[span.label])
        spans.append(Span(len(text), len(text) + len(name), span.label))
        text += name
        last = span.end
    text += item.example.text[last:]
    if len(text) > 300:
        return item.row
    row = encode_row(text, spans, item.example.speaks, vocabulary)
    return replace(row, rules=item.row.rules)


def batches(rows: list[tuple[Row, np.ndarray]], characters: int, rng: random.Random) -> list:
    """Group rows of like length into batches of at most so many characters, shuffled."""
    rows = sorted(rows, key=lambda pair: len(pair[0].ids) + rng.random() * 8)
    groups, group = [], []
    for pair in rows:
        if group and (len(group) + 1) * len(pair[0].ids) > characters:
            groups.append(group)
            group = []
        group.append(pair)
    groups.append(group)
    rng.shuffle(groups)
    return groups


def tensors(rows: Sequence[Row]) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(value) for name, value in collate(rows).items()}


def probabilities(network: nn.Module, found: Sequence[Item]) -> list[np.ndarray]:
    """Run the network over items: (pairs, types) for each, in their order."""
    network.eval()
    order = sorted(range(len(found)), key=lambda i: len(found[i].row.ids))
    result: list = [None] * len(found)
    with torch.no_grad():
        for start in range(0, len(order), 32):
            part = order[start : start + 32]
            with torch.autocast("cpu", torch.bfloat16):
                logits = network(**tensors([found[i].row for i in part]))
            values = torch.sigmoid(logits.float()).numpy()
            position = 0
            for i in part:
                n = len(found[i].row.pairs)
                result[i] = values[position : position + n]
                position += n
    return result


def pair_f1(found: Sequence[Item], values: Sequence[np.ndarray], threshold: float = 0.5) -> float:
    """F1 over (pair, type) decisions that were asked: a quick measure while training."""
    right = drawn = gold = 0
    for item, value in zip(found, values, strict=True):
        asked = item.labels >= 0
        yes = (value >= threshold) & asked
        right += int((yes & (item.labels == 1)).sum())
        drawn += int(yes.sum())
        gold += int((item.labels == 1).sum())
    return 2 * right / max(1, drawn + gold)


def train(
    network: PairClassifier,
    training: Sequence[Item],
    held: Sequence[Item],
    vocabulary: dict[str, int],
    *,
    epochs: int,
    characters: int = 1600,
    rate: float = 2e-4,
    head_rate: float = 1e-3,
    swap: float = 0.3,
    mask: float = 0.06,
    seed: int = 0,
    patience_log=print,
) -> PairClassifier:
    """Fit the network; the weights returned are a running average of those of the steps."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    pools = name_pools([item.example for item in training])
    encoder = [
        p
        for n, p in network.named_parameters()
        if n.split(".")[0] in ("words", "positions", "norm", "layers")
    ]
    known = {id(p) for p in encoder}
    head = [p for p in network.parameters() if id(p) not in known]
    optimiser = torch.optim.AdamW(
        [{"params": encoder, "lr": rate}, {"params": head, "lr": head_rate}], weight_decay=0.01
    )
    per_epoch = sum(len(item.row.ids) for item in training) // characters + 1
    total = per_epoch * epochs

    def pace(step: int) -> float:
        warm = 0.06 * total
        return step / warm if step < warm else max(0.02, (total - step) / (total - warm))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, pace)
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.99)
    )
    mask_id, unmasked = vocabulary["[MASK]"], (vocabulary["[CLS]"], vocabulary["[SEP]"], 0)
    for epoch in range(epochs):
        began, losses = time.time(), []
        rows = [
            (
                swap_names(item, pools, vocabulary, rng, swap) if rng.random() < 0.6 else item.row,
                item.labels,
            )
            for item in training
        ]
        network.train()
        for group in batches(rows, characters, rng):
            inputs = tensors([row for row, _ in group])
            hide = torch.rand(inputs["ids"].shape) < mask
            for fixed in unmasked:
                hide &= inputs["ids"] != fixed
            inputs["ids"] = inputs["ids"].masked_fill(hide, mask_id)
            drop = (torch.rand(inputs["rules"].shape) > 0.1).float()
            inputs["rules"] = inputs["rules"] * drop
            labels = torch.from_numpy(np.concatenate([labels for _, labels in group]))
            with torch.autocast("cpu", torch.bfloat16):
                logits = network(**inputs)
            asked = labels >= 0
            loss = F.binary_cross_entropy_with_logits(
                logits.float()[asked], labels[asked].float(), reduction="sum"
            ) / len(group)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            average.update_parameters(network)
            losses.append(float(loss))
        note = f"epoch {epoch + 1}: loss {np.mean(losses):.3f}"
        if held:
            scored = pair_f1(held, probabilities(average.module, held))
            note += f", held-out F1 {scored:.3f}"
        patience_log(f"{note}, {time.time() - began:.0f} s", flush=True)
    return average.module


def split(examples: Sequence[Example], share: float) -> tuple[list[Example], list[Example]]:
    """Hold back a share of the documents, the same ones each time; reports by sentence."""

    def held(example: Example) -> bool:
        report = example.speaks and not example.document.startswith("written")
        key = f"{example.document}:{example.number}" if report else example.document
        return zlib.crc32(key.encode()) % 1000 < share * 1000

    return (
        [example for example in examples if not held(example)],
        [example for example in examples if held(example)],
    )


def main(args: list[str] | None = None) -> int:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(prog="training.relations", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="file for the network's weights")
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--held", type=float, default=0.08, help="share of documents held back")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(args)
    torch.set_num_threads(options.threads)
    vocabulary = read_vocabulary()
    examples = [e for path in TRAIN_SETS for e in read_relations(path)]
    training, held = split(examples, options.held)
    network = PairClassifier(options.layers, len(vocabulary), len(load_rules()))
    load_lower_layers(network, START)
    network = train(
        network,
        items(training, vocabulary),
        items(held, vocabulary),
        vocabulary,
        epochs=options.epochs,
        seed=options.seed,
    )
    torch.save({"layers": options.layers, "state": network.state_dict()}, options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
