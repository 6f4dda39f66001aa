"""A skeleton: named joints, their parents, and which part of the body each one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from vvipe.skeletons.names import mirror_columns


@dataclass(frozen=True)
class Skeleton:
    """Named joints in the order in which an array holds them.

    Attributes:
        name: The registered name, such as `coco17`.
        joints: Joint names, in array order, as the format itself calls them.
        parent_of: Joint name -> parent's name; joints that are absent have no parent.
        roles: Role -> joint name. A role is a part of the body in this package's own words
            (`left_hip`, `thorax`, …); joints that already bear a role's name need no entry.
        dims: 2 for what detectors give, 3 for motion capture: how plain arrays of width 3 are read.
    """

    name: str
    joints: tuple[str, ...]
    parent_of: Mapping[str, str] = field(default_factory=dict[str, str])
    roles: Mapping[str, str] = field(default_factory=dict[str, str])
    dims: int = 2

    def __len__(self) -> int:
        return len(self.joints)

    @cached_property
    def _index(self) -> dict[str, int]:
        return {joint: i for i, joint in enumerate(self.joints)}

    def __contains__(self, joint: str) -> bool:
        return joint in self._index

    def index(self, joint: str) -> int:
        """Column of a joint; `KeyError` if the skeleton has none of that name."""
        return self._index[joint]

    def indices(self, *joints: str) -> list[int]:
        """Columns of several joints."""
        return [self._index[j] for j in joints]

    def joint_for(self, role: str) -> str | None:
        """The joint that plays a role, or None."""
        joint = self.roles.get(role, role)
        return joint if joint in self else None

    @cached_property
    def parents(self) -> tuple[int, ...]:
        """Column of each joint's parent, -1 for roots."""
        return tuple(self._index.get(self.parent_of.get(j, ""), -1) for j in self.joints)

    @cached_property
    def bones(self) -> tuple[tuple[int, int], ...]:
        """(parent, child) columns, in joint order."""
        return tuple((p, c) for c, p in enumerate(self.parents) if p >= 0)

    @cached_property
    def mirror(self) -> np.ndarray:
        """Permutation (J,) that swaps left and right joints."""
        return mirror_columns(self.joints)
