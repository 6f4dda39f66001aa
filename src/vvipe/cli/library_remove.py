"""`vvipe library remove`: clips out of a library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.parsing import Json, Several
from vvipe.errors import VvipeError


@dataclass(frozen=True)
class Options:
    """Removes the clips for which all conditions hold; files are left alone.

    In names, * stands for any letters. `vvipe library optimize` gives the space back.

    Example: vvipe library remove moves --clip 'takes/old_*'

    Attributes:
        library: The library.
        clip: Clips of this name; several may be given.
        source: Clips of this file; several may be given.
        camera: Clips of this camera; several may be given.
        tag: Clips with this tag; several must all be there.
    """

    library: Annotated[str, tyro.conf.Positional]
    clip: Several = ()
    source: Several = ()
    camera: Several = ()
    tag: Several = ()
    json: Json = False


def run(options: Options) -> Answer:
    """Removes clips."""
    from vvipe.cli.libraries import filter_of
    from vvipe.library import Library

    where = filter_of(options)
    if not where:
        raise VvipeError("nothing named to remove", expected="--clip, --source, --camera or --tag")
    library = Library.open(options.library)
    rows = library.remove(where)
    if not rows:
        raise VvipeError("no such clip", where=options.library, got=where.to_sql())
    answer = {"library": options.library, "removed_rows": rows, "total_rows": len(library)}
    return Answer(answer, f"{options.library}: {rows} poses removed, {len(library)} left")
