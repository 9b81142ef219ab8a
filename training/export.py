"""Save a HanLP component as the product ships it: halves, encoder files, ONNX network.

Usage::

    python -m training.export --weights build/run/average.pt --out extract/model
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import torch
from torch import nn

from extract.recognise_hanlp import load_component
from training.data import SHARED

ENCODER_FILES = ("config.json", "vocab.txt", "tokenizer_config.json")


class Network(nn.Module):
    """The forward pass alone: ids and attention mask to tag scores.

    [CLS] and [SEP] are left out: (batch, length - 2, tags).
    """

    def __init__(self, model) -> None:
        super().__init__()
        self.transformer = model.encoder.transformer
        self.classifier = model.classifier

    def forward(self, input_ids, attention_mask):
        hidden = self.transformer(
            input_ids=input_ids, attention_mask=attention_mask
        ).last_hidden_state[:, 1:-1]
        return self.classifier(hidden)


def export_onnx(model, path: Path) -> None:
    """Write the network in fp32 with free batch and length."""
    model.encoder.transformer.config._attn_implementation = "eager"
    ids = torch.randint(6, 200, (3, 19))
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length")
    program = torch.onnx.export(
        Network(model).eval(),
        (ids, torch.ones_like(ids)),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}),
        dynamo=True,
        verbose=False,
    )
    program.save(path)


def save_component(component, out: Path, encoder: Path) -> None:
    """Save by HanLP in half precision, and the encoder's three small files beside it."""
    (out / "encoder").mkdir(parents=True, exist_ok=True)
    if encoder.resolve() != (out / "encoder").resolve():
        for name in ENCODER_FILES:
            shutil.copyfile(encoder / name, out / "encoder" / name)
    component.model.half()
    component.save(str(out))
    component.model.float()
    config = json.loads((out / "config.json").read_text(encoding="utf-8"))
    # From the root of the repository hanlp.load() then finds the encoder by itself.
    config["transformer"] = "/".join([*out.parts[-2:], "encoder"])
    config.pop("load_path", None)
    (out / "config.json").write_text(
        json.dumps(config, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--component", type=Path, default=SHARED / "models/hanlp_ner")
    parser.add_argument("--encoder", type=Path, default=SHARED / "models/stage1")
    parser.add_argument("--weights", type=Path, nargs="*", default=[], help="averaged if several")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fp32", type=Path, help="also keep the fp32 network here")
    args = parser.parse_args(argv)
    component = load_component(args.component, encoder=args.encoder)
    if args.weights:
        states = [torch.load(path, map_location="cpu") for path in args.weights]
        mean = {k: sum(s[k].float() for s in states) / len(states) for k in states[0]}
        component.model.load_state_dict(mean, strict=False)
    save_component(component, args.out, args.encoder)
    fp32 = args.fp32 or args.out / "network.fp32.onnx"
    export_onnx(component.model, fp32)
    from training.quantise import quantise

    quantise(fp32, args.out / "network.onnx")
    if not args.fp32:
        fp32.unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
