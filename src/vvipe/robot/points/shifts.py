"""What may look different from the demonstrations, while the task stays the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shift:
    """How an episode is shown; what is drawn is drawn anew for each.

    Attributes:
        name: In tables.
        camera_deg: Least and greatest angle by which the camera goes round the table, to either
            side; half as much up or down.
        recolour: Other colours of block, table, floor and robot; the target stays red.
        distractors: Objects on the table that are seen and not felt.
        dim: Lamps to a third, and from the side.
    """

    name: str
    camera_deg: tuple[float, float] = (0.0, 0.0)
    recolour: bool = False
    distractors: int = 0
    dim: bool = False


NONE = Shift("none")
ANY_CAMERA = Shift("any camera", camera_deg=(0.0, 30.0))
"""For training with cameras drawn at random, in place of one."""
SHIFTS = (
    NONE,
    Shift("camera", camera_deg=(20.0, 20.0)),
    Shift("colours", recolour=True),
    Shift("distractors", distractors=6),
    Shift("light", dim=True),
    Shift("all", camera_deg=(20.0, 20.0), recolour=True, distractors=6, dim=True),
)
