"""`vvipe library create`: an empty library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.parsing import Json, Model


@dataclass(frozen=True)
class Options:
    """Makes an empty library of poses, all to be embedded by one model.

    A library is a Lance table: a folder, or an object in a store.

    Example: vvipe library create moves

    Attributes:
        library: A folder that is not there yet, or an address such as s3://bucket/moves.
    """

    library: Annotated[str, tyro.conf.Positional]
    model: Model = "vvipe"
    json: Json = False


def run(options: Options) -> Answer:
    """Makes a library."""
    from vvipe.library import Library

    library = Library.create(options.library, options.model)
    answer = {"library": options.library, "model": library.store.model}
    return Answer(answer, f"{options.library}: an empty library of {library.store.model}")
