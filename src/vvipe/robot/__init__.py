"""Robots that learn from a demonstration: the public names, each loaded when first used.

Needs the extra `robot` (gymnasium, gymnasium-robotics, MuJoCo, stable-baselines3, OpenCV), but for
demonstrations and the value of their way-points, which are plain numpy.
"""

from typing import Any

from vvipe.robot.names import HOME, load_name

__all__ = sorted(HOME)


def __getattr__(name: str) -> Any:
    if name not in HOME:
        raise AttributeError(f"module 'vvipe.robot' has no attribute {name!r}")
    return load_name(name)


def __dir__() -> list[str]:
    return __all__
