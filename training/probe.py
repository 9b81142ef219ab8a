"""What the stage-1 encoder knows: a new head on it, scored on MSRA's test.

Stage 1 kept the encoder and not its head. The head is learned anew here on a part of
MSRA's training sentences, and with it the encoder's last layers; the others stay as they
are.

Usage::

    python -m training.probe [--sentences 9000] [--layers 6] [--precision bf16]
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import torch
from torch import nn

from training.data import SHARED, Example, read_bio
from training.evaluate import print_scores
from training.scores import score
from training.train import (
    CHARACTERS,
    batches,
    encode,
    pad,
    quick_attention,
    read_vocabulary,
    spans_of,
)

TAGS = {
    tag: i
    for i, tag in enumerate(
        ["O", *(f"{part}-{kind}" for kind in ("ORG", "PERSON", "PLACE") for part in "BIES")]
    )
}


def constrained_crf() -> nn.Module:
    """HanLP's CRF with every valid step at weight one and the others out of reach."""
    from hanlp.layers.crf.crf import CRF

    def opens(tag: str) -> bool:
        return tag[0] in "BI"

    crf = CRF(len(TAGS)).requires_grad_(False)
    for a, i in TAGS.items():
        crf.start_transitions[i] = 0.0 if a[0] in "OBS" else -1e4
        crf.end_transitions[i] = -1e4 if opens(a) else 0.0
        for b, j in TAGS.items():
            fits = (b[0] in "IE" and a[2:] == b[2:]) if opens(a) else b[0] in "OBS"
            crf.transitions[i, j] = 0.0 if fits else -1e4
    return crf


class Probe(nn.Module):
    """An encoder with a linear head for three types; all but the last `layers` frozen."""

    def __init__(self, encoder: Path, layers: int) -> None:
        from transformers import BertModel

        super().__init__()
        self.transformer = BertModel.from_pretrained(encoder, add_pooling_layer=False).float()
        quick_attention(self.transformer)
        self.head = nn.Linear(self.transformer.config.hidden_size, len(TAGS))
        self.transformer.requires_grad_(False)
        for layer in list(self.transformer.encoder.layer)[-layers:] if layers else ():
            layer.requires_grad_(True)

    def forward(self, ids, attention):
        """Tag scores of each character: (batch, length, tags)."""
        states = self.transformer(input_ids=ids, attention_mask=attention).last_hidden_state
        return self.head(states)[:, 1:-1]


def learn(
    model: Probe, crf: nn.Module, rows: list, pad_id: int, rng: random.Random, *, half: bool
) -> None:
    """Go through the rows once, the learning rate falling to nothing."""
    optimizer = torch.optim.AdamW(
        [
            {"params": model.head.parameters(), "lr": 3e-3},
            {"params": [p for p in model.transformer.parameters() if p.requires_grad], "lr": 1e-4},
        ]
    )
    groups = batches(rows, CHARACTERS, rng)
    falling = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, len(groups))
    for step, group in enumerate(groups, 1):
        ids, gold, mask, attention = pad(group, pad_id=pad_id)
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            scores = model(ids, attention)
        loss = -crf(scores.float(), gold, mask, reduction="sum") / mask.sum()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        falling.step()
        if step % 50 == 0:
            print(f"step {step}/{len(groups)} loss {loss.item():.4f}", flush=True)


@torch.no_grad()
def predict(model: Probe, crf: nn.Module, examples: list[Example], vocabulary) -> list[list]:
    """Spans of each example, by the best valid tagging."""
    names, found = list(TAGS), []
    model.eval()
    for at in range(0, len(examples), 24):
        rows = [encode(example, vocabulary, TAGS) for example in examples[at : at + 24]]
        ids, _, mask, attention = pad(rows, pad_id=vocabulary["[PAD]"])
        paths = crf.decode(model(ids, attention), mask)
        found += [spans_of([names[i] for i in path]) for path in paths]
    return found


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--encoder", type=Path, default=SHARED / "models/stage1")
    parser.add_argument("--sentences", type=int, default=9000)
    parser.add_argument("--layers", type=int, default=6, help="that learn too, from the last")
    parser.add_argument("--precision", choices=("bf16", "fp32"), default="fp32")
    args = parser.parse_args(argv)

    torch.manual_seed(1)
    folder = SHARED / "data/public_ner"
    vocabulary = read_vocabulary(args.encoder)
    train = [e for e in read_bio(folder / "msra_train_bio.tsv.xz") if len(e.text) <= 150]
    chosen = train[:: max(len(train) // args.sentences, 1)]
    model, crf = Probe(args.encoder, args.layers), constrained_crf()
    rows = [encode(example, vocabulary, TAGS) for example in chosen]
    half = args.precision == "bf16"
    learn(model, crf, rows, vocabulary["[PAD]"], random.Random(1), half=half)
    test = [e for e in read_bio(folder / "msra_test_bio.tsv.xz") if len(e.text) <= 500]
    test.sort(key=lambda example: len(example.text))
    table = score([e.spans for e in test], predict(model, crf, test, vocabulary))
    print_scores(f"{args.encoder.name}, last {args.layers} layers and head, MSRA test", table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
