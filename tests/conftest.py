"""What all tests share: one thread, fixed seeds, and the way to the real data."""

import os
from ctypes.util import find_library
from pathlib import Path

# Before numpy and torch load: results then do not depend on the number of cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "agg")
# Before MuJoCo loads: it draws without a screen, where that is possible.
if "DISPLAY" not in os.environ and find_library("EGL"):
    os.environ.setdefault("MUJOCO_GL", "egl")
# Before Ray loads: it stays on this machine.
os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")

import numpy as np
import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile("default", deadline=None, derandomize=True)
settings.load_profile("default")


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator with a fixed seed, new for each test."""
    return np.random.default_rng(0)


@pytest.fixture
def seed() -> int:
    """Seeds torch for one test; also the number to hand to code that takes a seed."""
    import torch

    torch.manual_seed(0)
    return 0


@pytest.fixture(scope="session")
def data_root() -> Path:
    """The folder of real data: `VVIPE_DATA`, or `.data` beside the sources."""
    root = ROOT / os.environ.get("VVIPE_DATA", ".data")
    if not root.is_dir():
        pytest.skip(f"no real data in {root} (`make data`, or set VVIPE_DATA)")
    return root
