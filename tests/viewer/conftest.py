"""The shipped model, its prototypes as a library, and a recording in 2D and in 3D."""

from pathlib import Path
from typing import Any

import pytest
from bodies import filmed, moving

import vvipe
from vvipe.viewer.collection import Collection, prototypes
from vvipe.viewer.recording import Recording, to_recording
from vvipe.viewer.session import Session


@pytest.fixture(scope="session")
def shipped() -> Any:
    return vvipe.load()


@pytest.fixture(scope="session")
def known(shipped: Any, tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return prototypes(shipped, tmp_path_factory.mktemp("prototypes") / "lib")


@pytest.fixture(scope="session")
def film(shipped: Any) -> Recording:
    return to_recording(shipped, filmed(frames=90), "film")


@pytest.fixture(scope="session")
def mocap(shipped: Any) -> Recording:
    return to_recording(shipped, moving(frames=80, seed=1), "mocap")


@pytest.fixture
def session(shipped: Any, known: Collection, film: Recording, mocap: Recording) -> Session:
    opened = Session(shipped, known, [film, mocap])
    opened.open(film)
    return opened


@pytest.fixture(scope="session")
def library(shipped: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a clip in 2D and one in 3D, of two cameras and with tags."""
    path = tmp_path_factory.mktemp("library") / "moves"
    made = vvipe.Library.create(path, shipped)
    for clip, poses in (("walk", filmed(frames=60, seed=3)), ("dance", moving(frames=60, seed=4))):
        made.add(shipped.embed(poses), poses, clip=clip, camera=f"cam-{clip}", tags=(clip,))
    return path
