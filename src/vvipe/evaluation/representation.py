"""What the evaluator asks of a method, be it a network or a baseline."""

from __future__ import annotations

from typing import Any, Protocol, Self, runtime_checkable

import numpy as np

from vvipe.poses import Poses2D, Poses3D


class Embedded(Protocol):
    """What `embed` gives."""

    @property
    def vectors(self) -> np.ndarray:
        """(N, D), row i of pose i, NaN where there is no embedding."""
        ...

    def __len__(self) -> int: ...

    def __getitem__(self, key: Any, /) -> Self:
        """Selects rows."""
        ...


@runtime_checkable
class Representation(Protocol):
    """Embeds keypoints and says how far apart two embeddings are."""

    @property
    def name(self) -> str:
        """The row's name in tables."""
        ...

    def embed(self, poses: Poses2D, /) -> Embedded:
        """Embeds (N, J) keypoints."""
        ...

    def distance(self, a: Any, b: Any, /) -> np.ndarray:
        """N and m of its embeddings to (n, m) distances; smaller is nearer."""
        ...


@runtime_checkable
class Lifter(Protocol):
    """What lifts, mostly a representation too."""

    @property
    def name(self) -> str:
        """The row's name in tables."""
        ...

    def lift(self, poses: Poses2D, /, frame: str = "canonical") -> Poses3D:
        """Lifts (N, J) keypoints to h36m17 poses in the `canonical` or the `camera` frame."""
        ...


@runtime_checkable
class Embeds3D(Protocol):
    """A representation that says whether it embeds 3D poses too, into the same space."""

    @property
    def embeds_3d(self) -> bool:
        """Whether `embed` takes `Poses3D`."""
        ...

    def embed(self, poses: Poses2D | Poses3D, /) -> Embedded:
        """Embeds (N, J) keypoints or positions."""
        ...

    def distance(self, a: Any, b: Any, /) -> np.ndarray:
        """As that of a `Representation`."""
        ...


def rankings(model: Any) -> tuple[Any, ...]:
    """The model, and itself under its other rankings where it has any: a row each."""
    return (model, *(model.others() if hasattr(model, "others") else ()))
