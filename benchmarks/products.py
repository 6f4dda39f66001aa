"""The matrix products of a computation, recorded and done again alone: its bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

THIN = 16  # products thinner than this are geometry, bound by memory and not by arithmetic


class _Recorder(TorchDispatchMode):
    """Notes both factors of every product of two matrices: shape, strides and type."""

    def __init__(self) -> None:
        super().__init__()
        self.factors: list[tuple[Tensor, Tensor]] = []

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        name = func.overloadpacket.__name__
        if name in ("mm", "addmm"):
            self._note(*args[-2:])
        elif name == "linear":
            self._note(args[0], args[1].T)
        return func(*args, **(kwargs or {}))

    def _note(self, a: Tensor, b: Tensor) -> None:
        # The encoders see a single pose as a matrix of one row: that one counts however thin.
        if min(a.shape[-1], *b.shape) >= THIN:
            self.factors.append((_like(a), _like(b)))


def _like(tensor: Tensor) -> Tensor:
    """Another tensor of the same shape, strides and type."""
    shape, strides = tensor.shape, tensor.stride()
    if 0 in strides:  # drawn out from fewer numbers, which cannot be filled one by one
        return tensor.detach().clone()
    return torch.empty_strided(shape, strides, dtype=tensor.dtype, device=tensor.device).normal_()


def products_alone(work: Callable[[], object]) -> Callable[[], None]:
    """The matrix products that `work` does, and nothing else."""
    recorder = _Recorder()
    with recorder:
        work()
    assert recorder.factors, "no matrix product was recorded"

    @torch.inference_mode()
    def again() -> None:
        for a, b in recorder.factors:
            torch.mm(a, b)
        if a.is_cuda:
            torch.cuda.synchronize()

    return again
