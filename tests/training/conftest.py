"""A CMU-like folder of made-up motions, and a training that takes a second."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from actions import write_actions
from bodies import moving
from stopping import StoppedError

from vvipe.models.networks import Architecture
from vvipe.training import Precision, VVipeConfig, loop, train

CLIPS = ("walking_90", "soccer_91", "held_walking_92")


@pytest.fixture(scope="session")
def clips():
    """Name -> positions; the joints that play no role stand at the origin."""
    moves = {name: moving("cmu_bvh", 70, seed) for seed, name in enumerate(CLIPS)}
    return {name: np.nan_to_num(poses.positions) for name, poses in moves.items()}


@pytest.fixture(scope="session")
def cmu(tmp_path_factory, clips):
    return write_actions(tmp_path_factory.mktemp("data") / "cmu", clips)


@pytest.fixture
def write_cmu():
    return write_actions


@pytest.fixture
def config():
    small = Architecture(latent=8, width_2d=32, width_3d=32, blocks=1)
    return replace(VVipeConfig(), steps_vae=6, steps_map=6, batch=64, architecture=small)


@pytest.fixture
def precision():
    return Precision("cpu", False, 1.0, 1.0, torch.get_num_threads())


@pytest.fixture
def poses():
    """(200, 17, 3) moving body, root at the origin."""
    positions = torch.from_numpy(moving(frames=200).positions)
    return positions - positions[:, :1]


@pytest.fixture
def stoppable(cmu, tmp_path, precision, monkeypatch):
    """Trains into a folder of `tmp_path`; `stop` = (stage, step) is where it is cut off.

    A checkpoint is written after every step, and progress told at every step before it is.
    """
    monkeypatch.setattr(loop, "CHECKPOINT_S", -1.0)
    monkeypatch.setattr(loop, "REPORT_STEPS", 1)

    def go(config, name="run", stop=None, **options):
        def progress(p):
            if (p.stage, p.step) == stop:
                raise StoppedError

        options = {"precision": precision, "progress": progress} | options
        return train(config, options.pop("data", cmu), tmp_path / name, **options)

    return go
