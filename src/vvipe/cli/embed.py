"""`vvipe embed`: a vector a pose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import check_output
from vvipe.cli.parsing import Json, Model, Name, Out
from vvipe.cli.terminal import left_out
from vvipe.errors import VvipeError


@dataclass(frozen=True)
class Options:
    """Embeds 2D keypoints or 3D motion: row i out is pose i in, NaN where too little is seen.

    Several inputs follow each other in one file, with the source in each row. A damaged file is
    reported and passed over. With --shard many machines share the work: each embeds its own files
    and writes its own output, the same whenever it is done again.

    Example: vvipe embed clips/ -o clips.parquet

    Attributes:
        inputs: Files, OpenPose folders, videos, or folders of files in any format.
        out: .npz or .parquet with embeddings, variance, frame, source and model.
        skeleton: What the joints are, where a file does not say or says it wrong.
        shard: Only one worker's share of the files, such as 2/8; the second of eight.
    """

    inputs: Annotated[tuple[Path, ...], tyro.conf.Positional]
    out: Out
    model: Model = "vvipe"
    skeleton: Name = None
    shard: Name = None
    json: Json = False


def run(options: Options) -> Answer:
    """Embeds all inputs into one file."""
    from vvipe.cli.latents import embedded_files, nothing
    from vvipe.formats.embeddings import EMBEDDING_SUFFIXES, write_embeddings
    from vvipe.formats.shards import Shard
    from vvipe.models import load

    if not options.inputs:
        raise VvipeError("nothing to embed", expected="files or folders before -o")
    check_output(options.out, EMBEDDING_SUFFIXES, *options.inputs)
    shard = Shard.parse(options.shard) if options.shard else None
    model = load(options.model)
    parts, errors = embedded_files(model, options.inputs, options.skeleton, shard)
    write_embeddings(parts or nothing(model), options.out)
    for error in errors:
        left_out(error)
    rows = sum(len(part) for part in parts)
    absent = sum(int((part.vectors != part.vectors).any(1).sum()) for part in parts)
    answer = {
        "out": options.out, "rows": rows, "nan_rows": absent, "files": len(parts),
        "model": model.id, "errors": [str(e) for e in errors],
    }  # fmt: skip
    text = f"{options.out}: {rows} embeddings from {len(parts)} file(s)"
    text += f", {absent} of them NaN (too few joints seen)" if absent else ""
    return Answer(answer, f"{text}; {len(errors)} file(s) damaged" if errors else text)
