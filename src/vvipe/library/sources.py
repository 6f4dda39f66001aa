"""Files that are to go into a library, and what is said of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vvipe.errors import VvipeError, none_left
from vvipe.formats import pose_files, read
from vvipe.formats.columns import as_rows
from vvipe.formats.shards import Shard
from vvipe.library.content import content_of_file
from vvipe.library.rows import Clip, to_batch


@dataclass(frozen=True)
class Source:
    """A pose file to be added.

    Attributes:
        path: Of the file, or of a folder of OpenPose frames.
        name: Of its clip.
        camera: Which camera saw it.
        tags: Words to filter by.
        skeleton: What the joints are, where the file does not say.
    """

    path: Path
    name: str
    camera: str | None = None
    tags: tuple[str, ...] = ()
    skeleton: str | None = None

    def content(self) -> int:
        """By what it is known again."""
        return content_of_file(self.path, self.skeleton)

    def embedded(self, model: Any, columns: Any, content: int) -> tuple[int, Any]:
        """How many poses it has, and the rows of those that can be embedded.

        Args:
            model: What embeds them.
            columns: Of the library, from `schema`.
            content: Of the file.

        Raises:
            VvipeError: It cannot be read.
        """
        clip = Clip(content, str(self.path), self.name, self.camera, self.tags)
        poses = as_rows(read(self.path, skeleton=self.skeleton, on_error=lambda _: None))
        return len(poses), to_batch(columns, clip, model.embed(poses), poses)

    def error(self, error: VvipeError | OSError) -> VvipeError:
        """What went wrong with it."""
        if isinstance(error, VvipeError):
            return error
        return VvipeError(f"cannot be read ({error.strerror})", where=self.path)


def find_sources(
    paths: Iterable[Path], *, skeleton: str | None = None, camera: str | None = None,
    camera_in_path: str | None = None, tags: Sequence[str] = (), shard: Shard | None = None,
) -> tuple[list[Source], list[VvipeError]]:  # fmt: skip
    """Pose files below paths, and the errors of paths without any.

    Args:
        paths: Files, OpenPose folders, and folders of files in any format.
        skeleton: What the joints are, where a file does not say or says it wrong.
        camera: Which camera saw them all.
        camera_in_path: Instead: a regular expression whose first group in a path is the camera.
        tags: For all of them.
        shard: Only the files of this share.

    Raises:
        VvipeError: None at all.
    """
    found: list[Source] = []
    errors: list[VvipeError] = []
    for path in paths:
        try:
            if not path.exists():
                raise VvipeError("no such file or folder", where=path)
            for file in pose_files(path):
                if shard is None or shard.has(file, path):
                    seen_by = _camera(file, camera_in_path) or camera
                    found.append(Source(file, _name(file, path), seen_by, tuple(tags), skeleton))
        except VvipeError as error:
            errors.append(error)
    if not found and (errors or shard is None):
        raise nothing_added(errors)
    return found, errors


def nothing_added(errors: Sequence[VvipeError]) -> VvipeError:
    """Why not a single file could be added."""
    if not errors:
        return VvipeError("nothing to add", expected="files or folders")
    return none_left(errors, "added")


def _name(file: Path, below: Path) -> str:
    """A clip is called as its file, with the folders between it and what was asked for."""
    if file == below:
        return file.stem
    relative = file.relative_to(below)
    return relative.as_posix() if file.is_dir() else relative.with_suffix("").as_posix()


def _camera(path: Path, pattern: str | None) -> str | None:
    match = re.search(pattern, path.as_posix()) if pattern else None
    return match[1] if match else None
