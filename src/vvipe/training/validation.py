"""Hit@1 on the validation sets while a training goes on: never on the test sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vvipe.errors import VvipeError
from vvipe.evaluation.evaluate import evaluate
from vvipe.evaluation.protocols import Protocol, load_protocol, thinned
from vvipe.training.loop import Validator

SETS = ("val-seen", "val-cross")
POSES = 500


def validator(data_root: Path) -> Validator | None:
    """Figures of a model on those validation sets that the data root holds; None without any."""
    protocols: list[Protocol] = []
    for name in SETS:
        try:
            protocol = load_protocol(name, data_root)
        except VvipeError:  # a folder that holds CMU alone has no other side to validate on
            continue
        protocols.append(thinned(protocol, POSES))

    def validate(model: Any) -> dict[str, float]:
        rows = {p.name: evaluate(model, p)[0] for p in protocols}
        hits = {f"{name} hit@1": round(row.hits[1], 2) for name, row in rows.items()}
        lifting = {
            f"{n} pa_mpjpe_mm": round(error, 2)
            for n, r in rows.items()
            if (error := r.lifting.get("pa_mpjpe_mm")) is not None
        }
        return hits | lifting

    return validate if protocols else None
