"""Pickles of plain data, read without running anything that they name.

Python's unpickler calls whatever a pickle names. Here the few names that numpy's pickles of arrays
need lead to functions of this module, which build the arrays themselves; any other name is an
error. Not even numpy's own unpickling runs: a forged state cannot reach it.
"""

from __future__ import annotations

import io
import math
import pickle
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np

from vvipe.errors import VvipeError

_CODE = re.compile(r"b1|[iuf][1248]|[SU]\d{1,6}|O8?")
_PLAIN = (str, bytes, int, float, bool, type(None))


def load_object(path: Path, name: str) -> Any:
    """An array of objects in an npz as dicts, lists, tuples, numbers, text and arrays of numbers.

    Args:
        path: The npz.
        name: The array; one of no dimensions, as `np.savez(path, name=a_dict)` writes, is its item.

    Raises:
        VvipeError: No such array, a damaged file, or a pickle of anything but plain data.
    """
    where = f"{path}: array {name!r}"
    try:
        with zipfile.ZipFile(path) as archive, archive.open(f"{name}.npy") as file:
            stream = io.BytesIO(file.read())
        if not _npy_dtype(stream).hasobject:
            raise VvipeError("holds no objects", where=where, expected="a pickled dict")
    except KeyError:
        raise VvipeError(f"no array {name!r}", where=path) from None
    except VvipeError:
        raise
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError):
        raise VvipeError("damaged or cut short", where=path) from None
    return load_plain(stream, where)


def load_plain(stream: BinaryIO, where: object) -> Any:
    """One pickle of dicts, lists, tuples, numbers, text and numpy arrays of those.

    Arrays of objects become lists, or their item where they have no dimensions.

    Raises:
        VvipeError: It is damaged, names anything else, or refers to itself.
    """
    try:
        # Python 2 pickled text, and the bytes of arrays, as what is read back as Latin-1 text.
        return _unwrapped(_Unpickler(stream, encoding="latin1").load(), {})
    except Exception as error:  # a damaged pickle raises nearly anything
        got = str(error) or type(error).__name__
        raise VvipeError(
            "not a pickle of plain data; nothing in it was run", where=where,
            expected="dicts, lists, numbers, text and arrays", got=got,
        ) from None  # fmt: skip


def _npy_dtype(stream: BinaryIO) -> np.dtype[Any]:
    """The type of an npy file's array; the stream is left at the content."""
    readers = {(1, 0): np.lib.format.read_array_header_1_0}
    read = readers.get(np.lib.format.read_magic(stream), np.lib.format.read_array_header_2_0)
    return read(stream)[2]


class _Dtype:
    """The type of an array: numbers, text, bytes or objects, and their byte order."""

    def __init__(self, code: str, *_: object) -> None:
        if not _CODE.fullmatch(code):
            raise ValueError(f"the type {code!r}")
        self.code, self.order = code, "|"

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        if state[1] not in ("<", ">", "|", "=") or any(part is not None for part in state[2:5]):
            raise ValueError("a structured type")
        self.order = state[1]

    def numpy(self) -> np.dtype[Any]:
        return np.dtype("O" if self.code[0] == "O" else self.order + self.code)


class _Array:
    """An array in the making; numpy's pickles make it empty and then give it its state."""

    def __init__(self, *_: object) -> None:
        self.value: np.ndarray | list[Any] = []

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        shape, dtype, fortran, content = state[-4:]
        if dtype.code[0] != "O":
            self.value = _from_bytes(content, dtype, shape, "F" if fortran else "C")
        elif len(content) == math.prod(shape):
            self.value = content if shape else content[0]
        else:
            raise ValueError("an array of the wrong size")


def _from_bytes(content: Any, dtype: _Dtype, shape: Any, order: Any) -> np.ndarray:
    content = content.encode("latin1") if isinstance(content, str) else bytes(content)
    return np.frombuffer(content, dtype.numpy()).reshape(shape, order=order).copy()


def _from_buffer(content: Any, dtype: _Dtype, shape: Any, order: Any) -> _Array:
    array = _Array()
    array.value = _from_bytes(content, dtype, shape, order)
    return array


def _scalar(dtype: _Dtype, content: Any) -> Any:
    return _from_bytes(content, dtype, (), "C").item()


def _latin1(text: str, encoding: str) -> bytes:
    if encoding != "latin1":
        raise ValueError(f"the encoding {encoding!r}")
    return text.encode("latin1")


def _no_bytes() -> bytes:
    return b""


_NDARRAY = object()  # only ever an argument of `_reconstruct`
_NAMES: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): _NDARRAY,
    ("numpy", "dtype"): _Dtype,
    ("_codecs", "encode"): _latin1,  # how old protocols write bytes, and none
    ("__builtin__", "bytes"): _no_bytes,
} | {
    (f"numpy.{core}.{module}", name): maker
    for core in ("core", "_core")
    for module, name, maker in (
        ("multiarray", "_reconstruct", _Array),
        ("multiarray", "scalar", _scalar),
        ("numeric", "_frombuffer", _from_buffer),
    )
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str, /) -> Any:
        if (module_name, global_name) not in _NAMES:
            raise pickle.UnpicklingError(f"the name {module_name}.{global_name}")
        return _NAMES[module_name, global_name]


def _unwrapped(value: Any, done: dict[int, Any]) -> Any:
    """The plain value; what stands in several places is made once, so nothing grows."""
    if isinstance(value, _PLAIN):
        return value
    if id(value) not in done:
        done[id(value)] = _UNFINISHED
        done[id(value)] = _made(value, lambda part: _unwrapped(part, done))
    if done[id(value)] is _UNFINISHED:
        raise ValueError("a value that holds itself")
    return done[id(value)]


_UNFINISHED = object()


def _made(value: Any, make: Callable[[Any], Any]) -> Any:
    if isinstance(value, _Array):
        return value.value if isinstance(value.value, np.ndarray) else make(value.value)
    if isinstance(value, dict):
        return {make(k): make(v) for k, v in cast(dict[Any, Any], value).items()}
    if isinstance(value, list | tuple):
        return type(value)(make(part) for part in cast(Iterable[Any], value))
    raise ValueError(f"a {type(value).__name__}")
