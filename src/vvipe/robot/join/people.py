"""People who give commands: clips of Bandai-Namco's actor, and what each asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vvipe.datasets.bandai_namco import bandai_namco_catalogue
from vvipe.datasets.clip import Clip
from vvipe.poses import Poses3D
from vvipe.robot.join.signals import Signal, SignalBank

SPOT_OF = {
    "left hand": "far left", "right hand": "far right", "both hands": "middle",
    "walk": "near left", "run": "near right",
}  # fmt: skip
"""Command -> the spot whose demonstration it stands for."""
FPS = 7.5  # of signals and of what is compared with them
BANK_STYLE = "normal"


def command_of(clip: Clip) -> str:
    """What a clip asks for: a hand raised or waved, a walk, a run."""
    if clip.action.startswith(("raise", "wave")):
        side = clip.action.split("-")[-2]
        return "both hands" if side == "both" else f"{side} hand"
    return "walk" if clip.action.startswith("walk") else clip.action


def clips_of(data: Path, split: str) -> tuple[Clip, ...]:
    """The clips of a split: `validation`, or `test`.

    Args:
        data: Folder that holds `bandai_namco_2`.
        split: Of the catalogue.
    """
    found = bandai_namco_catalogue(data / "bandai_namco_2")
    return tuple(clip for clip in found if clip.split == split)


@dataclass(frozen=True)
class Person:
    """Somebody who gives a command.

    Attributes:
        command: What is meant.
        poses: (T, 17, 3) of h36m17.
    """

    command: str
    poses: Poses3D

    @classmethod
    def of(cls, clip: Clip, fps: float = FPS) -> Person:
        """The person of a clip, so many poses a second."""
        return cls(command_of(clip), clip.poses(fps).to_skeleton("h36m17"))


def signal_bank(model: Any, clips: Iterable[Clip], styles: Sequence[str] = ()) -> SignalBank:
    """A bank of the 3D motions of these clips.

    Args:
        model: A representation that embeds 3D poses.
        clips: Of people giving commands.
        styles: Those of these styles; all by default.
    """
    return SignalBank(
        model,
        [
            Signal(command_of(clip), model.embed(clip.poses(FPS)))
            for clip in clips
            if not styles or clip.style in styles
        ],
    )
