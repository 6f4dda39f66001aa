"""The picture `vvipe plot map`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from vvipe.cli.latents import of_files
from vvipe.cli.staging import seen
from vvipe.cli.terminal import left_out
from vvipe.evaluation.protocols import evenly
from vvipe.formats.format import Poses
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import get_skeleton
from vvipe.view import space_map
from vvipe.view.palette import GROUPS

if TYPE_CHECKING:
    from vvipe.cli.plot import Options

MOST_POINTS = 5000
ALIKE_M = 0.06  # mean joint distance of poses that differ slightly
OTHERS = "others"


@dataclass(frozen=True)
class _Part:
    """A file's points of the space; its bodies (N, 17, 3) where the model decodes none."""

    name: str
    vectors: np.ndarray
    bodies: np.ndarray | None


def space(options: Options, model: Any) -> Figure:
    """All poses as points of a plane, with ten key poses."""
    parts, errors = of_files(
        lambda found, poses: _part(model, found, poses), [Path(options.input)], options.skeleton
    )
    for error in errors:
        left_out(error)
    vectors = np.concatenate([part.vectors for part in parts])
    rows = np.flatnonzero(np.isfinite(vectors).all(1))
    rows = rows[evenly(len(rows), MOST_POINTS)]
    names = np.repeat([part.name for part in parts], [len(part.vectors) for part in parts])[rows]
    bodies = [part.bodies for part in parts if part.bodies is not None]
    if bodies:
        lifted = np.concatenate(bodies)[rows]
        poses = Poses3D(lifted, get_skeleton("h36m17"), frame_of_reference="canonical")
    else:
        poses = model.decode(vectors[rows])
    return space_map(
        vectors[rows], poses, method=options.layout or "auto",
        examples=_examples(poses.positions),
        groups=by_beginning(names.tolist(), len(GROUPS)) if options.by_file else None,
    )  # fmt: skip


def _part(model: Any, found: Path, poses: Poses) -> _Part:
    if not model.embeds_3d:
        poses, _ = seen(poses, 0)
    vectors = model.embed(poses).vectors
    if hasattr(model, "decode"):
        return _Part(found.stem, vectors, None)
    assert isinstance(poses, Poses2D)
    return _Part(found.stem, vectors, model.lift(poses).positions)


def by_beginning(names: Sequence[str], most: int) -> list[str]:
    """A group for each name: as much of its beginning as leaves no more than `most` groups.

    Names are cut between their parts (`walk_fast_01`); what all have in common is left out. Where
    even the first parts differ too much, the most frequent are groups and the rest are `others`.
    """
    parts = [re.split(r"[_\s]+", name) for name in names]
    alike = takewhile(lambda level: len(set(level)) == 1, zip(*parts, strict=False))
    shared = len(list(alike))
    parts = [part[shared:] or part for part in parts]
    depths = range(max(map(len, parts)), 0, -1)
    tried = (["_".join(part[:depth]) for part in parts] for depth in depths)
    if fine_enough := next((groups for groups in tried if len(set(groups)) <= most), None):
        return fine_enough
    first = [part[0] for part in parts]
    frequent = {name for name, _ in Counter(first).most_common(most - 1)}
    return [name if name in frequent else OTHERS for name in first]


def _examples(bodies: np.ndarray) -> np.ndarray:
    """Two poses that are alike, not the same, and one that is unlike both."""
    first = bodies[len(bodies) // 2]
    apart = np.linalg.norm(bodies - first, axis=-1).mean(-1)
    alike = np.abs(apart - ALIKE_M).argmin()
    return np.array([len(bodies) // 2, alike, apart.argmax()])
