"""`vvipe eval`: retrieval and lifting measured on a protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vvipe.cli.answer import Answer, plain
from vvipe.cli.inputs import check_output
from vvipe.cli.parsing import File, Json, Model
from vvipe.cli.terminal import note
from vvipe.errors import VvipeError


@dataclass(frozen=True)
class Options:
    """Measures Hit@1/10/20 and lifting errors, beside 2D keypoints, mean pose, random and oracle.

    Example: vvipe eval --protocol cmu-cross --out results.json

    Attributes:
        protocol: cmu-seen or cmu-cross, for tables; val-seen or val-cross, for choices; with the
            licensed files, h36m, 3dhp and others of docs/licensed-data.md.
        data: Folder of the data; by default VVIPE_DATA, else .data.
        out: Writes the result as JSON.
        detections: Keypoints with the errors of real detectors instead of exact ones.
        seed: Of what is drawn at random.
    """

    protocol: str = "cmu-seen"
    model: Model = "vvipe"
    data: File = None
    out: File = None
    detections: bool = False
    seed: int = 0
    json: Json = False


def run(options: Options) -> Answer:
    """Evaluates one model on one protocol."""
    from vvipe.datasets import data_root
    from vvipe.evaluation import load_protocol, rows_to_json
    from vvipe.evaluation.tables import plain_table
    from vvipe.models import load

    if options.out:
        check_output(options.out, (".json",))
    if options.seed < 0:
        raise VvipeError("--seed must not be negative", got=options.seed)
    model = load(options.model)
    protocol = load_protocol(options.protocol, options.data or data_root(), options.seed)
    note(f"{protocol.name}: {len(protocol.poses)} poses, {len(protocol.layout)} cameras")
    rows = _rows(model, protocol, options)
    keypoints = "detections" if options.detections else "exact"
    result = rows_to_json(protocol, rows, options.seed, keypoints)
    if options.out:
        _write(options.out, result)
    return Answer(result, plain_table([result]))


def _rows(model: Any, protocol: Any, options: Options) -> list[Any]:
    from functools import partial

    from vvipe.evaluation import baselines, detections_view, evaluate, project, rankings

    methods = (*rankings(model), *baselines(protocol, options.seed))
    view = partial(detections_view, seed=options.seed) if options.detections else project
    return [row for method in methods for row in evaluate(method, protocol, view=view)]


def _write(path: Any, result: dict[str, Any]) -> None:
    import json

    from vvipe.formats.atomic import write_text

    write_text(path, json.dumps(plain(result), indent=2) + "\n")
