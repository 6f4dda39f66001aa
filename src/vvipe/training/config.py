"""The training configuration: one frozen dataclass that prints as TOML."""

from __future__ import annotations

import dataclasses
import difflib
import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vvipe.errors import VvipeError
from vvipe.models.networks import Architecture


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
        elevation_rad: Lowest and highest elevation of random cameras.
        roll_rad: Spread of the roll, normal.
        distance_m: Nearest and furthest.
        aim_m: Spread of the point they look at, around the pelvis.
        tilt: Chance that the whole body is turned about a horizontal axis, by any angle.
        noise: Spread of keypoint noise in units of the RMS size of the pose.
        dropout: Chance that a pose loses joints; it then loses each with up to one chance in two.
    """

    random: float = 1.0
    elevation_rad: tuple[float, float] = (-0.35, 0.8)
    roll_rad: float = 0.1
    distance_m: tuple[float, float] = (2.0, 8.0)
    aim_m: float = 0.3
    tilt: float = 0.0
    noise: float = 0.01
    dropout: float = 0.3


@dataclass(frozen=True)
class Objective:
    """Weights of the losses; 0 leaves one out. Poses are measured in torso lengths.

    Attributes:
        reconstruction: MSE to the canonical pose.
        kl: KL to the unit Gaussian, stage 1.
        triplet: The paper's triplet loss, both stages.
        margin: Its margin, in the latent space.
        gap: How much further away than the positive the negative must be.
        latent: MSE from the 2D latent to the 3D latent, stage 2 (ours).
        neighbours: Soft nearest neighbours across two views, stage 2 (ours).
        neighbour_width: Pose distance over which neighbours fade.
        neighbour_temperature: Latent distance that corresponds to it.
    """

    reconstruction: float = 6.0
    kl: float = 1e-4
    triplet: float = 0.1
    margin: float = 1.0
    gap: float = 0.1
    latent: float = 0.1
    neighbours: float = 0.05
    neighbour_width: float = 0.06
    neighbour_temperature: float = 1.0


@dataclass(frozen=True)
class TrainConfig:
    """Everything that decides what comes out of a training, but for the data.

    Attributes:
        model: Name of the representation.
        seed: Of initialisation, batches and cameras.
        steps_vae: Steps of stage 1, the 3D pose VAE.
        steps_map: Steps of stage 2, the 2D mapping network.
        batch: Poses a step.
        lr: Peak learning rate of Adam; warms up over 200 steps, then falls as a cosine. As high as
            it goes: batch norm bears it, and at 1e-3 a training needs four times the steps.
        averaging: Decay of the running mean of the weights that is kept in the end; 0 for none.
        balance: Exponent by which poses in crowded parts of the pose space are drawn less often.
        align: Rotation alignment of the target (ablation: false).
        universal: Universal skeleton of the target (ablation: false).
        pretrain: Stage 1 before stage 2; false trains decoder and 2D encoder together (ablation).
    """

    model: str = "vvipe"
    seed: int = 0
    steps_vae: int = 2500
    steps_map: int = 8000
    batch: int = 1024
    lr: float = 8e-3
    averaging: float = 0.999
    balance: float = 0.5
    align: bool = True
    universal: bool = True
    pretrain: bool = True
    architecture: Architecture = field(
        default_factory=lambda: Architecture(width_2d=768, width_3d=512, dropout=0.0)
    )
    synthesis: Synthesis = field(default_factory=Synthesis)
    views: Views = field(default_factory=Views)
    objective: Objective = field(default_factory=Objective)

    def to_toml(self) -> str:
        """The configuration as TOML; `from_toml` reads it back."""
        return "\n".join(_toml_lines(dataclasses.asdict(self))) + "\n"


def config_from_dict(values: dict[str, Any], where: object = "config") -> TrainConfig:
    """A configuration from nested tables; an unknown key is an error that names the nearest one."""
    return _fill(TrainConfig, values, where)


def config_from_toml(path: Path) -> TrainConfig:
    """Reads a TOML file as `to_toml` writes it; absent keys keep their defaults."""
    try:
        return config_from_dict(tomllib.loads(path.read_text()), path)
    except OSError as error:
        raise VvipeError("cannot be read", where=path, hint=str(error.strerror)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VvipeError("is not TOML", where=path, hint=str(error)) from error


def _fill(kind: Any, values: dict[str, Any], where: object) -> Any:
    fields = {f.name: f for f in dataclasses.fields(kind)}
    out: dict[str, Any] = {}
    for key, value in values.items():
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1, cutoff=0.0)[0]
            raise VvipeError(f"unknown key {key!r}", where=where, hint=f"nearest is {near!r}")
        out[key] = _fitting(fields[key], value, where)
    return kind(**out)


def _fitting(field_: dataclasses.Field[Any], value: Any, where: object) -> Any:
    """The value if it is of the kind of the default; whole numbers become floats."""
    if field_.default_factory is not dataclasses.MISSING:
        if isinstance(value, dict):
            return _fill(type(field_.default_factory()), value, f"{where} [{field_.name}]")
        raise VvipeError(f"{field_.name!r} is a table", where=where, got=repr(value))
    return alike(field_.default, value, f"{where}: {field_.name}")


def alike(default: Any, value: Any, where: object) -> Any:
    """The value if it is of the kind of the default; whole numbers become floats, lists tuples."""
    listed = isinstance(value, list | tuple)
    if isinstance(default, tuple) and listed and len(value) == len(default):
        return tuple(alike(d, v, where) for d, v in zip(default, value, strict=True))
    if type(default) is float and type(value) is int:
        return float(value)
    if type(default) is not type(value):
        raise VvipeError("value of the wrong kind", where=where, expected=f"such as {default!r}")
    return value


def _toml_lines(values: dict[str, Any]) -> list[str]:
    plain = [f"{k} = {_toml_value(v)}" for k, v in values.items() if not isinstance(v, dict)]
    for name, table in values.items():
        if isinstance(table, dict):
            plain += ["", f"[{name}]", *_toml_lines(table)]
    return plain


def _toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml_value(v) for v in value) + "]"
    return repr(value)
