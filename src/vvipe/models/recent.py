"""What networks made of the last few inputs, for callers that ask for one part after another."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

CALLS = 16  # a protocol has eleven cameras
ROWS = 4096  # what is longer is made again rather than kept


class Recent:
    """Results of the last few calls, by the content of what they were given."""

    def __init__(self) -> None:
        self._kept: deque[tuple[bytes, Sequence[np.ndarray]]] = deque(maxlen=CALLS)

    def __call__(
        self, function: Callable[..., Sequence[np.ndarray]], kind: str, *arrays: np.ndarray
    ) -> Sequence[np.ndarray]:
        """What `function` makes of the arrays; read-only, as others may be given the same.

        Args:
            function: What makes it.
            kind: A name for the function, which is part of what is remembered.
            arrays: Its arguments; their first axis is rows.
        """
        key = _content(kind, arrays)
        for known, result in tuple(self._kept):
            if known == key:
                return result
        result = function(*arrays)
        for array in result:
            array.setflags(write=False)
        if len(arrays[0]) <= ROWS:
            self._kept.append((key, result))
        return result


def _content(kind: str, arrays: Sequence[np.ndarray]) -> bytes:
    content: Any = hashlib.blake2b(kind.encode())
    for array in arrays:
        content.update(f"{array.dtype}{array.shape}".encode())
        content.update(np.ascontiguousarray(array))
    return content.digest()
