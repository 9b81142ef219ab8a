"""The fast model: a few narrow layers of the accurate one, taught by it.

Usage::

    python -m training.distil shrink extract/model build/fast/start
    python -m training.distil label extract/model build/fast/silver.jsonl --sentences 20000
    python -m training.train --start build/fast/start --encoder build/fast/start/encoder \
        --silver build/fast/silver.jsonl --silver-share 1 --out build/fast/run
    python -m training.export --component build/fast/start --encoder build/fast/start/encoder \
        --weights build/fast/run/average.pt --out extract/model_fast
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import torch
from torch import nn

from extract.recognise import LEAST
from extract.recognise_hanlp import load_component
from extract.recognise_onnx import OnnxNetwork
from extract.spans import Span, likeliest
from extract.weigh import read_weigher
from graph.ontology import LABEL_OF_TAG, TAG_OF_LABEL
from training.data import SHARED, read_examples
from training.export import save_component

LAYERS = (0, 1, 2)
INNER = 768
"""Width of the feed-forward layers that are kept, of 1,536."""


def shrink(source: Path, target: Path, *, layers=LAYERS, inner: int = INNER) -> None:
    """Make a component of some of another's layers, their feed-forward halves narrowed.

    Of each feed-forward layer the inner units with the largest weights in and out stay.
    """
    component = load_component(source)
    transformer = component.model.encoder.transformer
    kept = [transformer.encoder.layer[i] for i in layers]
    for layer in kept:
        up, down = layer.intermediate.dense, layer.output.dense
        weight = up.weight.norm(dim=1) * down.weight.norm(dim=0)
        units = weight.topk(inner).indices.sort().values
        layer.intermediate.dense = _linear(up.weight[units], up.bias[units])
        layer.output.dense = _linear(down.weight[:, units], down.bias)
    transformer.encoder.layer = nn.ModuleList(kept)
    save_component(component, target, source / "encoder")
    file = target / "encoder" / "config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    config.update(num_hidden_layers=len(kept), intermediate_size=inner)
    file.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def _linear(weight: torch.Tensor, bias: torch.Tensor) -> nn.Linear:
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight, layer.bias = nn.Parameter(weight.clone()), nn.Parameter(bias.clone())
    return layer


def corpus_sentences(rng: random.Random) -> Iterator[str]:
    """Sentences of the unlabelled corpus in random order: news, policy, work reports.

    The reports of the three provinces whose sentences are in ``annotated/dev`` are left
    out, and its sentences wherever they stand.
    """
    corpus = SHARED / "data/corpus"
    dev = read_examples(SHARED / "data/annotated/dev.jsonl")
    held_out = {example.document for example in dev}
    paragraphs: list[str] = []
    for name, share in (("news.txt.xz", 0.05), ("policy.txt.xz", 0.4)):
        with lzma.open(corpus / name, "rt", encoding="utf-8") as lines:
            paragraphs += [line for line in lines if rng.random() < share]
    for file in sorted((corpus / "reports").glob("*.txt")):
        if not any(name in file.name for name in held_out):
            # Reports are what the recogniser is for: they count three times.
            paragraphs += 3 * file.read_text(encoding="utf-8").splitlines()
    rng.shuffle(paragraphs)
    seen = {example.text for example in dev}
    for paragraph in paragraphs:
        for sentence in re.findall(r"[^。！？]+[。！？]?”?", paragraph.strip()):
            if 12 <= len(sentence) <= 120 and sentence not in seen:
                seen.add(sentence)
                yield sentence


def label(model: Path, target: Path, *, sentences: int, seed: int = 0, empty: float = 0.2) -> None:
    """Label corpus sentences with a model; at most a share `empty` holds no name."""
    network, weigher = OnnxNetwork(model, threads=1), read_weigher(model)
    rng = random.Random(seed)
    stream = corpus_sentences(rng)
    written = blank = 0
    with open(target, "w", encoding="utf-8") as out:
        while written < sentences:
            texts = list(islice(stream, 512))
            if not texts:
                break
            for text, candidates in zip(texts, network.tag(texts), strict=True):
                row = [Span(b, e, LABEL_OF_TAG[tag], p, "model") for b, e, tag, p in candidates]
                if weigher:
                    [row] = weigher.weigh([text], [row])
                spans = [[s.begin, s.end, TAG_OF_LABEL[s.label]] for s in likeliest(row, LEAST)]
                if not spans:
                    if blank >= empty * (written + 1):
                        continue
                    blank += 1
                line = {"id": f"silver{written}:0", "text": text, "entities": spans}
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
                written += 1


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("step", choices=("shrink", "label"))
    parser.add_argument("model", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--sentences", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0, help="which sentences of the corpus")
    args = parser.parse_args(argv)
    args.target.parent.mkdir(parents=True, exist_ok=True)
    if args.step == "shrink":
        shrink(args.model, args.target)
    else:
        label(args.model, args.target, sentences=args.sentences, seed=args.seed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
