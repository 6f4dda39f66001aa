"""Tells a training that learns nothing any more, before hours are spent on it."""

from __future__ import annotations

from collections.abc import Mapping

from vvipe.errors import VvipeError

EARLY = 0.15  # of the training, in which anything may happen
FLAT, STRETCHED = 0.2, 4.0  # spread of depths over that of widths; people have about 1
ELSEWHERE = 0.5  # mean distance of joints from where the view, of size 1, has them
WON = 0.99  # of its judgements are right: such a critic teaches nothing
PATIENCE = 25  # times in a row that it is told so


class Watch:
    """Is told the means of a lifter's parts every few steps; raises where it has collapsed.

    Args:
        steps: Of the whole stage.
    """

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.bad: dict[str, int] = {}

    def check(self, step: int, parts: Mapping[str, float]) -> None:
        """Raises where the same thing is wrong for long.

        Raises:
            VvipeError: Bodies are flat, drawn out or elsewhere, or the critic has won.
        """
        if step < EARLY * self.steps:
            return
        depth, off, balance = parts["depth"], parts["reprojection"], parts.get("balance", 0.5)
        wrong = {
            "the lifter draws flat bodies": depth < FLAT,
            "the lifter draws bodies out in depth": depth > STRETCHED,
            "the lifter does not draw what is seen": off > ELSEWHERE,
            "the critic tells every reprojection from real poses": balance > WON,
        }
        hints = ("raise objective.prior", "lower lr, or raise objective.bones",
                 "lower lr", "lower critic_steps, or raise noise")  # fmt: skip
        for (what, is_wrong), hint in zip(wrong.items(), hints, strict=True):
            self.bad[what] = self.bad.get(what, 0) + 1 if is_wrong else 0
            if self.bad[what] >= PATIENCE:
                told = f"depth over width {depth:.2f}, off {off:.2f}, critic right {balance:.0%}"
                raise VvipeError(
                    f"training has collapsed: {what}", where=f"lifting step {step}", got=told,
                    hint=hint,
                )  # fmt: skip
