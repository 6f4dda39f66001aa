"""A tiny model with random weights, plausible people, and the command line called in-process."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vvipe.cli import main
from vvipe.evaluation import Protocol
from vvipe.evaluation.protocols import camera_pairs, project
from vvipe.geometry.bones import universal_lengths, walk
from vvipe.geometry.cameras import stand_on_floor
from vvipe.geometry.layouts import HUMAN36M
from vvipe.poses import Poses2D
from vvipe.skeletons import get_skeleton

H36M17 = get_skeleton("h36m17")
# Where each bone points in a person who stands and faces -x; the right side is at +y.
_POINTS = {
    "hip": (0, 0, 0), "spine": (0, 0, 1), "thorax": (0, 0, 1), "nose": (-0.5, 0, 0.8),
    "head": (0, 0, 1), "right_hip": (0, 1, 0), "left_hip": (0, -1, 0), "right_knee": (0, 0, -1),
    "left_knee": (0, 0, -1), "right_ankle": (0.1, 0, -1), "left_ankle": (0.1, 0, -1),
    "right_shoulder": (0, 1, -0.1), "left_shoulder": (0, -1, -0.1), "right_elbow": (0, 0.4, -1),
    "left_elbow": (0, -0.4, -1), "right_wrist": (-0.4, 0, -1), "left_wrist": (-0.4, 0, -1),
}  # fmt: skip


def people(count: int, seed: int = 0) -> np.ndarray:
    """(N, 17, 3) world poses, metres: standing people with their limbs turned at random."""
    rng = np.random.default_rng(seed)
    directions = np.array([_POINTS[j] for j in H36M17.joints], np.float32)
    bent = directions + rng.normal(0, 0.3, (count, 17, 3)).astype(np.float32) * (directions != 0)
    bent /= np.linalg.norm(bent, axis=-1, keepdims=True) + 1e-9
    return walk(bent * universal_lengths()[:, None], H36M17).astype(np.float32)


def protocol(count: int) -> Protocol:
    """Random people before the four Human3.6M cameras."""
    standing = stand_on_floor(people(count), H36M17.index("hip"))
    return Protocol("small", standing, HUMAN36M, {"all": camera_pairs(HUMAN36M)})


def filmed(count: int, camera: int = 0) -> Poses2D:
    """What one of the cameras sees: coco13 pixels."""
    return project(protocol(count), camera)


@pytest.fixture
def film() -> Callable[..., Poses2D]:
    """`filmed`, for tests."""
    return filmed


@pytest.fixture
def protocols() -> Callable[[int], Protocol]:
    """`protocol`, for tests."""
    return protocol


@pytest.fixture
def walkers() -> Callable[..., np.ndarray]:
    """`people`, for tests."""
    return people


@dataclass(frozen=True)
class Result:
    """Exit code and both outputs of a call."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on standard output."""
        assert self.code == 0, self.err
        assert self.out.count("\n") == 1
        return json.loads(self.out, parse_constant=pytest.fail)

    def error(self) -> str:
        """The one line of a call that failed by bad input."""
        assert self.code == 2
        assert self.out == ""
        assert self.err.startswith("vvipe: error: ") and self.err.count("\n") == 1
        return self.err


Cli = Callable[..., Result]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Calls `vvipe` with words, in this process."""

    def call(*words: object) -> Result:
        capsys.readouterr()
        code = main([str(w) for w in words])
        return Result(code, *capsys.readouterr())

    return call


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small model with random weights and a prototype library."""
    import torch

    from vvipe.models.networks import Architecture, Networks
    from vvipe.models.prototypes import Prototypes, save_prototypes
    from vvipe.models.storage import save_model

    folder = tmp_path_factory.mktemp("models") / "tiny"
    torch.manual_seed(0)
    networks = Networks(Architecture(width_2d=32, width_3d=32)).eval()
    about = {"name": "tiny", "representation": "vvipe", "trained_on": "nothing"}
    save_model(folder, networks, about | {"metrics": [{"protocol": "made-up", "hit@1": 12.5}]})
    vectors = np.random.default_rng(0).normal(0, 5, (40, 32)).astype(np.float32)
    names = ("crouch", "reach", *(f"clip@{i}" for i in range(38)))
    save_prototypes(folder, Prototypes(names, vectors, {"walk": vectors[:6]}, key_poses=2))
    return folder


@pytest.fixture
def keypoints(tmp_path: Path) -> Path:
    """An npz of 12 rows of keypoints: row 4 shows nobody, row 7 too little, frames count by 2."""
    coords = filmed(12).keypoints.copy()
    coords[4] = np.nan
    coords[7, 3:] = np.nan
    path = tmp_path / "keypoints.npz"
    frame = np.arange(12) * 2
    np.savez(
        path, keypoints=coords, skeleton="coco13", frame=frame, fps=25, image_size=(1000, 1000)
    )
    return path


@pytest.fixture
def motion(tmp_path: Path) -> Path:
    """An npz of 12 rows of 3D positions."""
    path = tmp_path / "motion.npz"
    np.savez(path, positions=people(12), skeleton="h36m17", unit="m", up="z", fps=50)
    return path
