"""A library of a model without a network, and files to add."""

from pathlib import Path

import numpy as np
import pytest
from flat_model import DIM, FlatModel, keypoints

from vvipe.library import Library


@pytest.fixture(params=["matching", "euclidean"])
def model(request: pytest.FixtureRequest) -> FlatModel:
    return FlatModel(request.param)


@pytest.fixture
def library(tmp_path: Path, model: FlatModel) -> Library:
    return Library.create(tmp_path / "lib", model)


@pytest.fixture
def films(tmp_path: Path, rng: np.random.Generator) -> Path:
    """A folder of four npz files of keypoints at 10 frames a second, in two folders."""
    for i, name in enumerate(("left/a", "left/b", "right/a", "right/c")):
        path = tmp_path / "films" / f"{name}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        poses = keypoints(rng.normal(0, 3, (5 + i, DIM)))
        np.savez(path, keypoints=poses.coords, skeleton="coco13", fps=10)
    return tmp_path / "films"
