"""Fine-tune the recogniser: HanLP's network, vocabulary and CRF, a loop of our own.

HanLP's `fit` trains in fp32 and pads its batches; on two cores the loop below is some
three times faster: half-precision matrix products over fp32 master weights, batches by
length, and stretches of joined sentences. Weights are averaged along the way, which on
this data gains more than further epochs do.

Usage::

    python -m training.train --start ../shared/models/hanlp_ner --out build/run --epochs 4
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from pathlib import Path

import torch

from extract.recognise_hanlp import load_component
from extract.recognise_onnx import read_vocabulary
from extract.tagging import half_width
from training.data import (
    SHARED,
    Example,
    name_pools,
    read_examples,
    swap_names,
    windows,
)
from training.scores import score

CHARACTERS = 1024
"""Characters in a batch, padding included."""


def encode(example: Example, vocabulary: dict[str, int], tags: dict[str, int]):
    """Turn a stretch into ids (with [CLS] and [SEP]) and IOBES tag ids."""
    unknown = vocabulary["[UNK]"]
    ids = [vocabulary["[CLS]"]]
    ids += [vocabulary.get(c, unknown) for c in half_width(example.text)]
    gold = [tags["O"]] * len(example.text)
    for start, end, tag in example.spans:
        if end - start == 1:
            gold[start] = tags[f"S-{tag}"]
            continue
        gold[start] = tags[f"B-{tag}"]
        gold[start + 1 : end - 1] = [tags[f"I-{tag}"]] * (end - start - 2)
        gold[end - 1] = tags[f"E-{tag}"]
    return [*ids, vocabulary["[SEP]"]], gold


def batches(rows: list, size: int, rng: random.Random) -> list[list]:
    """Group rows of like length, at most `size` characters each, in random order."""
    order = sorted(rows, key=lambda row: len(row[0]) + rng.random() * 8)
    groups, group = [], []
    for row in order:
        if group and (len(group) + 1) * len(row[0]) > size:
            groups.append(group)
            group = []
        group.append(row)
    if group:
        groups.append(group)
    rng.shuffle(groups)
    return groups


def pad(group: list, *, pad_id: int):
    """Pad ids and tags to tensors, with the mask of real characters."""
    width = max(len(ids) for ids, _ in group)
    ids = torch.full((len(group), width), pad_id)
    gold = torch.zeros((len(group), width - 2), dtype=torch.long)
    for i, (row, tags) in enumerate(group):
        ids[i, : len(row)] = torch.tensor(row)
        gold[i, : len(tags)] = torch.tensor(tags)
    lengths = torch.tensor([len(tags) for _, tags in group])
    mask = torch.arange(width - 2)[None] < lengths[:, None]
    attention = (torch.arange(width)[None] < (lengths + 2)[:, None]).long()
    return ids, gold, mask, attention


def quick_attention(transformer) -> None:
    """Attention without its own dropout and without the fused kernel.

    The fused kernel's backward pass in half precision is three times slower on CPUs.
    """
    transformer.config._attn_implementation = "eager"
    for module in transformer.modules():
        if type(module).__name__ == "BertSelfAttention":
            module.dropout.p = 0.0


def emissions(model, ids, attention):
    """Tag scores of each character: (batch, length, tags), fp32."""
    hidden = model.encoder.transformer(input_ids=ids, attention_mask=attention).last_hidden_state
    return model.classifier(hidden)[:, 1:-1].float()


@torch.no_grad()
def predict(model, crf, examples, vocabulary, tags) -> list[tuple]:
    """Spans of each example, sentence by sentence."""
    names = {i: tag for tag, i in tags.items()}
    model.eval()
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].text))
    spans: list[tuple] = [()] * len(examples)
    for k in range(0, len(order), 32):
        chosen = order[k : k + 32]
        group = [encode(examples[i], vocabulary, tags) for i in chosen]
        ids, _, mask, attention = pad(group, pad_id=vocabulary["[PAD]"])
        for i, path in zip(chosen, crf.decode(emissions(model, ids, attention), mask), strict=True):
            spans[i] = tuple(spans_of([names[t] for t in path]))
    model.train()
    return spans


def spans_of(path: list[str]) -> list[tuple[int, int, str]]:
    """Spans of a valid IOBES path.

    >>> spans_of(["O", "B-ORG", "E-ORG", "S-PLACE"])
    [(1, 3, 'ORG'), (3, 4, 'PLACE')]
    """
    spans, start = [], 0
    for i, tag in enumerate(path):
        if tag[0] in "BS":
            start = i
        if tag[0] in "ES":
            spans.append((start, i + 1, tag[2:]))
    return spans


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--start", type=Path, default=SHARED / "models/hanlp_ner")
    parser.add_argument("--encoder", type=Path, default=SHARED / "models/stage1")
    parser.add_argument("--weights", type=Path, nargs="*", default=[], help="averaged if several")
    parser.add_argument("--fresh", action="store_true", help="encoder weights from --encoder")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--train", type=Path, nargs="*", help="annotated JSONL files")
    parser.add_argument("--silver", type=Path, help="JSONL labelled by a teacher, sampled")
    parser.add_argument("--silver-share", type=float, default=0.5)
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--lr", type=float, default=1.5e-4)
    parser.add_argument("--head-lr", type=float, default=5e-4)
    parser.add_argument("--mask", type=float, default=0.08, help="share of characters masked")
    parser.add_argument("--swap", type=float, default=0.12, help="share of names swapped")
    parser.add_argument("--alone", type=float, default=0.5, help="share of sentences not joined")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--average-from", type=float, default=0.25)
    parser.add_argument(
        "--precision",
        choices=("bf16", "fp32"),
        default="bf16",
        help="of the matrix products; fp32 where the processor multiplies no bf16",
    )
    parser.add_argument("--minutes", type=float, default=1e9, help="stop early, keep the average")
    args = parser.parse_args(argv)

    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    data = SHARED / "data"
    files = args.train or [data / "annotated/train.jsonl", data / "written/train.jsonl"]
    train = [example for file in files for example in read_examples(file)]
    silver = read_examples(args.silver) if args.silver else []
    dev = {name: read_examples(data / name / "dev.jsonl") for name in ("annotated", "written")}
    pools = name_pools(train, data / "gazetteer")
    component = load_component(args.start, encoder=args.encoder)
    model, crf = component.model, component.model.crf
    tags = {tag: i for i, tag in enumerate(component.vocabs["tag"].idx_to_token)}
    vocabulary = read_vocabulary(args.encoder)
    if args.weights:
        states = [torch.load(path, map_location="cpu") for path in args.weights]
        mean = {k: sum(state[k].float() for state in states) / len(states) for k in states[0]}
        model.load_state_dict(mean, strict=False)
    if args.fresh:
        from safetensors.torch import load_file

        weights = {k: v.float() for k, v in load_file(args.encoder / "model.safetensors").items()}
        model.encoder.transformer.load_state_dict(
            {k.removeprefix("bert."): v for k, v in weights.items()}, strict=False
        )
    quick_attention(model.encoder.transformer)
    crf.requires_grad_(False)
    crf_weights = {k: v.clone() for k, v in crf.state_dict().items()}

    trained = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    trained = [(n, p) for n, p in trained if "pooler" not in n]
    masters = [p.detach().clone().float() for _, p in trained]
    model.to(torch.bfloat16 if args.precision == "bf16" else torch.float32)
    crf.float().load_state_dict(crf_weights)
    optimizer = torch.optim.AdamW(
        [
            {
                "params": [
                    m for (n, _), m in zip(trained, masters, strict=True) if "classifier" not in n
                ],
                "lr": args.lr,
            },
            {
                "params": [
                    m for (n, _), m in zip(trained, masters, strict=True) if "classifier" in n
                ],
                "lr": args.head_lr,
            },
        ],
        betas=(0.9, 0.98),
        weight_decay=0.01,
    )
    rates = [g["lr"] for g in optimizer.param_groups]
    average, averaged = [torch.zeros_like(m) for m in masters], 0
    args.out.mkdir(parents=True, exist_ok=True)

    def put(values) -> None:
        with torch.no_grad():
            for (_, p), value in zip(trained, values, strict=True):
                p.copy_(value)

    def report(label: str, values) -> None:
        put(values)
        line = {"at": label, "minutes": round((time.time() - begun) / 60, 1)}
        for name, examples in dev.items():
            found = predict(model, crf, examples, vocabulary, tags)
            table = score([e.spans for e in examples], found)
            line[name] = {k: round(v.f1, 4) for k, v in table.items()}
        print(json.dumps(line), flush=True)
        put(masters)

    def save(name: str, values) -> None:
        torch.save(
            {n: v.half() for (n, _), v in zip(trained, values, strict=True)}, args.out / name
        )

    characters = sum(len(e.text) for e in train)
    total = math.ceil(
        args.epochs * characters * (1 + bool(silver) * args.silver_share) / (CHARACTERS * 0.93)
    )
    begun, step, epoch, losses = time.time(), 0, 0, []
    done = False
    while not done:
        epoch += 1
        part = windows(train, rng, alone=args.alone)
        if silver:
            runs = windows(
                rng.sample(silver, min(len(silver), int(len(train) * args.silver_share))), rng
            )
            part += runs
        part = [swap_names(e, pools, rng, args.swap * (rng.random() < 0.5) * 2) for e in part]
        rows = [encode(e, vocabulary, tags) for e in part]
        for group in batches(rows, CHARACTERS, rng):
            ids, gold, mask, attention = pad(group, pad_id=vocabulary["[PAD]"])
            hidden = torch.rand(ids.shape) < args.mask
            hidden[:, 0] = False
            ids = torch.where(hidden & (ids > vocabulary["[SEP]"]), vocabulary["[MASK]"], ids)
            loss = -crf(emissions(model, ids, attention), gold, mask, reduction="sum")
            loss = loss / mask.sum()
            loss.backward()
            for (_, p), master in zip(trained, masters, strict=True):
                master.grad = p.grad.float() if p.grad is not None else None
                p.grad = None
            torch.nn.utils.clip_grad_norm_(masters, 1.0)
            at = step / total
            factor = min(1, (step + 1) / 60) * (1 if at < 0.5 else max(0.05, 2 * (1 - at)))
            for g, rate in zip(optimizer.param_groups, rates, strict=True):
                g["lr"] = rate * factor
            optimizer.step()
            put(masters)
            step += 1
            losses.append(loss.item())
            if step % 20 == 0 and at >= args.average_from:
                averaged += 1
                for a, m in zip(average, masters, strict=True):
                    a.add_((m - a) / averaged)
            if step % 50 == 0:
                print(
                    f"epoch {epoch} step {step}/{total} loss {sum(losses[-50:]) / 50:.4f} "
                    f"{(time.time() - begun) / 60:.1f} min",
                    flush=True,
                )
            done = step >= total or (time.time() - begun) / 60 > args.minutes
            if done:
                break
        if averaged:
            report(f"average, epoch {epoch}", average)
            save("average.pt", average)
    report("last", masters)
    save("last.pt", masters)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
