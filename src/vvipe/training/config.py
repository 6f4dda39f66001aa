"""What all training configurations share: bodies, views and the base class."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Synthesis:
    """Poses beyond those recorded, and people beyond those who were (ours).

    Attributes:
        mirror: Chance that a pose is mirrored.
        limb_swap: Chance, for each limb, that it comes from another pose.
        bend_rad: Spread of random turns of each limb segment and of the upper body.
        bone_lengths: Relative spread of bone lengths.
        placement_m: Spread of where a rig or a detector puts a joint; moves inputs, not targets,
            and so do the next three.
        shoulder_width: Least and greatest width of the shoulders, over that of CMU's rig, whose
            shoulder joints are 40 cm apart; other studios place them up to twice as close.
        shoulder_height: Spread of the shoulders' height, over the same width.
        hip_width: Least and greatest width of the hips.
    """

    mirror: float = 0.5
    limb_swap: float = 0.3
    bend_rad: float = 0.1
    bone_lengths: float = 0.05
    placement_m: float = 0.015
    shoulder_width: tuple[float, float] = (0.6, 1.1)
    shoulder_height: float = 0.12
    hip_width: tuple[float, float] = (0.7, 1.1)


@dataclass(frozen=True)
class Views:
    """Cameras that see the training poses, and what detectors do to the keypoints.

    Attributes:
        random: Share of random cameras; the rest are the four of Human3.6M.
        own: How many of those four, the first ones.
        elevation_rad: Lowest and highest elevation of random cameras.
        roll_rad: Spread of the roll, normal.
        distance_m: Nearest and furthest.
        aim_m: Spread of the point they look at, around the pelvis.
        tilt: Chance that the whole body is turned about a horizontal axis, by any angle.
        noise: Spread of keypoint noise in units of the RMS size of the pose.
        detector: Share of views with the noise fitted on real detectors in place of `noise`.
        dropout: Chance that a pose loses joints; it then loses each with up to one chance in two.
    """

    random: float = 1.0
    own: int = 4
    elevation_rad: tuple[float, float] = (-0.35, 0.8)
    roll_rad: float = 0.1
    distance_m: tuple[float, float] = (2.0, 8.0)
    aim_m: float = 0.3
    tilt: float = 0.0
    noise: float = 0.01
    detector: float = 0.0
    dropout: float = 0.3


@dataclass(frozen=True)
class TrainConfig:
    """What every training is told; with the data it decides what comes out.

    Attributes:
        representation: What is trained, fixed by the class.
        model: Name of the model.
        seed: Of initialisation, batches and cameras.
        batch: Poses a step.
        lr: Peak learning rate; warms up over 200 steps, a tenth of a stage at most, then falls as
            a cosine.
        averaging: Decay of the running mean of the weights that is kept in the end; 0 for none.
        share: Share of the training clips that are used, evenly spread over them.
        balance: Exponent by which poses in crowded parts of the pose space are drawn less often.
        align: Rotation alignment of the target (ablation: false).
        universal: Universal skeleton of the target (ablation: false).
        architecture: Sizes of the networks, a dataclass of the representation's.
        start: A model of the same architecture, by name or folder, whose weights are begun with;
            none by default.
    """

    representation: str = field(default="", init=False)
    model: str = ""
    seed: int = 0
    batch: int = 1024
    lr: float = 1e-3
    averaging: float = 0.999
    share: float = 1.0
    balance: float = 0.5
    align: bool = True
    universal: bool = True
    synthesis: Synthesis = field(default_factory=Synthesis)
    views: Views = field(default_factory=Views)
    architecture: Any = None
    start: str = ""
