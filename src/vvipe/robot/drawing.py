"""MuJoCo's pictures: without a screen where that is possible, a clear word where it is not."""

from __future__ import annotations

import os
from ctypes.util import find_library
from typing import Any

from vvipe.errors import VvipeError


def without_screen() -> None:
    """Lets MuJoCo draw without a screen; to be called before it loads."""
    if "DISPLAY" not in os.environ and find_library("EGL"):
        os.environ.setdefault("MUJOCO_GL", "egl")


def renderer(model: Any, size: tuple[int, int]) -> Any:
    """What draws a model.

    Args:
        model: MuJoCo's.
        size: Width and height, pixels.

    Raises:
        VvipeError: No GL library.
    """
    import mujoco

    try:
        return mujoco.Renderer(model, size[1], size[0])
    except Exception as error:  # each GL library has errors of its own
        raise VvipeError(
            "MuJoCo cannot draw here", hint="MUJOCO_GL=egl or osmesa, and its library"
        ) from error
