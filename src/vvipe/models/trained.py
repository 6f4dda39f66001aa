"""What every trained model knows about itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any


class Trained:
    """A model as it was loaded.

    Attributes:
        name: The model's name.
        id: `name@hash`, which embeddings carry.
        config: What `config.json` beside the weights says.
        folder: Where the model was loaded from.
        embeds_3d: Whether `embed` takes 3D poses too.
    """

    embeds_3d = False

    def __init__(self, config: dict[str, Any], folder: Path) -> None:
        self.name: str = config["name"]
        self.id, self.config, self.folder = f"{self.name}@{config['sha256'][:12]}", config, folder
