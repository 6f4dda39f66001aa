"""The pictures of `vvipe plot`, by kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from vvipe.cli.inputs import pick_frame, read_rows, row_of_frame
from vvipe.cli.latents import embedded_pose
from vvipe.cli.map_picture import space
from vvipe.cli.picked import apart, folded, some
from vvipe.cli.pictures_around import hypotheses, points, sides
from vvipe.cli.staging import ALL_AROUND, H36M17, seen
from vvipe.errors import VvipeError
from vvipe.evaluation.compare import canonical_poses
from vvipe.geometry.matching import KAPPA, match_distance
from vvipe.models.inputs import torso_m
from vvipe.models.vvipe import ALPHAS
from vvipe.poses import Poses2D, Poses3D
from vvipe.view import (
    canonical_figure,
    contact_sheet,
    interpolation_figure,
    lifting_figure,
    retrieval_figure,
    variants_figure,
    views_figure,
)
from vvipe.view.figures.lifting import root_aligned_errors_mm

if TYPE_CHECKING:
    from vvipe.cli.plot import Options

FOUND, QUERIES, LIFTED, ALONG, STEPS, SEEN, ALIGNED = 5, 3, 4, 10, 8, 2, 6
MOST_QUERIES = 500  # of which the worst are shown
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
    gap = round(FOLD_S * (among.fps or 30))
    distances = model.distance(embedded[rows], model.embed(among))
    if among is query:  # its own moment is no find
        near = np.abs(np.arange(len(among)) - rows[:, None]) <= gap
        distances = np.where(near, np.nan, distances)
    found = folded(distances, gap, options.count or FOUND)
    hits, errors_mm, title = None, None, "The same pose, found from another side"
    if among is query:
        title = "The same pose, found at other moments"
    if query_3d is not None and among_3d is not None:
        pairs = query_3d.positions[rows][:, None], among_3d.positions[found]
        off = match_distance(*np.broadcast_arrays(*pairs))
        if options.worst:
            errors = np.full(len(query), np.nan)
            errors[rows] = off[:, 0]
            worst = np.searchsorted(rows, apart(errors, gap, QUERIES))
            rows, found, distances, off = (x[worst] for x in (rows, found, distances, off))
            title = "Where retrieval fails: the queries whose best find is furthest off"
        hits, errors_mm = off < KAPPA, 1000 * torso_m() * off
    elif options.worst:
        raise VvipeError("--worst needs the true poses", where=path, hint="3D motion as the input")
    return retrieval_figure(
        query[rows], Poses2D(among.coords[found], among.skeleton),
        np.take_along_axis(distances, found, 1), hits,
        None if query_3d is None else query_3d[rows],
        None if among_3d is None else Poses3D(among_3d.coords[found], among_3d.skeleton),
        title, errors_mm=errors_mm,
    )  # fmt: skip


def lift(options: Options, model: Any) -> Figure:
    """Keypoints, the lifted body and, where it is known, the true one."""
    poses = pick_frame(read_rows(Path(options.input), options.skeleton), options.frame)
    keypoints, true = seen(poses, 0)
    if options.true is not None:
        true = _true(options.true, keypoints, options.frame)
    lifted, count = model.lift(keypoints), options.count or LIFTED
    picked = some(_whole(lifted.positions), count, poses.source)
    if true is None:
        if options.worst:
            raise VvipeError("--worst needs the true poses", where=poses.source, hint="--true")
        return contact_sheet(keypoints[picked], lifted[picked], title="Lifted from one picture")
    canonical = replace(lifted, coords=canonical_poses(model, true))
    if not options.worst:
        return lifting_figure(keypoints[picked], lifted[picked], canonical[picked])
    gap = round(FOLD_S * (keypoints.fps or 30))
    picked = apart(root_aligned_errors_mm(lifted, canonical), gap, count)
    return lifting_figure(
        keypoints[picked], lifted[picked], canonical[picked], title="Where lifting fails"
    )


def views(options: Options, model: Any) -> Figure:
    """Poses as four cameras around them see them, and as each view is lifted."""
    poses = pick_frame(read_rows(Path(options.input), options.skeleton), options.frame)
    if not isinstance(poses, Poses3D):
        raise VvipeError("views needs 3D poses", where=poses.source, got="2D keypoints")
    filmed = [seen(poses, camera, ALL_AROUND) for camera in ALL_AROUND]
    world = filmed[0][1]
    assert world is not None
    lifted = [model.lift(keypoints) for keypoints, _ in filmed]
    true = replace(lifted[0], coords=canonical_poses(model, world))
    errors_mm = np.stack([root_aligned_errors_mm(x, true) for x in lifted], 1)
    count = options.count or SEEN
    picked = some(_whole(errors_mm), count, poses.source)
    if options.worst:
        picked = apart(errors_mm.max(1), round(FOLD_S * (poses.fps or 30)), count)
    return views_figure(
        world[picked], true[picked], [keypoints[picked] for keypoints, _ in filmed],
        [x[picked] for x in lifted], errors_mm[picked],
    )  # fmt: skip


def canonical(options: Options, model: Any) -> Figure:
    """Poses before and after they are put into the canonical frame; 2D ones are lifted."""
    poses = read_rows(Path(options.input), options.skeleton)
    before = model.lift(poses, frame="camera") if isinstance(poses, Poses2D) else poses
    after = canonical_poses(model, poses)
    picked = some(_whole(after), options.count or ALIGNED, poses.source)
    aligned = Poses3D(after[picked], H36M17, frame_of_reference="canonical")
    return canonical_figure(before[picked], aligned)


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


def sequence(options: Options, model: Any) -> Figure:
    """Keypoints and bodies along a clip: lifted ones, or the recorded ones of 3D input."""
    keypoints, recorded = seen(read_rows(Path(options.input), options.skeleton), 0)
    bodies = model.lift(keypoints) if recorded is None else recorded
    title = "A sequence, lifted" if recorded is None else "A sequence, as recorded and filmed"
    return contact_sheet(keypoints, bodies, count=options.count or ALONG, title=title)


DRAW: dict[str, Callable[[Options, Any], Figure]] = {
    "retrieval": retrieval,
    "lift": lift,
    "views": views,
    "canonical": canonical,
    "interpolation": interpolation,
    "variants": variants,
    "map": space,
    "sequence": sequence,
    "sides": sides,
    "points": points,
    "hypotheses": hypotheses,
}


def _whole(values: np.ndarray) -> np.ndarray:
    """(N,) bool: nothing of a row is NaN."""
    return np.array(np.isfinite(values.reshape(len(values), -1)).all(1))


def _queries(query: Poses2D, vectors: np.ndarray, options: Options) -> np.ndarray:
    usable = np.isfinite(vectors[:, 0])
    if options.frame is not None:
        row = row_of_frame(query, options.frame)
        usable[:row] = usable[row + 1 :] = False
    return some(usable, MOST_QUERIES if options.worst else QUERIES, query.source)


def _true(path: Path, keypoints: Poses2D, frame: int | None) -> Poses3D:
    true = pick_frame(read_rows(path), frame)
    if not isinstance(true, Poses3D) or len(true) != len(keypoints):
        raise VvipeError(
            "not the true poses of the keypoints", where=path,
            expected=f"{len(keypoints)} 3D poses", got=f"{len(true)} of {true.coords.shape[-1]}D",
        )  # fmt: skip
    return true
