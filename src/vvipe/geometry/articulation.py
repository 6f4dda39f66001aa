"""A skeleton of fixed bones, turned by its joints so that it follows measured positions.

Every bone is aimed from where its near end came to lie at the measured far end, so that what
changing bone lengths cost does not add up along a limb. Where a joint carries several bones, their
directions turn it together (Kabsch, no reflection), and each bone turns a little more by itself: a
node of its own at the joint's place, as clavicles do. A bone alone does not tell how it turns about
itself: that is chosen to change as little as can be from frame to frame and to come back to what
the shortest turn from rest gives (`_steady_twist`), so that nothing flips and nothing winds up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vvipe.geometry.rotations import rotmat_about, rotmat_between
from vvipe.skeletons import Skeleton

BONE = "_bone"
"""What the name of a joint's own bone node adds to the joint's."""
_SHORTEST_M = 1e-3  # a shorter bone has no direction
_BASE_WEIGHT = 0.05  # of the parent's turn, in a joint whose bones leave its own turn open


@dataclass(frozen=True)
class Node:
    """A node of the hierarchy: a joint, or the bone node between two.

    Attributes:
        name: The joint's name; `<joint>_bone` for the node that carries it.
        parent: Index of the parent, -1 for a root.
        offset_m: (3,) from the parent, in the parent's frame.
        rotations: (F, 3, 3) in the parent's frame.
    """

    name: str
    parent: int
    offset_m: np.ndarray
    rotations: np.ndarray


@dataclass(frozen=True)
class Articulation:
    """Nodes, depth first, the (F, R, 3) places of the roots, and how far off the joints came.

    Attributes:
        nodes: Parents before children.
        roots_m: Places of the roots, in the nodes' order.
        errors_m: (F, J) distance of each joint from where it was measured.
    """

    nodes: tuple[Node, ...]
    roots_m: np.ndarray
    errors_m: np.ndarray


def articulate(
    positions: np.ndarray, skeleton: Skeleton, rest: np.ndarray, steadiness: float = 15.0
) -> Articulation:
    """Poses a skeleton of median bone lengths so that it follows positions.

    Args:
        positions: (F, J, 3) metres, without NaN.
        skeleton: Names and parents of the J joints.
        rest: (J, 3) a pose whose directions of bones are those of no rotation.
        steadiness: Frames within which a bone's turn about itself goes back to the shortest.
    """
    return _Fit(np.asarray(positions, np.float64), skeleton, rest, steadiness).run()


class _Fit:
    def __init__(
        self, positions: np.ndarray, skeleton: Skeleton, rest: np.ndarray, steadiness: float
    ) -> None:
        self.positions, self.skeleton, self.rest = positions, skeleton, rest
        self.steadiness = steadiness
        self.placed = positions.copy()
        self.nodes: list[Node] = []
        self.still = np.broadcast_to(np.eye(3), (len(positions), 3, 3))

    def run(self) -> Articulation:
        roots = [j for j, p in enumerate(self.skeleton.parents) if p < 0]
        for root in roots:
            self._joint(root, -1, np.zeros(3), self.still)
        errors = np.linalg.norm(self.placed - self.positions, axis=-1)
        return Articulation(tuple(self.nodes), self.positions[:, roots], errors)

    def _joint(self, joint: int, parent: int, offset: np.ndarray, base: np.ndarray) -> None:
        """Adds a joint and all below it; `base` is the parent's turn in the world."""
        mine, name = len(self.nodes), self.skeleton.joints[joint]
        children = [c for c, p in enumerate(self.skeleton.parents) if p == joint]
        bones = {c: self._bone(joint, c) for c in children}
        turn = base
        if len(children) > 1:
            turn = self._together(joint, bones, base)
        elif children:
            turn = self._aimed(joint, children[0], bones[children[0]], base)
        self.nodes.append(Node(name, parent, offset, _local(base, turn)))
        for child, bone in bones.items():
            above, carried = mine, turn
            if len(children) > 1:
                above, carried = len(self.nodes), self._aimed(joint, child, bone, turn)
                name = self.skeleton.joints[child] + BONE
                self.nodes.append(Node(name, mine, np.zeros(3), _local(turn, carried)))
            self.placed[:, child] = self.placed[:, joint] + carried @ bone
            self._joint(child, above, bone, carried)

    def _bone(self, joint: int, child: int) -> np.ndarray:
        """(3,) the bone at rest, in metres."""
        length = np.median(
            np.linalg.norm(self.positions[:, child] - self.positions[:, joint], axis=-1)
        )
        ahead = self.rest[child] - self.rest[joint]
        return ahead / max(float(np.linalg.norm(ahead)), 1e-9) * length

    def _aim(self, joint: int, child: int) -> np.ndarray:
        """(F, 3) unit vectors from where the joint came to lie to where the child was measured."""
        return _unit(self.positions[:, child] - self.placed[:, joint])

    def _together(self, joint: int, bones: dict[int, np.ndarray], base: np.ndarray) -> np.ndarray:
        """(F, 3, 3) the turn that best takes all bones of a joint to their aims."""
        covariance = _BASE_WEIGHT * base
        for child, bone in bones.items():
            if np.linalg.norm(bone) > _SHORTEST_M:
                outer = self._aim(joint, child)[:, :, None] * _unit(bone)
                covariance = covariance + outer
        u, _, vt = np.linalg.svd(covariance)
        u[:, :, 2] *= np.linalg.det(u @ vt)[:, None]
        return u @ vt

    def _aimed(self, joint: int, child: int, bone: np.ndarray, base: np.ndarray) -> np.ndarray:
        """(F, 3, 3) the parent's turn and what takes one bone to its aim, steady in time."""
        if np.linalg.norm(bone) <= _SHORTEST_M:
            return base
        rest = _unit(bone)
        aim = (np.swapaxes(base, -1, -2) @ self._aim(joint, child)[..., None])[..., 0]
        swing = rotmat_between(rest, aim)
        twist = _steady_twist(swing, rest, aim, self.steadiness)
        return base @ swing @ rotmat_about(rest, twist)


