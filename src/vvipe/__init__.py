"""View-invariant human pose embeddings: the public names, each loaded when first used."""

from importlib import import_module
from typing import Any

_HOME = {
    "Embeddings": "vvipe.embeddings",
    "Library": "vvipe.library",
    "Poses2D": "vvipe.poses",
    "Poses3D": "vvipe.poses",
    "Skeleton": "vvipe.skeletons",
    "VvipeError": "vvipe.errors",
    "get_skeleton": "vvipe.skeletons",
    "load": "vvipe.models",
    "read": "vvipe.formats",
    "skeleton_names": "vvipe.skeletons",
    "write": "vvipe.formats",
}
__all__ = sorted(_HOME)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'vvipe' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
