"""How a body is painted: colours, thickness, solid or sticks."""

from __future__ import annotations

from dataclasses import dataclass

from vvipe.view.palette import CENTRE, GHOST, LEFT, PAPER, RGB, RIGHT, mix


@dataclass(frozen=True)
class Look:
    """How a body is painted.

    Attributes:
        left: Colour of the left side; `right` and `centre` likewise.
        stick: Radius of every limb in torso lengths; None: a solid body with tapered limbs.
        dots: Mark the joints (sticks only).
        alpha: Opacity.
        edge: Colour of the thin outline that keeps overlapping parts apart.
        edge_pt: Its width in points.
    """

    left: str | RGB = LEFT
    right: str | RGB = RIGHT
    centre: str | RGB = CENTRE
    stick: float | None = None
    dots: bool = False
    alpha: float = 1.0
    edge: str | RGB = PAPER
    edge_pt: float = 0.9

    def colour(self, side: str) -> str | RGB:
        """Colour of `left`, `right` or `centre`."""
        return {"left": self.left, "right": self.right}.get(side, self.centre)


_PALE = mix(GHOST, PAPER, 0.45)
SOLID = Look()
GHOST_SOLID = Look(_PALE, _PALE, _PALE)
STICKS = Look(stick=0.046, dots=True)
GHOST_STICKS = Look(GHOST, GHOST, GHOST, stick=0.06, edge_pt=0.0)
