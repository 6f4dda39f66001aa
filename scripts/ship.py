"""Makes a trained run the model that ships: copies it without its checkpoint, adds its figures.

    python scripts/ship.py runs/first src/vvipe/models/weights/vvipe results/*.json

The results are those of `vvipe eval --model runs/first --out …`; the rows of the model and of its
baselines are kept in `config.json` and in the model card.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from vvipe.models.card import model_card
from vvipe.models.storage import CARD, CONFIG, WEIGHTS, read_config

SHIPPED = (WEIGHTS, "prototypes.npz", "train.toml")
KEPT = ("model", "views", "hit@1", "hit@10", "hit@20", "mpjpe_mm", "pa_mpjpe_mm")


def main(run: Path, target: Path, results: list[Path]) -> None:
    """Copies the files and writes configuration and card."""
    target.mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        shutil.copy2(run / name, target / name)
    config = read_config(run)
    rows = [
        {"protocol": result["protocol"]} | {key: row[key] for key in KEPT}
        for result in (json.loads(path.read_text()) for path in sorted(results))
        for row in result["rows"]
        if row["model"] not in ("oracle", "mean pose")
    ]
    config["metrics"] = rows
    (target / CONFIG).write_text(json.dumps(config, indent=2) + "\n")
    (target / CARD).write_text(model_card(config))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(p) for p in sys.argv[3:]])
