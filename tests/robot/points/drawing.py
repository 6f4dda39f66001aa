"""Whether MuJoCo can draw on this machine; asked in another process, which GL may abort."""

import functools
import subprocess
import sys

import pytest

_TRY = (
    "import mujoco; m = mujoco.MjModel.from_xml_string('<mujoco><worldbody/></mujoco>');"
    "mujoco.Renderer(m, 8, 8).render()"
)


@functools.cache
def can_draw() -> bool:
    done = subprocess.run([sys.executable, "-c", _TRY], capture_output=True, timeout=60)
    return done.returncode == 0


def need_drawing() -> None:
    if not can_draw():
        pytest.skip("MuJoCo cannot draw here")
