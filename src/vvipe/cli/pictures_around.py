"""The pictures of `vvipe plot` that look at a lifted body from other sides than its camera did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from vvipe.cli.inputs import read_rows, row_of_frame
from vvipe.cli.picked import some
from vvipe.cli.staging import seen
from vvipe.errors import VvipeError
from vvipe.geometry.canonical import rotate
from vvipe.geometry.turning import yawed
from vvipe.poses import Poses2D, Poses3D
from vvipe.view import hypotheses_figure, points_figure, sides_figure
from vvipe.view.level import before_camera, elevation_rad

if TYPE_CHECKING:
    from vvipe.cli.plot import Options

POSES, SAMPLES = 2, 5
AROUND_DEG = (0, 45, 90, 135, 180, 225, 270, 315)


def sides(options: Options, model: Any) -> Figure:
    """Poses lifted, turned about the vertical and projected again."""
    keypoints, lifted, elevations = _lifted(options, model, options.count or 1)
    return sides_figure(keypoints, lifted, elevations)


def hypotheses(options: Options, model: Any) -> Figure:
    """Poses lifted, and lifted again from samples of the latent space."""
    scale = 1.0 if options.scale is None else options.scale
    if not 0 < scale < float("inf"):
        raise VvipeError("--scale must be positive", got=scale)
    keypoints, lifted, elevations = _lifted(options, model, POSES)
    samples = model.hypotheses(keypoints, options.count or SAMPLES, scale=scale)
    return hypotheses_figure(keypoints, lifted, samples, elevations)


def points(options: Options, model: Any) -> Figure:
    """Views made of one view, the points that they are made of, and the lifted body."""
    keypoints, lifted, _ = _lifted(options, model, options.count or 1)
    turns = np.stack([yawed(np.eye(3), angle).T for angle in np.radians(AROUND_DEG)])
    clouds = rotate(turns, model.points(keypoints)[:, None])
    bodies = rotate(turns, before_camera(lifted)[0].positions[:, None])
    views = np.stack([model.turned_views(keypoints, turn) for turn in turns], axis=1)
    around = Poses3D(bodies, lifted.skeleton, frame_of_reference="camera")
    return points_figure(keypoints, views, clouds, around, AROUND_DEG)


def _lifted(options: Options, model: Any, count: int) -> tuple[Poses2D, Poses3D, np.ndarray]:
    """Some keypoints, their bodies in the camera's frame, (N,) how far the camera looks down.

    A model that tells no elevations leaves it to all who stand in the file.
    """
    keypoints, _ = seen(read_rows(Path(options.input), options.skeleton), 0)
    lifted = model.lift(keypoints, frame="camera")
    if hasattr(model, "elevation"):
        elevations = model.elevation(keypoints)
    else:
        elevations = np.full(len(keypoints), elevation_rad(before_camera(lifted)[0]))
    usable = np.isfinite(lifted.positions).all((1, 2))
    if options.frame is not None:
        row = row_of_frame(keypoints, options.frame)
        usable[:row] = usable[row + 1 :] = False
    # The first and last moments of a recording are seldom worth a look.
    rows = some(usable, count + 2, keypoints.source)
    rows = rows[1:-1] if len(rows) > 2 else rows[:count]
    return keypoints[rows], lifted[rows], elevations[rows]
