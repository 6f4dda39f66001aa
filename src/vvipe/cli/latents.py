"""Poses named on the command line, as points of the embedding space."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from vvipe.cli.inputs import pick_frame, read_rows
from vvipe.errors import VvipeError, none_left

if TYPE_CHECKING:
    import numpy as np

    from vvipe.embeddings import Embeddings
    from vvipe.formats.format import Poses
    from vvipe.formats.shards import Shard

T = TypeVar("T")
PROTOTYPE_FPS = 30.0


def embedded_pose(
    model: Any, name: str, frame: int | None, skeleton: str | None, last: bool = False
) -> Embeddings:
    """The embedding (1, D) of one pose: of a file, a prototype, or a prototype motion.

    Args:
        model: A V-VIPE.
        name: A file, OpenPose folder or video; else the name of a prototype of the model.
        frame: Frame number in the file or motion; by default the first that can be embedded.
        last: By default the last one instead.
        skeleton: What the file's joints are, where it does not say.

    Raises:
        VvipeError: Nothing of that name, no such frame, or too few joints are seen in it.
    """
    import numpy as np

    if Path(name).exists():
        found = model.embed(pick_frame(read_rows(Path(name), skeleton), frame))
    else:
        found = _prototype(model, name, frame)
    usable = np.flatnonzero(np.isfinite(found.vectors).all(-1))
    if not len(usable):
        raise VvipeError("too few joints are seen to embed a pose", where=found.source)
    return found[usable[-1:] if last else usable[:1]]


def embedded_motion(
    model: Any, name: str, first: int | None, last: int | None, skeleton: str | None,
    mirrored: bool = False,
) -> tuple[Embeddings, Embeddings | None, np.ndarray | None]:  # fmt: skip
    """A motion (T, D), its mirror image if wanted, and its times (T,), seconds, if known.

    Args:
        model: A representation.
        name: A file, OpenPose folder or video; else the name of a prototype motion, which has no
            mirror image.
        first: First frame number; by default that of the file.
        last: Last frame number, likewise.
        skeleton: What the file's joints are, where it does not say.
        mirrored: Whether the mirror image is wanted.

    Raises:
        VvipeError: Nothing of that name, or no frame from the first to the last.
    """
    if not Path(name).exists():
        from vvipe.library.rows import frames_of

        found = _prototype(model, name, None)
        found = found[_between(found.frame, first, last, name)]
        return found, None, frames_of(found) / PROTOTYPE_FPS
    poses = read_rows(Path(name), skeleton)
    poses = poses[_between(poses.frame, first, last, name)]
    mirror_image = model.embed(poses.mirrored()) if mirrored else None
    return model.embed(poses), mirror_image, poses.time_s


def _between(frame: Any, first: int | None, last: int | None, name: str) -> Any:
    import numpy as np

    low, high = (-np.inf if first is None else first), (np.inf if last is None else last)
    rows = (frame >= low) & (frame <= high)
    if not rows.any():
        known = f"{frame.min()} to {frame.max()}"
        raise VvipeError("no frame between these two", where=name, expected=known)
    return rows


def embedded_files(
    model: Any, paths: Iterable[Path], skeleton: str | None, shard: Shard | None = None
) -> tuple[list[Embeddings], list[VvipeError]]:
    """Embeddings (N, D) of every file below paths, and the errors of those that are damaged.

    Of a share of the files there may be none.

    Raises:
        VvipeError: No such skeleton, or nothing can be embedded.
    """
    from dataclasses import replace

    return of_files(
        lambda found, poses: replace(model.embed(poses), source=str(found)), paths, skeleton, shard
    )


def of_files(
    make: Callable[[Path, Poses], T], paths: Iterable[Path], skeleton: str | None,
    shard: Shard | None = None,
) -> tuple[list[T], list[VvipeError]]:  # fmt: skip
    """What is made of the poses (N, J, 2 or 3) of every file below paths, as `embedded_files`."""
    from vvipe.cli.detection_progress import detection_progress
    from vvipe.formats import read_all
    from vvipe.formats.columns import as_rows
    from vvipe.skeletons import get_skeleton

    if skeleton is not None:
        get_skeleton(skeleton)
    parts: list[T] = []
    errors: list[VvipeError] = []
    with detection_progress() as show:
        for path in paths:
            try:
                for found, poses in read_all(
                    path, skeleton=skeleton, on_error=errors.append, on_progress=show, shard=shard
                ):
                    try:
                        parts.append(make(found, as_rows(poses)))
                    except VvipeError as error:  # one that this model cannot take
                        errors.append(error)
            except VvipeError as error:
                errors.append(error)
    if parts or (shard and not errors):
        return parts, errors
    raise none_left(errors, "embedded")


def nothing(model: Any) -> Embeddings:
    """No embedding of a model."""
    import numpy as np

    from vvipe.embeddings import Embeddings

    none = np.zeros((0, model.dim), np.float32)
    return Embeddings(none, none, np.zeros(0, np.int64), "", model.id)


def _prototype(model: Any, name: str, frame: int | None) -> Embeddings:
    import numpy as np

    from vvipe.embeddings import Embeddings
    from vvipe.models.prototypes import load_prototypes

    try:
        library = load_prototypes(model)
    except VvipeError as error:
        raise VvipeError(
            "no such file or folder", where=name, hint=f"nor prototype: {error}"
        ) from None
    if name not in (*library.names, *library.motions):
        near = difflib.get_close_matches(name, [*library.names, *library.motions], n=1)
        hint = f"nearest prototype: {near[0]}" if near else f"prototypes: {library.names[0]}, …"
        raise VvipeError("neither a file nor a prototype", where=name, hint=hint)
    vectors = library.motions[name] if name in library.motions else library.vector(name)[None]
    if frame is not None and not 0 <= frame < len(vectors):
        raise VvipeError(f"no frame {frame}", where=name, expected=f"0 to {len(vectors) - 1}")
    found = Embeddings(vectors, np.zeros_like(vectors), np.arange(len(vectors)), name, model.id)
    return found if frame is None else found[[frame]]
