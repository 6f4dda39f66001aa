"""Who stands before the demo's cameras."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.cli.staging import before_cameras, turned
from vvipe.evaluation import Protocol, load_protocol
from vvipe.evaluation.protocols import evenly
from vvipe.geometry.matching import drop_near_duplicates
from vvipe.models.prototypes import load_prototypes

MOST = 600
DUPLICATE_RADIUS = 0.05  # torso lengths: what is nearer would match by chance


def decoded_people(model: Any, seed: int = 0) -> Protocol:
    """The model's prototypes, decoded, each turned to a random heading.

    Raises:
        VvipeError: The model has no prototype library.
    """
    poses = model.decode(load_prototypes(model).vectors).positions
    poses = poses[drop_near_duplicates(poses, DUPLICATE_RADIUS)]
    poses = poses[evenly(len(poses), MOST)]
    return before_cameras(turned(poses, np.random.default_rng(seed)), "demo")


def recorded_people(data: Path) -> Protocol:
    """Poses of the CMU subjects that no model was trained on.

    Raises:
        VvipeError: The data is not there.
    """
    held_out = load_protocol("cmu-seen", data)
    poses = held_out.poses[drop_near_duplicates(held_out.poses, DUPLICATE_RADIUS)]
    picked = poses[evenly(len(poses), MOST)]
    return replace(before_cameras(picked, "demo on recorded people"), files=held_out.files)
