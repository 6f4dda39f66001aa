"""The model card that is written beside the weights."""

from __future__ import annotations

from typing import Any

CMU = "CMU mocap"
CMU_ACKNOWLEDGEMENT = (
    "The data used in this project was obtained from mocap.cs.cmu.edu. "
    "The database was created with funding from NSF EIA-0196217."
)


_WHAT = {
    "vvipe": "View-invariant pose embedding (V-VIPE): 2D keypoints or 3D poses in, "
    "{latent}-dimensional embeddings out.",
    "pr-vipe": "Probabilistic view-invariant pose embedding (PR-VIPE): 2D keypoints in, "
    "{latent}-dimensional embeddings out.",
    "lifter": "Martinez lifter: 2D keypoints in, canonical 3D poses out.",
    "geometry-aware": "Geometry-aware representation (Chen et al. 2019), from pairs of views: "
    "2D keypoints in, {points} points in 3D and 3D poses out.",
    "vae-gan": "Unsupervised lifter (VAE-GAN), learnt from 2D poses alone: 2D keypoints in, "
    "3D poses and {latent}-dimensional latents out.",
}
_FACTS = ("representation", "sha256", "data_hash", "trained_on", "licence")


def licence(trained_on: str) -> str:
    """Under which terms weights may be used that learned from this."""
    if CMU in trained_on:
        return "weights: Apache-2.0; data: free for research and commercial use"
    return "the terms of the data that it was trained on"


def model_card(config: dict[str, Any]) -> str:
    """Markdown that says what the model is, what it saw, and how well it does."""
    lines = [
        f"# {config['name']}",
        "",
        _WHAT[config["representation"]].format(**config["architecture"]),
        "",
        "| | |",
        "|---|---|",
        *(f"| {key} | {config[key]} |" for key in _FACTS if key in config),
        *(f"| {key} | {value} |" for key, value in config["architecture"].items()),
    ]  # fmt: skip
    if config.get("metrics"):
        lines += ["", "## Measured", "", *_table(config["metrics"])]
    if CMU in config.get("trained_on", CMU):
        lines += ["", CMU_ACKNOWLEDGEMENT]
    return "\n".join([*lines, ""])


def _table(rows: list[dict[str, Any]]) -> list[str]:
    keys = list(rows[0])
    return [
        "| " + " | ".join(keys) + " |",
        "|" + "---|" * len(keys),
        *(
            "| " + " | ".join("" if row[k] is None else str(row[k]) for k in keys) + " |"
            for row in rows
        ),
    ]
