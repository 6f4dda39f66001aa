"""What the evaluator asks of a method, be it a network or a baseline."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np

from vvipe.poses import Poses2D, Poses3D


class Embedded(Protocol):
    """What `embed` gives."""

    @property
    def vectors(self) -> np.ndarray:
        """(N, D), row i of pose i, NaN where there is no embedding."""
        ...


class Representation(Protocol):
    """Embeds keypoints and says how far apart two embeddings are."""

    @property
    def name(self) -> str:
        """The row's name in tables."""
        ...

    def embed(self, poses: Poses2D, /) -> Embedded:
        """Embeds (N, J) keypoints."""
        ...

    def distance(self, a: np.ndarray, b: np.ndarray, /) -> np.ndarray:
        """(n, D) and (m, D) vectors to (n, m) distances; smaller is nearer."""
        ...


@runtime_checkable
class Lifter(Protocol):
    """A representation that also lifts."""

    def lift(self, poses: Poses2D, /, frame: str = "canonical") -> Poses3D:
        """Lifts (N, J) keypoints to h36m17 poses in the `canonical` or the `camera` frame."""
        ...
