"""`vvipe library info`: what is in a library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.parsing import Json
from vvipe.cli.table import table_of


@dataclass(frozen=True)
class Options:
    """Tells how many poses and clips a library has, of which cameras and tags, and its model.

    Example: vvipe library info moves --clips

    Attributes:
        library: The library.
        clips: List the clips too.
    """

    library: Annotated[str, tyro.conf.Positional]
    clips: bool = False
    json: Json = False


def run(options: Options) -> Answer:
    """Tells about a library."""
    from vvipe.library import Library

    library = Library.open(options.library)
    about = library.info()
    clips = [dict(clip) for clip in library.clips()] if options.clips else None
    answer = {"library": options.library, **about} | ({"clips": clips} if clips is not None else {})
    lines = [f"{options.library}"]
    for key, value in about.items():
        told = ", ".join(map(str, value)) or "none" if isinstance(value, list | tuple) else value
        lines.append(f"  {key:<10} {told}")
    if clips:
        lines += ["", table_of([c | {"tags": ", ".join(c["tags"])} for c in clips])]
    return Answer(answer, "\n".join(lines))
