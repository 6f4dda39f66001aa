"""`vvipe train`: trains a model, with live progress; an interrupted training can go on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.parsing import File, Flag, Json, Several, Whole
from vvipe.cli.terminal import left_out, note
from vvipe.errors import VvipeError

if TYPE_CHECKING:
    from vvipe.training import TrainConfig


@dataclass(frozen=True)
class Options:
    """Trains a model; what comes out is a folder that --model takes.

    Example: vvipe train vvipe --data .data/cmu --out runs/first

    Attributes:
        model: vvipe, the default; vvipe-paper, as published; its rivals pr-vipe and lifter;
            vae-gan, which learns from 2D poses alone, and geometry-aware, from pairs of views and
            few labels, both also as published: vae-gan-paper, geometry-aware-paper.
        data: The folder `cmu` or `human36m`, or a folder of your own motion capture (below folders
            `validation` and `test`: kept from training), for vae-gan of keypoints too; by default
            `cmu` below VVIPE_DATA, else .data/cmu.
        out: Folder of the run.
        preset: paper is short for the model `vvipe-paper`.
        config: TOML file with the configuration, in place of the preset's.
        seed: Of initialisation, batches and cameras.
        steps: Steps of a training that has one stage, such as pr-vipe's.
        steps_vae: Steps of stage 1, the pose VAE.
        steps_map: Steps of stage 2, the mapping of 2D keypoints.
        resume: Go on from the checkpoint in the folder of the run.
        no_triplet: Ablation: without the triplet loss.
        no_align: Ablation: without rotation alignment of the target.
        no_universal: Ablation: without the universal skeleton.
        no_pretrain: Ablation: without stage 1.
        no_augment: Ablation: without random virtual cameras.
        set: KEY=VALUE changes one value of the configuration, such as objective.triplet=0.2; may
            be given several times.
        validate: Measure Hit@1 on the validation clips every thousand steps of stage 2, into
            history.jsonl.
    """

    model: Annotated[str, tyro.conf.Positional]
    out: Path
    data: File = None
    preset: Literal["default", "paper"] = "default"
    config: File = None
    seed: Whole = None
    steps: Whole = None
    steps_vae: Whole = None
    steps_map: Whole = None
    resume: Flag = False
    no_triplet: Flag = False
    no_align: Flag = False
    no_universal: Flag = False
    no_pretrain: Flag = False
    no_augment: Flag = False
    set: Several = ()
    validate: Flag = False
    json: Json = False


def run(options: Options) -> Answer:
    """Trains, or goes on training."""
    from vvipe.cli.progress import training_progress
    from vvipe.datasets import data_root
    from vvipe.training import train
    from vvipe.training.validation import validator

    config = configuration(options)
    data = options.data or data_root() / "cmu"
    if options.out.exists() and not options.out.is_dir():
        raise VvipeError("is not a folder", where=options.out, expected="a folder for the run")
    validate = validator(data.parent) if options.validate else None
    try:
        with training_progress() as progress:
            folder = train(
                config, data, options.out, resume=options.resume, progress=progress,
                on_error=left_out, validate=validate,
            )  # fmt: skip
    except KeyboardInterrupt:
        _say_how_to_resume(options.out)
        raise
    about = json.loads((folder / "config.json").read_text())
    answer = {"out": folder, **{k: about.get(k) for k in ("name", "sha256", "data_hash")}}
    return Answer(answer, f"{folder}: {about['name']}, try `vvipe eval --model {folder}`")


def configuration(options: Options) -> TrainConfig:
    """The configuration that the options ask for.

    Raises:
        VvipeError: No such model, key or value.
    """
    import difflib
    from dataclasses import replace

    from vvipe.training import ABLATIONS, PRESETS, VVipeConfig, config_from_toml
    from vvipe.training.overrides import overridden

    name = f"{options.model}-paper" if options.preset == "paper" else options.model
    if name not in PRESETS:
        near = difflib.get_close_matches(name, PRESETS, n=1)
        hint = f"did you mean {near[0]}?" if near else None
        raise VvipeError(f"no model {name!r} to train", expected=", ".join(PRESETS), hint=hint)
    config = config_from_toml(options.config) if options.config else PRESETS[name]()
    for ablation, without in ABLATIONS.items():
        if getattr(options, f"no_{ablation}"):
            if not isinstance(config, VVipeConfig):
                raise VvipeError(f"--no-{ablation} is an ablation of V-VIPE", got=name)
            config = without(config)
    numbers = {k: getattr(options, k) for k in ("seed", "steps", "steps_vae", "steps_map")}
    for key, number in numbers.items():
        flag = f"--{key.replace('_', '-')}"
        if number is not None and number < 0:
            raise VvipeError(f"{flag} must not be negative", got=number)
        if number is not None and not hasattr(config, key):
            raise VvipeError(f"{flag} is not for {name}", hint="see `vvipe train --help`")
    config = replace(config, **{k: v for k, v in numbers.items() if v is not None})
    return overridden(config, options.set)


def _say_how_to_resume(out: Path) -> None:
    if (out / "checkpoint.safetensors").exists():
        note(f"stopped; the same command with --resume goes on from the checkpoint in {out}")
    else:
        note("stopped before the first checkpoint")
