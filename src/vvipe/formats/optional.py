"""Libraries that only some formats need."""

from __future__ import annotations

import importlib
from typing import Any

from vvipe.errors import VvipeError


def need(module: str, where: object) -> Any:
    """A module of the extra `datasets`.

    Raises:
        VvipeError: It is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        library = module.partition(".")[0]
        raise VvipeError(
            f"this file can only be read with {library}", where=where,
            hint="install vvipe[datasets]",
        ) from None  # fmt: skip
