"""Runs a network over the rows that can be used; the others come back as NaN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

CHUNK = 4096  # poses that pass a network at once


def run(
    network: Callable[..., Any], usable: np.ndarray, *inputs: np.ndarray, at_once: int = CHUNK
) -> list[np.ndarray]:
    """Outputs of a network, chunk by chunk, one array (N, …) for each.

    Args:
        network: Tensors in, one tensor or a tuple of them out, rows independent of each other.
        usable: (N,) bool.
        inputs: (N, …) each.
        at_once: Rows that pass it at once.
    """
    rows = np.flatnonzero(usable)
    outputs: list[np.ndarray] = []
    with torch.inference_mode():
        # One row at least, so that the shape of the outputs is known when no pose is usable.
        for chunk in np.array_split(rows, max(1, -(-len(rows) // at_once))):
            tensors = [torch.from_numpy(np.ascontiguousarray(x[chunk], np.float32)) for x in inputs]
            results = network(*tensors)
            results = results if isinstance(results, tuple) else (results,)
            if not outputs:
                outputs = [
                    np.full((len(usable), *r.shape[1:]), np.nan, np.float32) for r in results
                ]
            for output, result in zip(outputs, results, strict=True):
                output[chunk] = result.numpy()
    return outputs
