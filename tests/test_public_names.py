import re
import subprocess
import sys

import pytest

import vvipe

PUBLIC = [
    "Embeddings",
    "Library",
    "Poses2D",
    "Poses3D",
    "Skeleton",
    "VvipeError",
    "get_skeleton",
    "load",
    "read",
    "skeleton_names",
    "write",
]
SLOW_TO_IMPORT = ("torch", "matplotlib", "pyarrow")


def test_the_public_names_are_these() -> None:
    assert vvipe.__all__ == PUBLIC
    assert re.fullmatch(r"\d+\.\d+\.\d+", vvipe.__version__)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_can_be_had(name: str) -> None:
    assert getattr(vvipe, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'vvipe' has no attribute 'nonsense'"):
        _ = vvipe.nonsense


@pytest.mark.parametrize("module", ["vvipe", "vvipe.skeletons", "vvipe.poses", "vvipe.cli"])
def test_importing_loads_nothing_slow(module: str) -> None:
    script = (
        f"import sys, {module} as module; assert module.__file__;"
        f"print(*sorted(set({SLOW_TO_IMPORT}) & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (run.stderr, run.stdout.split()) == ("", [])