def _steady_twist(
    swing: np.ndarray, rest: np.ndarray, aim: np.ndarray, steadiness: float
) -> np.ndarray:
    """(F,) angles about the bone that make the whole rotation change least.

    The shortest turn from rest spins about the bone where this passes the point opposite to rest.
    Minimised is the sum of the squared turns about the bone from frame to frame, and of the squared
    angles over `steadiness` squared, which count nothing where the shortest turn is arbitrary.
    """
    carried = rotmat_between(aim[:-1], aim[1:]) @ swing[:-1]
    over = np.swapaxes(carried, -1, -2) @ swing[1:]
    side = _any_normal(rest)
    turned = over @ side
    spin = np.arctan2(turned @ np.cross(rest, side), turned @ side)
    pull = ((1 + aim @ rest) / 2) ** 2 / steadiness**2
    diagonal = pull + np.r_[0, np.ones(len(spin))] + np.r_[np.ones(len(spin)), 0]
    return _solve_chain(diagonal, np.r_[spin, 0] - np.r_[0, spin])


def _solve_chain(diagonal: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Solves a symmetric tridiagonal system whose other two diagonals are -1 (Thomas)."""
    pivots, values = [float(diagonal[0])], [float(right[0])]
    for d, r in zip(diagonal[1:].tolist(), right[1:].tolist(), strict=True):
        values.append(r + values[-1] / pivots[-1])
        pivots.append(d - 1 / pivots[-1])
    out = [values[-1] / max(pivots[-1], 1e-12)]
    for pivot, value in zip(pivots[-2::-1], values[-2::-1], strict=True):
        out.append((value + out[-1]) / pivot)
    return np.array(out[::-1])


def _any_normal(axis: np.ndarray) -> np.ndarray:
    return _unit(np.cross(axis, np.eye(3)[np.abs(axis).argmin()]))


def _local(base: np.ndarray, turn: np.ndarray) -> np.ndarray:
    return np.swapaxes(base, -1, -2) @ turn


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
