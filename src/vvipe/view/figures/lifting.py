"""Lifted poses against the true ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from vvipe.errors import VvipeError
from vvipe.poses import Poses2D, Poses3D
from vvipe.view.body import Joints
from vvipe.view.draw import draw_pose_2d, draw_projected, upright_joints, view_of
from vvipe.view.look import GHOST_STICKS, STICKS
from vvipe.view.paint import Box
from vvipe.view.palette import INK, MISS, PANEL
from vvipe.view.sheet import Sheet, union
from vvipe.view.viewpoint import FRONT, SIDE, Projection, View

WIDTH, HEIGHT, TEXT = 1.75, 2.0, 0.3
COLUMNS = ("2D keypoints", "lifted", "true", "overlaid, front", "overlaid, left")


def lifting_figure(
    keypoints: Poses2D,
    lifted: Poses3D,
    true: Poses3D,
    errors_mm: np.ndarray | None = None,
    title: str | None = "Lifted from one picture",
    subtitle: str | None = "Colour: lifted; grey: true; red: what is between them",
) -> Figure:
    """Draws N poses, one a row: the keypoints, the lifted and the true body, and both overlaid.

    Args:
        keypoints: (N, J, 2) what was lifted.
        lifted: (N, K, 3) and `true` (N, K, 3): one skeleton and one frame of reference.
        true: See `lifted`. Both are put root on root.
        errors_mm: (N,) written beside each row; None: the mean joint distance, root on root.
        title: Heading of the figure; None: none.
        subtitle: A line beneath the title.

    Raises:
        VvipeError: The poses differ in number, skeleton or frame of reference.
    """
    _check_pairs(keypoints, lifted, true)
    errors_mm = root_aligned_errors_mm(lifted, true) if errors_mm is None else errors_mm
    n = len(lifted)
    sheet = Sheet([WIDTH] * 5, [TEXT, *[HEIGHT, TEXT] * n], title=title, subtitle=subtitle)
    for column, name in enumerate(COLUMNS):
        sheet.heading(0, column, name)
    for i in range(n):
        row = 1 + 2 * i
        ax = sheet.panel(row, 0, fill=PANEL)
        sheet.fit(ax, row, 0, draw_pose_2d(ax, keypoints.coords[i], keypoints.skeleton), pad=0.12)
        bodies = [_rooted(poses, i) for poses in (lifted, true)]
        _draw_bodies(sheet, row, bodies, lifted.frame_of_reference)
        if np.isfinite(errors_mm[i]):
            text = f"mean joint error {errors_mm[i]:.0f} mm"
            sheet.label(row + 1, 3, text, INK, columns=2)
    return sheet.figure


def root_aligned_errors_mm(lifted: Poses3D, true: Poses3D) -> np.ndarray:
    """(...) mean distance of the joints that both have, millimetres, hip on hip."""
    a, b = (p.positions - p.joint("hip")[..., None, :] for p in (lifted, true))
    distance = np.linalg.norm(a - b, axis=-1)
    seen = np.isfinite(distance)
    total = np.where(seen, distance, 0).sum(axis=-1)
    return 1000 * np.where(seen.any(-1), total / np.maximum(seen.sum(-1), 1), np.nan)


def _draw_bodies(sheet: Sheet, row: int, bodies: list[Joints], frame_of_reference: str) -> None:
    lifted, true = bodies
    if not (lifted and true):
        for column in range(1, 5):
            sheet.fit(sheet.panel(row, column), row, column, None)
        return
    axes: list[Axes] = [sheet.panel(row, column) for column in range(1, 5)]
    default = _shared_view(true, frame_of_reference, None)
    boxes = [draw_projected(ax, body, default) for ax, body in zip(axes, bodies, strict=False)]
    for ax, view in zip(axes[2:], (FRONT, SIDE), strict=True):
        seen_from = _shared_view(true, frame_of_reference, view)
        boxes += _overlay(ax, lifted, true, seen_from)
    shared = union(boxes)
    for column, ax in enumerate(axes, start=1):
        sheet.fit(ax, row, column, shared)


def _overlay(ax: Axes, lifted: Joints, true: Joints, seen_from: Projection) -> list[Box | None]:
    boxes = [
        draw_projected(ax, true, seen_from, GHOST_STICKS),
        draw_projected(ax, lifted, seen_from, STICKS),
    ]
    gaps = [
        np.stack([seen_from(lifted[role])[0], seen_from(true[role])[0]])
        for role in lifted
        if role in true and role not in ("head", "nose")
    ]
    ax.add_collection(LineCollection(gaps, colors=MISS, linewidths=1.1, zorder=4), autolim=False)
    return boxes


def _shared_view(joints: Joints, frame_of_reference: str, view: View | None) -> Projection:
    """One projection for both bodies, without a floor: they hang on their roots."""
    return replace(view_of(joints, frame_of_reference, view), origin=np.zeros(3), floor=None)


def _rooted(poses: Poses3D, i: int) -> Joints:
    joints = upright_joints(poses.positions[i], poses.skeleton, poses.frame_of_reference)
    root = joints.get("hip")
    return {} if root is None else {role: point - root for role, point in joints.items()}


def _check_pairs(keypoints: Poses2D, lifted: Poses3D, true: Poses3D) -> None:
    if not len(keypoints) == len(lifted) == len(true):
        raise VvipeError(
            "poses differ in number", expected=f"{len(keypoints)} of each",
            got=f"{len(lifted)} lifted and {len(true)} true",
        )  # fmt: skip
    a, b = ((p.skeleton.name, p.frame_of_reference) for p in (lifted, true))
    if a != b:
        raise VvipeError(
            "lifted and true poses do not compare", expected=" in ".join(b), got=" in ".join(a)
        )
