"""What a joint's name says: the part of the body, and the side."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

_SYNONYMS = {
    "chip": "hip",  # CHip, as Pose2Sim has it
    "head_top": "head",
    "mid_hip": "hip",
    "pelvis": "hip",
    "root": "hip",
    "top_head": "head",
}
_OTHER = {"left": "right", "right": "left", "l": "r", "r": "l"}


def role_of_name(joint: str) -> str:
    """`LHip`, `l_hip`, `Left Hip`, `hip_left` -> `left_hip`; other names in snake case."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[LR])(?=[A-Z][a-z])", "_", joint)
    words = [w for w in re.split(r"[\s_\-.]+", snake.lower()) if w]
    side = next((w for w in words if w in _OTHER), None)
    rest = "_".join(w for w in words if w != side)
    if side is None:
        return _SYNONYMS.get(rest, rest)
    return f"{'left' if side[0] == 'l' else 'right'}_{rest}"


def mirror_columns(joints: Sequence[str]) -> np.ndarray:
    """Permutation (J,) that swaps left and right; a joint without a counterpart stays."""
    roles = [role_of_name(j) for j in joints]
    column = {role: i for i, role in reversed(list(enumerate(roles)))}
    # Of two names for one role only the first has a counterpart: the swap stays its own inverse.
    return np.array(
        [column.get(_other_side(r), i) if column[r] == i else i for i, r in enumerate(roles)]
    )


def _other_side(role: str) -> str:
    side, _, part = role.partition("_")
    if side in _OTHER:
        return f"{_OTHER[side]}_{part}"
    return _OTHER.get(role[:1], role[:1]) + role[1:]  # ASF glues the side on: lfemur, rfemur
