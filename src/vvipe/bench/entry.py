"""One training, a row of the tables of `vvipe bench accuracy`."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from vvipe.training import ABLATIONS, PRESETS, TrainConfig, VVipeConfig
from vvipe.training.overrides import overridden

SHORT = 0.1


@dataclass(frozen=True)
class Entry:
    """One training, a row of the tables that it stands in.

    Attributes:
        name: How the row is called.
        tables: Of `TABLES`.
        preset: Where its configuration comes from.
        settings: What is changed of it, `key=value` each.
        without: An ablation.
        length: Share of the preset's steps.
        start: Name of the entry whose weights, of the same seed, it begins with.
        protocols: What it is measured on; None for what all are.
        rankings: Whether it is measured under each of its rankings, or the first alone.
        detections: Whether it is measured with the errors of real detectors as well.
    """

    name: str
    tables: tuple[str, ...]
    preset: str
    settings: tuple[str, ...] = ()
    without: str | None = None
    length: float = SHORT
    start: str | None = None
    protocols: tuple[str, ...] | None = None
    rankings: bool = False
    detections: bool = True

    @property
    def slug(self) -> str:
        """The name as part of a file's."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower())

    def config(self, seed: int, steps: int | None = None, start: str = "") -> TrainConfig:
        """Its configuration.

        Args:
            seed: The seed.
            steps: No stage is longer.
            start: Folder of the run that it begins with.
        """
        config = overridden(PRESETS[self.preset](), self.settings)
        if self.without is not None:
            assert isinstance(config, VVipeConfig)
            config = ABLATIONS[self.without](config)
        stages = [f.name for f in dataclasses.fields(config) if f.name.startswith("steps")]
        lengths = {s: round(self.length * getattr(config, s)) for s in stages}
        if steps is not None:
            lengths = {s: min(length, steps) for s, length in lengths.items()}
        return dataclasses.replace(config, model=self.name, seed=seed, start=start, **lengths)
