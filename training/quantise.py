"""Int8 for the exported network, with the sensitive products left in fp32.

Activations are quantised as they come, one scale a tensor. Behind the activation function
of some layers a few channels are a hundred times larger than the rest, and all others are
rounded away: with the second feed-forward products of layers 0, 1, 2, 4 and 5 in fp32 the
divergence from the fp32 network falls to less than half, at a fifth more time and 3 MB.

Weights take seven bits (ONNX Runtime's advice for processors without VNNI, which add two
products of bytes in 16 bits and cut off what does not fit). With eight, the same documents
gave other names on a processor without VNNI than on one with it.

Usage::

    python -m training.quantise network.fp32.onnx extract/model/network.onnx
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

SENSITIVE = (0, 1, 2, 4, 5)
"""Layers whose second feed-forward product stays in fp32."""


def narrowing_products(path: Path) -> list[str]:
    """Names of the products that narrow the feed-forward layers, in their order."""
    import onnx

    graph = onnx.load(path).graph
    shapes = {weight.name: tuple(weight.dims) for weight in graph.initializer}
    names = []
    for node in graph.node:
        shape = shapes.get(node.input[1], ()) if node.op_type == "MatMul" else ()
        # The classifier narrows too, to the tags.
        if len(shape) == 2 and shape[0] > shape[1] > 100:
            names.append(node.name)
    return names


def quantise(source: Path, target: Path, *, sensitive=SENSITIVE) -> None:
    """Quantise the matrix products to int8, weights by channel, activations as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)  # It advises steps that change nothing here.
    products = narrowing_products(source)
    kept = [products[layer] for layer in sensitive if layer < len(products)]
    quantize_dynamic(
        source,
        target,
        per_channel=True,
        weight_type=QuantType.QInt8,
        reduce_range=True,
        nodes_to_exclude=kept,
    )
    _store_in_halves(target, kept)


def _store_in_halves(path: Path, nodes: list[str]) -> None:
    """Store the weights of some products in half precision; they are computed in fp32.

    The runtime widens them once, when it loads the network.
    """
    import numpy as np
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(path)
    weights = {weight.name: weight for weight in model.graph.initializer}
    for node in [node for node in model.graph.node if node.name in nodes]:
        weight = weights[node.input[1]]
        halves = numpy_helper.to_array(weight).astype(np.float16)
        model.graph.initializer.remove(weight)
        model.graph.initializer.append(numpy_helper.from_array(halves, weight.name + "_half"))
        widen = helper.make_node("Cast", [weight.name + "_half"], [weight.name], to=1)
        model.graph.node.insert(0, widen)
    onnx.save(model, path)


if __name__ == "__main__":
    quantise(Path(sys.argv[1]), Path(sys.argv[2]))
