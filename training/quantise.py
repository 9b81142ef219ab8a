"""Int8 for the exported network, with the sensitive products left in fp32.

Usage::

    python -m training.quantise network.fp32.onnx extract/model/network.onnx
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

FP32_NODES: tuple[str, ...] = ()
"""Names of the products that stay in fp32."""


def quantise(source: Path, target: Path, *, keep: Sequence[str] = FP32_NODES) -> None:
    """Quantise the matrix products to int8, weights by channel, activations as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)  # It advises steps that change nothing here.
    quantize_dynamic(
        source,
        target,
        per_channel=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=list(keep),
    )


if __name__ == "__main__":
    quantise(Path(sys.argv[1]), Path(sys.argv[2]))
