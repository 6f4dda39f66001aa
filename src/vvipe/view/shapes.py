"""Outlines in the plane: tapered limbs with round ends, and hulls of discs."""

from __future__ import annotations

import numpy as np

Point = tuple[float, ...]  # plain numbers: one by one they are quicker than arrays
_ARC = 14  # points on a round end


def disc(centre: np.ndarray, radius: float) -> np.ndarray:
    """(2 * _ARC, 2) outline of a circle."""
    angle = np.linspace(0, 2 * np.pi, 2 * _ARC, endpoint=False)
    return centre + radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def capsule(a: np.ndarray, b: np.ndarray, radius_a: float, radius_b: float) -> np.ndarray:
    """(2 * _ARC, 2) outline of two discs and the strip between them, counter-clockwise."""
    along = b - a
    length = float(np.hypot(*along))
    if length <= abs(radius_a - radius_b):
        return disc(a, radius_a) if radius_a >= radius_b else disc(b, radius_b)
    heading = np.arctan2(along[1], along[0])
    tangent = np.arccos((radius_a - radius_b) / length)
    around_b = np.linspace(heading - tangent, heading + tangent, _ARC)
    around_a = np.linspace(heading + tangent, heading + 2 * np.pi - tangent, _ARC)
    unit_b = np.stack([np.cos(around_b), np.sin(around_b)], axis=-1)
    unit_a = np.stack([np.cos(around_a), np.sin(around_a)], axis=-1)
    return np.concatenate([b + radius_b * unit_b, a + radius_a * unit_a])


def hull(outlines: list[np.ndarray]) -> np.ndarray:
    """Convex hull of outlines, counter-clockwise (Andrew's monotone chain)."""
    points = sorted(map(tuple, np.concatenate(outlines).tolist()))
    return np.array([*_half(points)[:-1], *_half(points[::-1])[:-1]])


def _half(points: list[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
