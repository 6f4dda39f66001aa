"""Writing of 3D poses as BVH: metres, y up, bones of fixed length turned by their joints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vvipe.formats.axes import rows_y_up
from vvipe.formats.bvh_rest import rest_pose
from vvipe.formats.format import WRITING, Poses, Report, WriteOptions
from vvipe.formats.steady import steady_rate, without_unseen
from vvipe.geometry.articulation import Articulation, articulate
from vvipe.geometry.rotations import rotmat_to_euler
from vvipe.poses import Poses3D
from vvipe.skeletons import Skeleton

_ORDERS = ("ZXY", "XYZ", "XZY", "YXZ", "YZX", "ZYX")  # the first where it does
_NEAR_LOCK_RAD = np.radians(75)
_LOOSE_M = 0.3
_STEADY_S = 0.5  # within which bones turn back about themselves


def write_bvh(poses: Poses, path: Path, options: WriteOptions = WRITING) -> Report:
    """Writes one hierarchy of median bone lengths, and rotations that follow the joints.

    Metres, y up, which Blender imports upright and life-size by default. Joints that are never seen
    are left out, and so are roots from which the body walks away; gaps of others are filled on
    straight lines. With `options.bones` `moving`, joints
    have position channels and no rotation: exact whatever the bones do.

    Returns:
        `mean_error_mm` and `largest_error_mm`, how far off joints lie because their bones did not
        keep their length; and what `steady_rate` and `without_unseen` report.

    Raises:
        VvipeError: No joint is ever seen.
    """
    assert isinstance(poses, Poses3D)
    fps, report = steady_rate(poses)
    rows = rows_y_up(poses)
    if options.bones == "fixed":
        rows = _without_loose_roots(rows, poses.skeleton)
    whole = without_unseen(rows, poses.skeleton, poses.source)
    report |= whole.report
    if options.bones == "moving":
        blocks = _moving(whole.positions, whole.skeleton)
    else:
        rest = rest_pose(whole.skeleton)
        body = articulate(whole.positions, whole.skeleton, rest, _STEADY_S * fps)
        blocks = _turned(body)
        errors_mm = 1000 * body.errors_m[whole.seen]
        report["mean_error_mm"] = round(float(errors_mm.mean()), 3)
        report["largest_error_mm"] = round(float(errors_mm.max()), 3)
    with path.open("w") as file:
        file.write("HIERARCHY\n")
        file.writelines(_lines(blocks, -1, 0))
        file.write(f"MOTION\nFrames: {len(rows)}\nFrame Time: {1 / fps:.10f}\n")
        np.savetxt(file, np.concatenate([b.values for b in blocks], axis=1), fmt="%.6f")
    return report


def _without_loose_roots(positions: np.ndarray, skeleton: Skeleton) -> np.ndarray:
    """Roots NaN that bear one joint which walks away from them: some rigs' stays at the origin."""
    out = positions.copy()
    for root in (j for j, p in enumerate(skeleton.parents) if p < 0):
        children = [c for c, p in enumerate(skeleton.parents) if p == root]
        if len(children) == 1:
            apart = np.linalg.norm(out[:, children[0]] - out[:, root], axis=-1)
            if np.isfinite(apart).any() and np.nanmax(apart) - np.nanmin(apart) > _LOOSE_M:
                out[:, root] = np.nan
    return out


@dataclass(frozen=True)
class _Block:
    """A joint of the file: parent's index, (3,) offset, its channels and their (F, C) values."""

    name: str
    parent: int
    offset: np.ndarray
    channels: str
    values: np.ndarray


def _turned(body: Articulation) -> list[_Block]:
    """Rotations in degrees; roots have their places too."""
    roots = iter(np.moveaxis(body.roots_m, 1, 0))
    blocks: list[_Block] = []
    for node in body.nodes:
        order, angles = _angles(node.rotations)
        channels, values = " ".join(f"{a}rotation" for a in order), np.degrees(angles)
        if node.parent < 0:
            channels, values = _with_place(channels, next(roots), values)
        blocks.append(_Block(node.name, node.parent, node.offset_m, channels, values))
    return blocks


def _angles(rotations: np.ndarray) -> tuple[str, np.ndarray]:
    """An order of axes far from gimbal lock, and (F, 3) angles without jumps, radians."""
    found: dict[str, np.ndarray] = {}
    for order in _ORDERS:
        found[order] = rotmat_to_euler(rotations, order)
        if np.abs(found[order][:, 1]).max() < _NEAR_LOCK_RAD:
            return order, np.unwrap(found[order], axis=0)
    order = min(found, key=lambda o: float(np.abs(found[o][:, 1]).max()))
    return order, _nearest_triples(found[order])


def _nearest_triples(angles: np.ndarray) -> np.ndarray:
    """Of the triples that are the same rotation the nearest to that of the frame before."""
    other = angles * [1, -1, 1] + np.pi
    out = angles.copy()
    for i in range(1, len(out)):
        both = np.stack([angles[i], other[i]])
        both += 2 * np.pi * np.round((out[i - 1] - both) / (2 * np.pi))
        out[i] = both[np.abs(both - out[i - 1]).sum(1).argmin()]
    return out


def _moving(positions: np.ndarray, skeleton: Skeleton) -> list[_Block]:
    """Each joint's place relative to its parent, all rotations zero."""
    order = _depth_first(skeleton, -1)
    blocks: list[_Block] = []
    for joint in order:
        above = skeleton.parents[joint]
        shift = positions[:, joint] - (positions[:, above] if above >= 0 else 0)
        channels, values = _with_place("Zrotation Xrotation Yrotation", shift, np.zeros_like(shift))
        parent = order.index(above) if above >= 0 else -1
        blocks.append(_Block(skeleton.joints[joint], parent, shift[0], channels, values))
    return blocks


def _with_place(channels: str, place: np.ndarray, values: np.ndarray) -> tuple[str, np.ndarray]:
    return f"Xposition Yposition Zposition {channels}", np.concatenate([place, values], axis=1)


def _depth_first(skeleton: Skeleton, joint: int) -> list[int]:
    children = [i for i, p in enumerate(skeleton.parents) if p == joint]
    below = [j for c in children for j in _depth_first(skeleton, c)]
    return below if joint < 0 else [joint, *below]


def _lines(blocks: Sequence[_Block], parent: int, depth: int) -> list[str]:
    """The hierarchy below a joint."""
    lines: list[str] = []
    indent = "\t" * depth
    for i, block in enumerate(blocks):
        if block.parent != parent:
            continue
        x, y, z = block.offset
        below = _lines(blocks, i, depth + 1)
        end = [f"{indent}\t{line}\n" for line in ("End Site", "{", "\tOFFSET 0 0 0", "}")]
        own = [
            f"{'JOINT' if depth else 'ROOT'} {block.name}", "{",
            f"\tOFFSET {x:.6f} {y:.6f} {z:.6f}",
            f"\tCHANNELS {len(block.channels.split())} {block.channels}",
        ]  # fmt: skip
        lines += [f"{indent}{line}\n" for line in own] + (below or end)
        lines.append(f"{indent}}}\n")
    return lines
