"""`vvipe view`: look at poses, matches and the space in the browser."""

from __future__ import annotations

import tempfile
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.parsing import Flag, Json, Model, Name
from vvipe.cli.terminal import note
from vvipe.errors import VvipeError

if TYPE_CHECKING:
    from vvipe.viewer.collection import Collection
    from vvipe.viewer.recording import Recording


@dataclass(frozen=True)
class Options:
    """Opens a page in the browser: scrub, search, edit, compare and export poses. Works offline.

    What is named can be a library, which is then searched, and any number of pose files and
    OpenPose folders; a video of the same name is shown behind 2D keypoints. Without a library the
    model's own prototypes are searched. Ends with Ctrl+C.

    Example: vvipe view moves athlete.npz coach.bvh

    Attributes:
        paths: A library, files and OpenPose folders.
        port: Where to listen; the next free port where it is in use.
        host: Address to listen on; by default only this machine can reach it.
        no_browser: Leaves it to you to open the page.
        skeleton: What the joints are, where the files do not say or say it wrong.
    """

    paths: Annotated[tuple[Path, ...], tyro.conf.Positional] = ()
    port: int = 8090
    host: str = "127.0.0.1"
    no_browser: Flag = False
    model: Model = "vvipe"
    skeleton: Name = None
    json: Json = False


def run(options: Options) -> Answer:
    """Serves the page until it is interrupted."""
    from vvipe.extras import need
    from vvipe.viewer.server import Viewer

    need("viser", "view")
    check(options)
    with tempfile.TemporaryDirectory(prefix="vvipe-view-") as folder:
        collection, model = searched(options, Path(folder))
        viewer = Viewer(
            model, collection, starting(model, collection, options), options.host, options.port
        )
        viewer.read(files_of(options), options.skeleton)
        note(f"{viewer.url}  (Ctrl+C ends it)")
        if not options.no_browser:
            webbrowser.open(viewer.url)
        try:
            viewer.wait()
        except KeyboardInterrupt:
            note("ended")
        finally:
            viewer.stop()
    return Answer({"url": viewer.url}, viewer.url)


def check(options: Options) -> None:
    """Finds out before the page opens what cannot be shown at all.

    Raises:
        VvipeError: Nothing at a path, no format that is known, or more than one library.
    """
    from vvipe.formats import format_of

    libraries = [path for path in options.paths if is_library(path)]
    if len(libraries) > 1:
        raise VvipeError("one library at a time", got=" and ".join(map(str, libraries)))
    for path in files_of(options):
        format_of(path)
    if not 0 <= options.port <= 65535:
        raise VvipeError("no such port", expected="0 to 65535", got=options.port)


def searched(options: Options, folder: Path) -> tuple[Collection | None, Any]:
    """What is searched, the model's prototypes where no library is named, and the model."""
    from vvipe.library import Library
    from vvipe.models import load
    from vvipe.viewer.collection import Collection, prototypes

    for path in filter(is_library, options.paths):
        library = Library.open(path)
        model = library.store.load_model()
        return Collection(library, model, path.name), model
    model = load(options.model)
    try:
        return prototypes(model, folder / "prototypes"), model
    except VvipeError as error:
        note(f"nothing to search: {error}")
        return None, model


def starting(model: Any, collection: Collection | None, options: Options) -> list[Recording]:
    """What can be opened before a file has been read."""
    from vvipe.viewer.collection import motions
    from vvipe.viewer.recording import from_latents

    if collection is None or files_of(options):
        return []
    if any(map(is_library, options.paths)):
        first = collection.first_recording()
        return [] if first is None else [first]
    return [from_latents(model, codes.source, codes) for codes in motions(model)]


def files_of(options: Options) -> list[Path]:
    """The paths that are no library."""
    return [path for path in options.paths if not is_library(path)]


def is_library(path: Path) -> bool:
    """Whether a folder holds a Lance table."""
    return (path / "_versions").is_dir()
