"""The pictures of `vvipe plot`, by kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from vvipe.cli.inputs import pick_frame, read_rows, row_of_frame
from vvipe.cli.latents import embedded_files, embedded_pose
from vvipe.cli.staging import seen
from vvipe.cli.terminal import left_out
from vvipe.errors import VvipeError
from vvipe.evaluation.compare import canonical_poses
from vvipe.evaluation.protocols import evenly
from vvipe.geometry.matching import KAPPA, match_distance
from vvipe.models.vvipe import ALPHAS
from vvipe.poses import Poses2D, Poses3D
from vvipe.view import (
    contact_sheet,
    interpolation_figure,
    lifting_figure,
    retrieval_figure,
    space_map,
    variants_figure,
)

if TYPE_CHECKING:
    from vvipe.cli.plot import Options

FOUND, QUERIES, LIFTED, ALONG, STEPS, MOST_POINTS = 5, 3, 4, 10, 8, 5000
FOLD_S = 0.5  # of frames nearer in time than this only the best is shown


def retrieval(options: Options, model: Any) -> Figure:
    """Queries beside what is nearest to them; with 3D input, also whether it is the same pose."""
    path = Path(options.input)
    poses = read_rows(path, options.skeleton)
    query, query_3d = seen(poses, 0)
    others = read_rows(options.among, options.skeleton) if options.among else poses
    among, among_3d = seen(others, 1)
    embedded = model.embed(query)
    rows = _queries(query, embedded.vectors, options)
    distances = model.distance(embedded[rows], model.embed(among))
    gap = round(FOLD_S * (among.fps or 30))
    if among is query:  # its own moment is no find
        near = np.abs(np.arange(len(among)) - rows[:, None]) <= gap
        distances = np.where(near, np.nan, distances)
    found = _folded(distances, gap, options.count or FOUND)
    hits, title = None, "The same pose, found from another side"
    if among is query:
        title = "The same pose, found at other moments"
    if query_3d is not None and among_3d is not None:
        pairs = query_3d.positions[rows][:, None], among_3d.positions[found]
        hits = match_distance(*np.broadcast_arrays(*pairs)) < KAPPA
    return retrieval_figure(
        query[rows], Poses2D(among.coords[found], among.skeleton),
        np.take_along_axis(distances, found, 1), hits,
        None if query_3d is None else query_3d[rows],
        None if among_3d is None else Poses3D(among_3d.coords[found], among_3d.skeleton),
        title,
    )  # fmt: skip


def lift(options: Options, model: Any) -> Figure:
    """Keypoints, the lifted body and, where it is known, the true one."""
    poses = pick_frame(read_rows(Path(options.input), options.skeleton), options.frame)
    keypoints, true = seen(poses, 0)
    if options.true is not None:
        true = _true(options.true, keypoints, options.frame)
    lifted = model.lift(keypoints)
    picked = _some(np.isfinite(lifted.positions).all((1, 2)), options.count or LIFTED, poses.source)
    if true is None:
        return contact_sheet(keypoints[picked], lifted[picked], title="Lifted from one picture")
    canonical = Poses3D(
        canonical_poses(model, true)[picked], lifted.skeleton, frame_of_reference="canonical"
    )
    return lifting_figure(keypoints[picked], lifted[picked], canonical)


def interpolation(options: Options, model: Any) -> Figure:
    """A strip of bodies from one pose to another."""
    start = embedded_pose(model, options.input, options.frame, options.skeleton)[0]
    end = embedded_pose(
        model, options.to or options.input, options.frame_to, options.skeleton, last=True
    )
    steps = max(2, options.count or STEPS)
    return interpolation_figure(model.decode(model.interpolate(start, end[0], steps)))


def variants(options: Options, model: Any) -> Figure:
    """Bodies around one, for the paper's four strengths of noise."""
    start = embedded_pose(model, options.input, options.frame, options.skeleton)[0]
    around = model.generate(start, ALPHAS, directions=options.count or 2)
    return variants_figure(model.decode(start), model.decode(around), ALPHAS)


def space(options: Options, model: Any) -> Figure:
    """All poses as points of a plane, with ten key poses."""
    parts, errors = embedded_files(model, [Path(options.input)], options.skeleton)
    for error in errors:
        left_out(error)
    vectors = np.concatenate([part.vectors for part in parts])
    vectors = vectors[np.isfinite(vectors).all(1)]
    vectors = vectors[evenly(len(vectors), MOST_POINTS)]
    return space_map(vectors, model.decode(vectors))


def sequence(options: Options, model: Any) -> Figure:
    """Keypoints and bodies along a clip: lifted ones, or the recorded ones of 3D input."""
    keypoints, recorded = seen(read_rows(Path(options.input), options.skeleton), 0)
    bodies = model.lift(keypoints) if recorded is None else recorded
    title = "A sequence, lifted" if recorded is None else "A sequence, as recorded and filmed"
    return contact_sheet(keypoints, bodies, count=options.count or ALONG, title=title)


DRAW: dict[str, Callable[[Options, Any], Figure]] = {
    "retrieval": retrieval,
    "lift": lift,
    "interpolation": interpolation,
    "variants": variants,
    "map": space,
    "sequence": sequence,
}


def _queries(query: Poses2D, vectors: np.ndarray, options: Options) -> np.ndarray:
    usable = np.isfinite(vectors[:, 0])
    if options.frame is not None:
        row = row_of_frame(query, options.frame)
        usable[:row] = usable[row + 1 :] = False
    return _some(usable, QUERIES, query.source)


def _some(usable: np.ndarray, most: int, source: str) -> np.ndarray:
    rows = np.flatnonzero(usable)
    if not len(rows):
        raise VvipeError("too few joints are seen to embed a pose", where=source)
    return rows[evenly(len(rows), most)]


def _folded(distances: np.ndarray, gap: int, count: int) -> np.ndarray:
    """(Q, k) nearest columns, no two of them within `gap` of each other; k is `count` or less."""
    rows: list[list[int]] = []
    for row in distances:
        picked: list[int] = []
        for j in np.argsort(row, kind="stable"):
            if np.isfinite(row[j]) and all(abs(j - p) > gap for p in picked):
                picked.append(int(j))
            if len(picked) == count:
                break
        rows.append(picked)
    k = min(map(len, rows))
    if not k:
        raise VvipeError("nothing to be found", hint="name other poses by --among")
    return np.array([r[:k] for r in rows])


def _true(path: Path, keypoints: Poses2D, frame: int | None) -> Poses3D:
    true = pick_frame(read_rows(path), frame)
    if not isinstance(true, Poses3D) or len(true) != len(keypoints):
        raise VvipeError(
            "not the true poses of the keypoints", where=path,
            expected=f"{len(keypoints)} 3D poses", got=f"{len(true)} of {true.coords.shape[-1]}D",
        )  # fmt: skip
    return true
