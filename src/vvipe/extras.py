"""Libraries that come with the extras of the package."""

from __future__ import annotations

import importlib
from typing import Any

from vvipe.errors import VvipeError


def need(module: str, extra: str, where: object = None) -> Any:
    """A module of an extra.

    Args:
        module: Such as `scipy.io`.
        extra: Such as `datasets`.
        where: The file or option that needs it, for the message.

    Raises:
        VvipeError: It is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        library = module.partition(".")[0]
        raise VvipeError(
            f"needs {library}, which is not installed", where=where,
            hint=f"pip install 'vvipe[{extra}]'",
        ) from None  # fmt: skip
