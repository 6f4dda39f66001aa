"""Another recording that plays beside the one that is open, aligned with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.evaluation.compare import ANGLES, joint_angles_deg
from vvipe.library.performances import performances
from vvipe.models.inputs import H36M17
from vvipe.viewer.recording import Recording

NOBODY = -1


@dataclass(frozen=True, eq=False)
class Partner:
    """Which row of another recording belongs to each row of the open one.

    Attributes:
        recording: The other one.
        rows: (N,) its rows, `NOBODY` where it has none for that moment.
        note: How the two were laid over each other.
        distance: (N,) of the embeddings, NaN where there is none; None where it is not asked for.
        deg: (N, 8) its joint angles less those of the open one, in the order of `ANGLES`.
        mm: (N, 17) distances of joints in the canonical frame.
    """

    recording: Recording
    rows: np.ndarray
    note: str
    distance: np.ndarray | None = None
    deg: np.ndarray | None = None
    mm: np.ndarray | None = None

    def body(self, row: int) -> np.ndarray | None:
        """(17, 3) the body that belongs to a row of the open recording."""
        other = self.rows[row]
        return None if other == NOBODY else self.recording.bodies[other]

    def worst(self, count: int, apart: int = 10) -> list[int]:
        """Rows at which the two differ most, worst first, none of them near another."""
        found: list[int] = []
        if self.distance is not None:
            for row in np.argsort(-np.nan_to_num(self.distance, nan=-1)):
                enough = np.isfinite(self.distance[row])
                if enough and all(abs(row - other) >= apart for other in found):
                    found.append(int(row))
                if len(found) == count:
                    break
        return found

    def joints(self, row: int, count: int) -> list[tuple[str, float, float | None]]:
        """Joints that are furthest apart at a row: name, millimetres and degrees."""
        if self.mm is None or self.deg is None or not np.isfinite(self.mm[row]).any():
            return []
        order = np.argsort(-np.nan_to_num(self.mm[row], nan=-1))[:count]
        angles = dict(zip(ANGLES, self.deg[row], strict=True))
        names = [H36M17.joints[i] for i in order]
        return [
            (name, float(self.mm[row, i]), _finite(angles.get(name)))
            for name, i in zip(names, order, strict=True)
        ]


def passage(
    recording: Recording, first: int, last: int, other: Recording, note: str = ""
) -> Partner:
    """A passage that was found, laid evenly over the rows that were searched for."""
    rows = np.full(len(recording), NOBODY)
    span = np.linspace(0, len(other) - 1, last - first + 1)
    rows[first : last + 1] = span.round().astype(int)
    return Partner(other, rows, note)


def aligned(model: Any, recording: Recording, other: Recording) -> Partner:
    """Another performance, laid over the open one along the way in which they agree.

    Raises:
        VvipeError: Too little is seen in one of them.
    """
    tracks = [(r.embeddings.vectors, r.times_s) for r in (recording, other)]
    for (vectors, _), one in zip(tracks, (recording, other), strict=True):
        if np.isfinite(vectors).all(1).sum() < 2:
            raise VvipeError("too few joints are seen to align this", where=one.name)
    found = performances(*tracks)
    if found is None:
        share = (recording.times_s - recording.times_s[0]) / max(np.ptp(recording.times_s), 1e-9)
        instants = other.times_s[0] + share * np.ptp(other.times_s)
        note = "nothing in common was found: laid over each other by their duration"
    else:
        instants = found.at(recording.times_s)
        kind = "one movement" if found.reliable else "perhaps not one movement"
        note = f"aligned, {kind} (confidence {found.confidence:.2f})"
    rows = _nearest(other.times_s, instants)
    return _measured(model, recording, Partner(other, rows, note))


def _nearest(times_s: np.ndarray, instants: np.ndarray) -> np.ndarray:
    known = np.isfinite(instants)
    rows = np.interp(np.where(known, instants, times_s[0]), times_s, np.arange(len(times_s)))
    return np.where(known, rows.round().astype(int), NOBODY)


def _measured(model: Any, recording: Recording, partner: Partner) -> Partner:
    shared = np.flatnonzero(partner.rows != NOBODY)
    other = partner.rows[shared]
    distance = np.full(len(recording), np.nan)
    a, b = recording.embeddings, partner.recording.embeddings
    for row, beside in zip(shared, other, strict=True):
        distance[row] = np.asarray(model.distance(a[[row]], b[[beside]]))[0, 0]
    deg, mm = (np.full((len(recording), n), np.nan) for n in (len(ANGLES), len(H36M17)))
    body_a, body_b = recording.bodies[shared], partner.recording.bodies[other]
    deg[shared] = joint_angles_deg(body_b) - joint_angles_deg(body_a)
    mm[shared] = 1000 * np.linalg.norm(body_a - body_b, axis=-1)
    return Partner(partner.recording, partner.rows, partner.note, distance, deg, mm)


def _finite(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)
