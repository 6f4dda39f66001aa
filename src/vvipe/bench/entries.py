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

TABLES = {
    "methods": "Methods, trained in full",
    "cameras": "With random cameras, and with Human3.6M's alone (short trainings)",
    "detections": "Trained on the errors of real detectors (short trainings)",
    "ablations": "V-VIPE as published, without one of its parts (short trainings)",
    "latent": "Dimensions of the embedding (short trainings)",
    "data": "Share of the training clips (short trainings)",
    "unsupervised": "The unsupervised lifter: the thesis' ablations, and ours (short trainings)",
}
"""Table -> what it shows. Short trainings have a tenth of the steps, and their own base rows."""

SHORT = 0.1


@dataclass(frozen=True)
class Entry:
    """One training, a row of the tables that it stands in.

    Attributes:
        name: How the row is called.
        tables: Of `TABLES`; the training is a short one unless `methods` is among them.
        preset: Where its configuration comes from.
        settings: What is changed of it, `key=value` each.
        without: An ablation.
    """

    name: str
    tables: tuple[str, ...]
    preset: str
    settings: tuple[str, ...] = ()
    without: str | None = None

    @property
    def slug(self) -> str:
        """The name as part of a file's."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower())

    def config(self, seed: int, steps: int | None = None) -> TrainConfig:
        """Its configuration, no stage longer than `steps`."""
        config = overridden(PRESETS[self.preset](), self.settings)
        if self.without is not None:
            assert isinstance(config, VVipeConfig)
            config = ABLATIONS[self.without](config)
        share = 1 if "methods" in self.tables else SHORT
        stages = [f.name for f in dataclasses.fields(config) if f.name.startswith("steps")]
        lengths = {s: round(share * getattr(config, s)) for s in stages}
        if steps is not None:
            lengths = {s: min(length, steps) for s, length in lengths.items()}
        return dataclasses.replace(config, model=self.name, seed=seed, **lengths)


RIVALS = ("vvipe", "vvipe-paper", "pr-vipe", "lifter", "vae-gan")
METHODS = (*RIVALS, "vae-gan-paper")
_BASE_OF = {
    "vvipe": ("latent", "data"), "vvipe-paper": ("ablations",), "vae-gan": ("unsupervised",),
}  # fmt: skip
_OWN = ("views.random=0.0",)
_DETECTED = ("views.detector=1.0",)
_LEFT_OUT = {
    "triplet": "no triplet", "align": "no rotation alignment", "universal": "no universal skeleton",
    "pretrain": "no pretraining",
}  # fmt: skip
_NO_VAE = ("architecture.variational=false",)
_THESIS = {
    "no VAE": _NO_VAE,
    "no discriminator": ("architecture.prior=none", "objective.prior=0.0"),
    "two blocks": ("architecture.blocks=2",),
    "WGAN": ("adversary=wgan",),
    "WGAN-GP": ("adversary=wgan-gp",),
    "azimuth up to 60 degrees": ("novel.azimuth_rad=1.0472",),
}
_OURS = {
    "no VAE": _NO_VAE,
    "no prior": ("architecture.prior=none", "objective.prior=0.0", "steps_prior=0"),
    "critic instead of flow": ("architecture.prior=critic", "adversary=gan"),
    "no lifting back": ("objective.back=0.0", "objective.back_view=0.0"),
    "no elevation": ("architecture.elevation=false", "novel.tilt_rad=0.3"),
    "like sides instead of usual bones": (
        "objective.bones=0.0", "objective.symmetry=50.0", "objective.alike=50.0",
    ),
}  # fmt: skip

ENTRIES: tuple[Entry, ...] = (
    *(Entry(name, ("methods",), name) for name in METHODS),
    *(
        Entry(f"{name}, short", ("cameras", "detections", *_BASE_OF.get(name, ())), name)
        for name in RIVALS
    ),
    *(Entry(f"{name}, own cameras", ("cameras",), name, _OWN) for name in RIVALS),
    *(Entry(f"{name}, detections", ("detections",), name, _DETECTED) for name in RIVALS),
    *(
        Entry(f"{name}, detections, own cameras", ("detections",), name, _DETECTED + _OWN)
        for name in RIVALS
    ),
    *(
        Entry(f"vvipe-paper, {said}", ("ablations",), "vvipe-paper", without=ablation)
        for ablation, said in _LEFT_OUT.items()
    ),
    *(
        Entry(f"vvipe, {n} dimensions", ("latent",), "vvipe", (f"architecture.latent={n}",))
        for n in (8, 16, 64)
    ),
    *(
        Entry(f"vvipe, {share:.0%} of the data", ("data",), "vvipe", (f"share={share}",))
        for share in (0.1, 0.25, 0.5)
    ),
    Entry("vae-gan-paper, short", ("unsupervised",), "vae-gan-paper"),
    *(
        Entry(f"{name}, {said}", ("unsupervised",), name, settings)
        for name, changes in (("vae-gan-paper", _THESIS), ("vae-gan", _OURS))
        for said, settings in changes.items()
    ),
)

SWEEPS = {
    "latent": {8: "vvipe, 8 dimensions", 16: "vvipe, 16 dimensions", 32: "vvipe, short",
               64: "vvipe, 64 dimensions"},
    "data": {10: "vvipe, 10% of the data", 25: "vvipe, 25% of the data",
             50: "vvipe, 50% of the data", 100: "vvipe, short"},
}  # fmt: skip
"""Tables that are drawn as a line: where each entry stands."""


def entries_named(names: Sequence[str]) -> tuple[Entry, ...]:
    """The entries of these names or tables, in the order of `ENTRIES`; all of them for none.

    Raises:
        VvipeError: No entry and no table is called so.
    """
    known = {*TABLES, *(entry.name for entry in ENTRIES)}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
            raise VvipeError(f"no entry {name!r}", expected=", ".join(sorted(known)), hint=near)
    return tuple(e for e in ENTRIES if not names or {e.name, *e.tables} & set(names))
