"""How a goal moves in a box, exactly, for any whole or broken number of steps ahead or back.

A motion holds N goals at once and gives all their positions at given times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vvipe.errors import VvipeError


@dataclass(frozen=True)
class Box:
    """What walls enclose: from `low` to `high` on each of D axes, in metres.

    An axis may be flat, such as the height of what rolls on a table.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]

    def __post_init__(self) -> None:
        ordered = all(a <= b for a, b in zip(self.low, self.high, strict=False))
        if len(self.low) != len(self.high) or not ordered:
            raise VvipeError(
                "no box", expected="low <= high on every axis", got=f"{self.low}, {self.high}"
            )

    @property
    def size(self) -> np.ndarray:
        """(D,) lengths of the sides."""
        return np.subtract(self.high, self.low)

    def sample(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """(N, D) places, evenly spread."""
        return rng.uniform(self.low, self.high, (count, len(self.low)))

    def reflect(self, places: np.ndarray) -> np.ndarray:
        """(..., D) where elastic walls put what would otherwise have gone straight on."""
        size = np.where(self.size > 0, self.size, 1.0)
        along = np.mod(places - np.asarray(self.low), 2 * size)
        inside = self.low + np.minimum(along, 2 * size - along)
        return np.where(self.size > 0, inside, self.low)


class Motion(Protocol):
    """N goals that move."""

    def positions(self, steps: np.ndarray) -> np.ndarray:
        """(N, T, D) metres at (T,) steps from now, negative for the past."""
        ...


@dataclass(frozen=True)
class Bounce:
    """Straight on, thrown back by the walls.

    Attributes:
        box: The walls.
        start: (N, D) metres.
        velocity: (N, D) metres a step.
    """

    box: Box
    start: np.ndarray
    velocity: np.ndarray

    def positions(self, steps: np.ndarray) -> np.ndarray:
        """(N, T, D) metres."""
        way = self.velocity[:, None] * np.asarray(steps, float)[:, None]
        return self.box.reflect(self.start[:, None] + way)


@dataclass(frozen=True)
class Line:
    """To and fro between two places.

    Attributes:
        ends: (N, 2, D) metres.
        along: (N,) metres from the first end on the way to the other and back.
        speed: (N,) metres a step.
    """

    ends: np.ndarray
    along: np.ndarray
    speed: np.ndarray

    def positions(self, steps: np.ndarray) -> np.ndarray:
        """(N, T, D) metres."""
        first, way = self.ends[:, 0], self.ends[:, 1] - self.ends[:, 0]
        length = np.linalg.norm(way, axis=-1)[:, None]
        gone = np.mod(self.along[:, None] + self.speed[:, None] * np.asarray(steps), 2 * length)
        share = np.minimum(gone, 2 * length - gone) / length
        return first[:, None] + share[..., None] * way[:, None]


@dataclass(frozen=True)
class Circle:
    """Round and round in the plane of the first two axes.

    Attributes:
        centre: (N, D) metres.
        radius: (N,) metres.
        angle: (N,) radians at step 0.
        turn: (N,) radians a step.
    """

    centre: np.ndarray
    radius: np.ndarray
    angle: np.ndarray
    turn: np.ndarray

    def positions(self, steps: np.ndarray) -> np.ndarray:
        """(N, T, D) metres."""
        angle = self.angle[:, None] + self.turn[:, None] * np.asarray(steps, float)
        places = np.repeat(self.centre[:, None], angle.shape[1], axis=1)
        places[..., :2] += self.radius[:, None, None] * np.stack([np.cos(angle), np.sin(angle)], -1)
        return places


def sample_motion(
    kind: str, box: Box, speed: float | np.ndarray, count: int, rng: np.random.Generator
) -> Motion:
    """Goals that start anywhere in a box and go anywhere, level.

    Args:
        kind: `line`, `circle` or `bounce`.
        box: What they stay in.
        speed: Metres a step along the way, of all or of each (N,).
        count: How many.
        rng: Decides everything.

    Raises:
        VvipeError: No such motion.
    """
    if kind not in KINDS:
        raise VvipeError(f"unknown motion {kind!r}", expected=" or ".join(KINDS))
    return KINDS[kind](box, np.broadcast_to(np.asarray(speed, float), count), count, rng)


def _bounce(box: Box, speed: np.ndarray, count: int, rng: np.random.Generator) -> Motion:
    start, angle = box.sample(rng, count), rng.uniform(0, 2 * np.pi, count)
    velocity = np.zeros_like(start)
    velocity[:, :2] = speed[:, None] * np.stack([np.cos(angle), np.sin(angle)], -1)
    return Bounce(box, start, velocity)


def _line(box: Box, speed: np.ndarray, count: int, rng: np.random.Generator) -> Motion:
    ends = box.sample(rng, 2 * count).reshape(count, 2, -1)
    length = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=-1)
    return Line(ends, rng.uniform(0, 2 * length), speed)


def _circle(box: Box, speed: np.ndarray, count: int, rng: np.random.Generator) -> Motion:
    radius = rng.uniform(0.2, 0.5, count) * float(box.size[:2].min())
    margin = np.zeros((count, len(box.low)))
    margin[:, :2] = radius[:, None]
    centre = box.low + margin + rng.uniform(0, 1, margin.shape) * (box.size - 2 * margin)
    turn = rng.choice([-1.0, 1.0], count) * speed / radius
    return Circle(centre, radius, rng.uniform(0, 2 * np.pi, count), turn)


KINDS: dict[str, Callable[[Box, np.ndarray, int, np.random.Generator], Motion]] = {
    "line": _line,
    "circle": _circle,
    "bounce": _bounce,
}
