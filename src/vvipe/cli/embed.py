"""`vvipe embed`: a vector a pose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import as_rows, check_output
from vvipe.cli.parsing import Json, Model, Name, Out
from vvipe.cli.terminal import note
from vvipe.errors import VvipeError

if TYPE_CHECKING:
    from vvipe.models import Embeddings


@dataclass(frozen=True)
class Options:
    """Embeds 2D keypoints or 3D motion: row i out is pose i in, NaN where too little is seen.

    Several inputs follow each other in one file, with the source in each row. A damaged file is
    reported and passed over.

    Example: vvipe embed clips/ -o clips.parquet

    Attributes:
        inputs: Files, OpenPose folders, or folders of files in any format.
        out: .npz or .parquet with embeddings, variance, frame, source and model.
        skeleton: What the joints are, where a file does not say or says it wrong.
    """

    inputs: Annotated[tuple[Path, ...], tyro.conf.Positional]
    out: Out
    model: Model = "vvipe"
    skeleton: Name = None
    json: Json = False


def run(options: Options) -> Answer:
    """Embeds all inputs into one file."""
    from vvipe.formats.embeddings import EMBEDDING_SUFFIXES, write_embeddings

    check_output(options.out, EMBEDDING_SUFFIXES, *options.inputs)
    errors: list[VvipeError] = []
    parts = _embedded(options, errors)
    if not parts:
        raise _nothing(errors)
    for error in errors:
        note(str(error))
    write_embeddings(parts, options.out)
    rows = sum(len(part) for part in parts)
    absent = sum(int((part.vectors != part.vectors).any(1).sum()) for part in parts)
    answer = {
        "out": options.out, "rows": rows, "nan_rows": absent, "files": len(parts),
        "model": parts[0].model, "errors": [str(e) for e in errors],
    }  # fmt: skip
    text = f"{options.out}: {rows} embeddings from {len(parts)} file(s)"
    text += f", {absent} of them NaN (too few joints seen)" if absent else ""
    return Answer(answer, f"{text}; {len(errors)} file(s) damaged" if errors else text)


def _embedded(options: Options, errors: list[VvipeError]) -> list[Embeddings]:
    from dataclasses import replace

    from vvipe.formats import read_all
    from vvipe.models import load
    from vvipe.skeletons import get_skeleton

    if not options.inputs:
        raise VvipeError("nothing to embed", expected="files or folders before -o")
    if options.skeleton is not None:
        get_skeleton(options.skeleton)
    model = load(options.model)
    parts: list[Embeddings] = []
    for path in options.inputs:
        try:
            for found, poses in read_all(path, skeleton=options.skeleton, on_error=errors.append):
                parts.append(replace(model.embed(as_rows(poses)), source=str(found)))
        except VvipeError as error:
            errors.append(error)
    return parts


def _nothing(errors: list[VvipeError]) -> VvipeError:
    if len(errors) == 1:
        return errors[0]
    return VvipeError(
        f"none of {len(errors)} files can be embedded", hint=f"the first: {errors[0]}"
    )
