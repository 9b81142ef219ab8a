"""What the stage-1 encoder knows: a linear head on its frozen states, scored on MSRA's test.

Stage 1 kept the encoder and not its head. The head is learned anew here on a part of
MSRA's training sentences; the encoder stays as it is.

Usage::

    python -m training.probe [--sentences 6000]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import nn

from training.data import SHARED, Example, read_bio
from training.evaluate import print_scores
from training.scores import score
from training.train import encode, pad, quick_attention, read_vocabulary, spans_of

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


@torch.no_grad()
def states(transformer, examples: list[Example], vocabulary: dict[str, int]):
    """Batches of (hidden states, gold tags, mask, examples), half precision."""
    result = []
    order = sorted(examples, key=lambda example: len(example.text))
    for at in range(0, len(order), 24):
        group = order[at : at + 24]
        rows = [encode(example, vocabulary, TAGS) for example in group]
        ids, gold, mask, attention = pad(rows, pad_id=vocabulary["[PAD]"])
        hidden = transformer(input_ids=ids, attention_mask=attention).last_hidden_state
        result.append((hidden[:, 1:-1].bfloat16(), gold, mask, group))
    return result


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--encoder", type=Path, default=SHARED / "models/stage1")
    parser.add_argument("--sentences", type=int, default=6000)
    args = parser.parse_args(argv)
    from transformers import BertModel

    torch.manual_seed(1)
    folder = SHARED / "data/public_ner"
    vocabulary = read_vocabulary(args.encoder)
    transformer = BertModel.from_pretrained(args.encoder, add_pooling_layer=False)
    transformer = transformer.bfloat16().eval()
    quick_attention(transformer)
    train = [e for e in read_bio(folder / "msra_train_bio.tsv.xz") if len(e.text) <= 150]
    train = states(transformer, train[:: max(len(train) // args.sentences, 1)], vocabulary)
    head = nn.Linear(transformer.config.hidden_size, len(TAGS))
    optimizer = torch.optim.Adam(head.parameters(), lr=5e-3)
    for epoch in range(12):
        for group in optimizer.param_groups:
            group["lr"] = 5e-3 * (1 - epoch / 12)
        for i in torch.randperm(len(train)).tolist():
            hidden, gold, mask, _ = train[i]
            loss = nn.functional.cross_entropy(head(hidden.float())[mask], gold[mask])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    crf, names = constrained_crf(), list(TAGS)
    test = [e for e in read_bio(folder / "msra_test_bio.tsv.xz") if len(e.text) <= 500]
    gold_spans, found = [], []
    with torch.no_grad():
        for hidden, _, mask, group in states(transformer, test, vocabulary):
            for example, path in zip(group, crf.decode(head(hidden.float()), mask), strict=True):
                gold_spans.append(example.spans)
                found.append(spans_of([names[i] for i in path]))
    print_scores(f"{args.encoder.name}, linear head, MSRA test", score(gold_spans, found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
