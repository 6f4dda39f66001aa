"""Hit@1 as joints go missing, keypoints get noisy, and the two cameras move apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from vvipe.evaluation import Protocol, Representation, evaluate
from vvipe.evaluation.protocols import project, thinned
from vvipe.geometry.keypoints import centred_square
from vvipe.geometry.layouts import Layout
from vvipe.poses import Poses2D

POSES = 500  # of a protocol, evenly spaced
CAMERAS = 4
MISSING = (0, 1, 2, 3, 4)
NOISE = (0.0, 0.02, 0.05, 0.1)
AZIMUTH_DEG = (15, 30, 60, 90, 120, 150, 180)
ELEVATION_DEG = (15, 30, 45, 60)
DISTANCE_M, PELVIS_M = 4.0, 0.95


def curves_of(model: Representation, protocol: Protocol) -> Iterator[dict[str, Any]]:
    """One mapping a curve: `model`, `what`, `x` and `hit@1` in percent.

    `missing`: joints that each view loses, drawn at random; `query`: that the query alone loses.
    `noise`: Gaussian, in units of the pose's RMS size. `azimuth`, `elevation`: degrees between the
    two cameras, the first of them at the height of the pelvis.
    """
    few = thinned(protocol, POSES)
    some = replace(few, groups={"all": tuple(p for p in few.groups["all"] if max(p) < CAMERAS)})
    by_view = {
        "query": {x: (partial(with_missing, count=x), project) for x in MISSING},
        "missing": {x: (partial(with_missing, count=x), None) for x in MISSING},
        "noise": {x: (partial(with_noise, share=x), None) for x in NOISE},
    }
    for what, views in by_view.items():
        yield _curve(model, what, {x: _hit(model, some, *view) for x, view in views.items()})
    for what, degrees in (("azimuth", AZIMUTH_DEG), ("elevation", ELEVATION_DEG)):
        rows = evaluate(model, turned(few, what, degrees), ks=(1,), lifting=False)
        yield _curve(model, what, {float(row.views): row.hits[1] for row in rows})


def turned(protocol: Protocol, what: str, degrees: tuple[int, ...]) -> Protocol:
    """The poses before one camera in front of the world and one at each angle from it."""
    angles = np.radians([0, *degrees])
    azimuth, elevation = (angles, 0 * angles) if what == "azimuth" else (0 * angles, angles)
    centres = DISTANCE_M * np.stack([
        np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation),
    ], -1) + [0, 0, PELVIS_M]  # fmt: skip
    layout = Layout(what, centres, np.ones(len(centres), bool), (1000, 1000))
    groups = {str(x): ((0, i), (i, 0)) for i, x in enumerate(degrees, 1)}
    return replace(protocol, name=f"{protocol.name} {what}", layout=layout, groups=groups)


def with_missing(protocol: Protocol, camera_index: int, count: int) -> Poses2D:
    """What a camera sees, every view without `count` joints drawn at random."""
    poses = project(protocol, camera_index)
    order = np.random.default_rng([camera_index, count]).random(poses.coords.shape[:2]).argsort(1)
    return replace(poses, coords=np.where((order < count)[..., None], np.nan, poses.keypoints))


def with_noise(protocol: Protocol, camera_index: int, share: float) -> Poses2D:
    """What a camera sees, every keypoint off by Gaussian noise of `share` of the RMS size."""
    poses = project(protocol, camera_index)
    size = np.sqrt(centred_square(poses.keypoints, poses.mask)[1])
    noise = np.random.default_rng(camera_index).standard_normal(poses.keypoints.shape)
    return replace(poses, coords=poses.keypoints + share * size * noise)


def _hit(
    model: Representation, protocol: Protocol, view: Callable[[Protocol, int], Poses2D],
    searched: Callable[[Protocol, int], Poses2D] | None = None,
) -> float:  # fmt: skip
    rows = evaluate(model, protocol, ks=(1,), view=view, searched=searched, lifting=False)
    return rows[0].hits[1]


def _curve(model: Representation, what: str, points: Mapping[float, float]) -> dict[str, Any]:
    hits = [round(hit, 2) for hit in points.values()]
    return {"model": model.name, "what": what, "x": list(points), "hit@1": hits}
