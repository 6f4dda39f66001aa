"""Which trainings stand in the tables of `vvipe bench accuracy`."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from vvipe.bench.entry import SHORT, Entry
from vvipe.errors import VvipeError

TABLES = {
    "methods": "Methods, trained in full",
    "cameras": "With random cameras, and with Human3.6M's alone (short trainings)",
    "detections": "Trained on the errors of real detectors (short trainings)",
    "ablations": "V-VIPE as published, without one of its parts (short trainings)",
    "latent": "Dimensions of the embedding (short trainings)",
    "data": "Share of the training clips (short trainings)",
    "unsupervised": "The unsupervised lifter: the thesis' ablations, and ours (short trainings)",
    "geometry": "Parts of the geometry-aware representation, on maps and on keypoints (short)",
    "view": "Protocol 3: trained on three of Human3.6M's cameras, lifted from the fourth (short)",
    "labels": "Share of the clips with 3D labels (short trainings of what reads them)",
}
"""Table -> what it shows. Short trainings have a tenth of the steps, and their own base rows."""

RIVALS = ("vvipe", "vvipe-paper", "pr-vipe", "lifter", "vae-gan", "geometry-aware")
METHODS = (*RIVALS, "vae-gan-paper")
_BASE_OF = {
    "vvipe": ("latent", "data", "labels"), "vvipe-paper": ("ablations",),
    "vae-gan": ("unsupervised", "labels"),
}  # fmt: skip
_OWN = ("views.random=0.0",)
_DETECTED = ("views.detector=1.0",)
_PAIRS = {"geometry-aware": ("pair_views.random=0.0", "pair_views.detector=1.0")}
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
_THESIS_LENGTH = 0.25  # a critic takes its time
_PAIRS_LENGTH = 0.15  # and so do pairs of views
_HEADS_LENGTH = 0.375  # and so do heads that are given no G
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
_MAPS = (
    "architecture.generator=strided", "architecture.channels=16", "architecture.points=128",
    "architecture.projects=false", "objective.own=0.0", "objective.consistency=0.001",
    "pairs=32", "batch=128", "architecture.picture=16", "steps_pairs=30000", "steps_heads=10000",
    *_OWN, "pair_views.random=0.0",
)  # fmt: skip
_KEYPOINTS = ("labels=0.05", *_OWN, "pair_views.random=0.0")  # G counts where labels are few
_ONE = ("architecture.generators=1",)
_AUGMENTED = ("pair_views.random=1.0",)
_PARTS = {
    "baseline": ("architecture.inject=false",),
    "latent of pictures": (*_ONE, "architecture.generator=images"),
    "auto-encoder": (*_ONE, "autoencode=true"),
    "one generator": _ONE,
    "one generator, augmented": _ONE + _AUGMENTED,
    "two generators, augmented": _AUGMENTED,
}
_DECODED = (*_AUGMENTED, "architecture.projects=false", "architecture.points=128")
_PARTS_OF_OURS = {k: v for k, v in _PARTS.items() if "pictures" not in k} | {
    "two generators, augmented, a network decodes": _DECODED,
}
_THREE = ("views.own=3", "pair_views.own=3")
LABELS = (1, 5, 10, 25, 50, 100)  # percent of the clips


def _own_cameras(name: str) -> tuple[str, ...]:
    return _OWN + _PAIRS.get(name, ())[:1]


def _detections(name: str) -> tuple[str, ...]:
    return _DETECTED + _PAIRS.get(name, ())[1:]


def _heads(
    table: str, said: str, settings: tuple[str, ...], length: float = SHORT,
    start: str | None = None, protocols: tuple[str, ...] | None = None,
) -> Entry:  # fmt: skip
    """What every head reads from exact keypoints."""
    base = "geometry-aware"
    return Entry(
        f"{base}, {said}", (table,), base, settings, length=length, start=start,
        protocols=protocols, rankings=True, detections=False,
    )  # fmt: skip


def _labelled(percent: int) -> tuple[Entry, ...]:
    """What is read from 3D labels of some of the clips, with G of all and without."""
    said, share = f"{percent}% of the labels", f"labels={percent / 100}"
    whole, plain = ("steps_pairs=0", share), ("architecture.inject=false", share)
    return (
        _heads("labels", said, whole, _HEADS_LENGTH, start="geometry-aware"),
        _heads("labels", f"without G, {said}", plain, _HEADS_LENGTH),
    )


ENTRIES: tuple[Entry, ...] = (
    *(Entry(name, ("methods",), name, length=1.0) for name in METHODS),
    *(
        Entry(f"{name}, short", ("cameras", "detections", *_BASE_OF.get(name, ())), name)
        for name in RIVALS
    ),
    *(Entry(f"{name}, own cameras", ("cameras",), name, _own_cameras(name)) for name in RIVALS),
    *(Entry(f"{name}, detections", ("detections",), name, _detections(name)) for name in RIVALS),
    *(
        Entry(
            f"{name}, detections, own cameras", ("detections",), name,
            _detections(name) + _own_cameras(name),
        )
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
        Entry(f"vvipe, {share:.0%} of the data", tables, "vvipe", (f"share={share}",))
        for share, tables in (
            (0.01, ("labels",)), (0.05, ("labels",)), (0.1, ("data", "labels")),
            (0.25, ("data", "labels")), (0.5, ("data", "labels")),
        )
    ),
    Entry("vae-gan-paper, short", ("unsupervised",), "vae-gan-paper", length=_THESIS_LENGTH),
    *(
        Entry(f"vae-gan-paper, {said}", ("unsupervised",), "vae-gan-paper", settings,
              length=_THESIS_LENGTH)
        for said, settings in _THESIS.items()
    ),
    *(
        Entry(f"vae-gan, {said}", ("unsupervised",), "vae-gan", settings)
        for said, settings in _OURS.items()
    ),
    *(_heads("geometry", f"maps, {said}", _MAPS + parts) for said, parts in _PARTS.items()),
    *(
        _heads("geometry", f"keypoints, {said}", _KEYPOINTS + parts, _PAIRS_LENGTH)
        for said, parts in _PARTS_OF_OURS.items()
    ),
    *(
        _heads("view", f"maps, three cameras, {said}", _MAPS + _THREE + _PARTS[said],
               protocols=("cmu-view",))
        for said in ("baseline", "one generator", "two generators, augmented")
    ),
    Entry("geometry-aware-paper", ("geometry",), "geometry-aware-paper", length=1.0,
          rankings=True, detections=False),
    *(entry for percent in LABELS for entry in _labelled(percent)),
)  # fmt: skip


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
