"""`vvipe library optimize`: a library in one piece again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.parsing import Json
from vvipe.errors import VvipeError


@dataclass(frozen=True)
class Options:
    """Joins what many additions left in pieces, and frees what was removed or left half-written.

    Others may go on reading and adding meanwhile: what changed within the last --keep-hours stays.

    Example: vvipe library optimize moves

    Attributes:
        library: The library.
        graph: Build the graph that `vvipe search --approximate` asks, and measure its recall.
        keep_hours: How long what is no longer needed is kept for those who still read it.
    """

    library: Annotated[str, tyro.conf.Positional]
    graph: bool = False
    keep_hours: float = 1.0
    json: Json = False


def run(options: Options) -> Answer:
    """Optimises a library."""
    from datetime import timedelta

    from vvipe.library import Library

    if not 0 <= options.keep_hours < float("inf"):
        raise VvipeError("--keep-hours must not be negative", got=options.keep_hours)
    library = Library.open(options.library)
    before = library.info()["pieces"]
    library.optimize(timedelta(hours=options.keep_hours))
    after = library.info()["pieces"]
    answer: dict[str, Any] = {"library": options.library, "pieces_before": before, "pieces": after}
    text = f"{options.library}: {after} piece(s), {before} before"
    if options.graph:
        answer["recall"] = recall = library.make_graph()
        text += f"; approximate searches find {recall:.1%} of the ten nearest"
    return Answer(answer, text)
