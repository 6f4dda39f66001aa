"""Which trainings stand in the tables of `vvipe bench accuracy`."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from vvipe.errors import VvipeError
from vvipe.training import ABLATIONS, PRESETS, TrainConfig, VVipeConfig
from vvipe.training.overrides import overridden


@dataclass(frozen=True)
class Entry:
    """One training, a row of a table.

    Attributes:
        name: How the row is called.
        table: `methods`, `cameras` (without random ones), `detections` (trained on the errors of
            real detectors, with random cameras and without) or `ablations`.
        preset: Where its configuration comes from.
        settings: What is changed of it, `key=value` each.
        without: An ablation.
    """

    name: str
    table: str
    preset: str
    settings: tuple[str, ...] = ()
    without: str | None = None

    @property
    def slug(self) -> str:
        """The name as part of a file's."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower())

    def config(self, seed: int, steps: int | None = None) -> TrainConfig:
        """Its configuration, every stage at most `steps` long."""
        config = overridden(PRESETS[self.preset](), self.settings)
        if self.without is not None:
            assert isinstance(config, VVipeConfig)
            config = ABLATIONS[self.without](config)
        stages = [f.name for f in dataclasses.fields(config) if f.name.startswith("steps")]
        most = {s: getattr(config, s) if steps is None else steps for s in stages}
        short = {s: min(getattr(config, s), most[s]) for s in stages}
        return dataclasses.replace(config, model=self.name, seed=seed, **short)


METHODS = ("vvipe", "vvipe-paper", "pr-vipe", "lifter")
OWN_CAMERAS = ("views.random=0.0",)
DETECTIONS = ("views.detector=1.0",)
_LEFT_OUT = {
    "triplet": "no triplet", "align": "no rotation alignment", "universal": "no universal skeleton",
    "pretrain": "no pretraining",
}  # fmt: skip

ENTRIES: tuple[Entry, ...] = (
    *(Entry(name, "methods", name) for name in METHODS),
    *(Entry(f"{name}, own cameras", "cameras", name, OWN_CAMERAS) for name in METHODS),
    *(Entry(f"{name}, detections", "detections", name, DETECTIONS) for name in METHODS),
    *(
        Entry(f"{name}, detections, own cameras", "detections", name, DETECTIONS + OWN_CAMERAS)
        for name in METHODS
    ),
    *(
        Entry(f"vvipe-paper, {said}", "ablations", "vvipe-paper", without=ablation)
        for ablation, said in _LEFT_OUT.items()
    ),
)


def entries_named(names: Sequence[str]) -> tuple[Entry, ...]:
    """The entries of these names or tables, in the order of `ENTRIES`; all of them for none.

    Raises:
        VvipeError: No entry and no table is called so.
    """
    known = {*(entry.name for entry in ENTRIES), *(entry.table for entry in ENTRIES)}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
            raise VvipeError(f"no entry {name!r}", expected=", ".join(sorted(known)), hint=near)
    return tuple(e for e in ENTRIES if not names or e.name in names or e.table in names)
