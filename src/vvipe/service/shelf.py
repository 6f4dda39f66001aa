"""The libraries that a service searches: by name, each as it is on disk now."""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from vvipe.errors import VvipeError
from vvipe.library import Library
from vvipe.library.store import is_local
from vvipe.service.refusals import RefusedError


class Held:
    """One library, opened again when it has changed.

    Attributes:
        name: How requests call it.
    """

    def __init__(self, name: str, uri: str, models: dict[str, Any]) -> None:
        self.name, self._uri, self._models, self._lock = name, uri, models, Lock()
        self._state: object = None
        self._open()

    @contextmanager
    def current(self) -> Generator[tuple[Library, Any]]:
        """The library as it is now, and its model.

        Raises:
            RefusedError: It is there no more.
            VvipeError: What the caller's use of it raises, with its name for its place on disk.
        """
        try:
            with self._lock:
                if self._state != self._seen():
                    self._open()
                found = self._library, self._model
        except (VvipeError, OSError) as error:
            raise RefusedError(
                404, f"{self.name}: cannot be read now ({self._named(error)})"
            ) from error
        try:
            yield found
        except VvipeError as error:
            raise VvipeError(self._named(error)) from error

    def _open(self) -> None:
        # Seen before it is opened: what changes in between is opened once more.
        self._state = self._seen()
        library = Library.open(self._uri)
        model = self._models.get(library.store.model)
        if model is None:
            model = self._models[library.store.model] = library.store.load_model()
        library.warm()
        self._library, self._model = library, model

    def _seen(self) -> object:
        """What tells one version on disk from another, also where it was made anew."""
        if is_local(self._uri):
            versions = Path(self._uri) / "_versions"
            if versions.is_dir():
                return sorted((e.name, e.stat().st_mtime_ns) for e in os.scandir(versions))
        return Library.open(self._uri).store.dataset.version

    def _named(self, error: Exception) -> str:
        return str(error).replace(self._uri, self.name)


class Shelf:
    """All libraries of a service.

    Args:
        libraries: Folders or addresses, or NAME=FOLDER; by default a library is called as its
            folder.
        models: Loaded models by their id, those of the libraries are added.

    Raises:
        VvipeError: No library there, or two of one name.
    """

    def __init__(self, libraries: Sequence[str], models: dict[str, Any]) -> None:
        self._held: dict[str, Held] = {}
        for word in libraries:
            name, uri = _name_and_place(word)
            if name in self._held:
                raise VvipeError(
                    f"two libraries are called {name!r}", where=uri, hint="such as old=FOLDER"
                )
            self._held[name] = Held(name, uri, models)

    @property
    def names(self) -> list[str]:
        """Of all libraries."""
        return list(self._held)

    def held(self, name: str | None) -> Held:
        """A library by its name, or the only one.

        Raises:
            RefusedError: None of that name.
        """
        if not self._held:
            raise RefusedError(404, "no library is served; start with vvipe serve --library FOLDER")
        known = ", ".join(self._held)
        if name is None and len(self._held) > 1:
            raise VvipeError("library: which one; libraries", expected=f"one of {known}")
        found = next(iter(self._held.values())) if name is None else self._held.get(name)
        if found is None:
            raise RefusedError(404, f"no library {repr(name)[:60]}; libraries: {known}")
        return found


def _name_and_place(word: str) -> tuple[str, str]:
    name, given, place = word.partition("=")
    if not given:
        name, place = re.split(r"[/\\]", word.rstrip("/\\"))[-1], word
    if not re.fullmatch(r"[\w.-]{1,100}", name) or not place:
        raise VvipeError(
            f"not a name for a library: {name!r}", where=word,
            expected="letters, digits, dots and dashes", hint="such as moves=FOLDER",
        )  # fmt: skip
    return name, place
