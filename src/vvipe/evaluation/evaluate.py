"""Runs a representation through a protocol: one row for each group of views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vvipe.evaluation.lifting import lifting_metrics
from vvipe.evaluation.protocols import Protocol, project
from vvipe.evaluation.representation import Embeds3D, Lifter, Representation
from vvipe.evaluation.retrieval import KS, hit_at_k
from vvipe.geometry.bones import universal_lengths
from vvipe.geometry.canonical import to_canonical
from vvipe.geometry.matching import KAPPA
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import get_skeleton

LIFTING_KEYS = (
    "mpjpe_mm", "pa_mpjpe_mm", "n_mpjpe_mm", "mpjpe_canonical_mm", "pa_mpjpe_canonical_mm",
    "pck_150mm", "auc", "lifted", "flipped",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        model: The representation's name.
        views: Group of camera pairs, such as `all`; `each` where none was searched.
        hits: k -> Hit@k in percent, the mean over camera pairs; empty without pairs.
        lifting: As `lifting_metrics`, over the poses of all cameras; empty without lifting.
    """

    model: str
    views: str
    hits: Mapping[int, float]
    lifting: Mapping[str, float | None]

    def to_json(self) -> dict[str, Any]:
        """Flat: `model`, `views`, `hit@1` … and the lifting metrics, None where there are none."""
        hits = {f"hit@{k}": round(v, 2) for k, v in self.hits.items()}
        lifting = {k: _rounded(self.lifting.get(k)) for k in LIFTING_KEYS}
        return {"model": self.model, "views": self.views, **hits, **lifting}


def evaluate(
    model: Representation | Lifter,
    protocol: Protocol,
    ks: Sequence[int] = KS,
    view: Callable[[Protocol, int], Poses2D] = project,
    searched: Callable[[Protocol, int], Poses2D] | None = None,
    lifting: bool = True,
) -> list[Row]:
    """Hit@k between cameras, where the model embeds, and where it lifts, the lifting metrics.

    Every pose that the first camera of a pair sees queries all poses that the second sees: a pose
    is never searched for among the views of its own camera.

    Args:
        model: What to evaluate.
        protocol: Poses and cameras.
        ks: Numbers of neighbours.
        view: What a camera sees; a replacement may add noise or drop joints, but keeps all poses.
        searched: What the camera sees that is searched, where that is not `view`.
        lifting: Whether lifting is measured too.
    """
    seen = [view(protocol, i) for i in range(len(protocol.layout))]
    errors: Mapping[str, float | None] = {}
    if lifting and isinstance(model, Lifter):
        errors = _lifting(model, protocol, seen)
    if not protocol.groups or not isinstance(model, Representation):
        return [Row(model.name, "each", {}, errors)]
    embedded = [model.embed(poses) for poses in seen]
    others = embedded
    if searched is not None:
        others = [model.embed(searched(protocol, i)) for i in range(len(protocol.layout))]
    matches = protocol.match_distances < KAPPA
    hits = {
        (a, b): hit_at_k(embedded[a], others[b], matches, ks, model.distance)
        for a, b in {pair for pairs in protocol.groups.values() for pair in pairs}
    }
    return [
        Row(model.name, views, _mean_percent([hits[pair] for pair in pairs], ks), errors)
        for views, pairs in protocol.groups.items()
    ]


def evaluate_3d_queries(
    model: Representation | Lifter,
    protocol: Protocol,
    ks: Sequence[int] = KS,
    view: Callable[[Protocol, int], Poses2D] = project,
) -> list[Row]:
    """Hit@k of the 3D poses themselves among what each camera sees; no row for a 2D-only model.

    Arguments as for `evaluate`; the mean is over cameras, and the row's views are `3D query`.
    """
    spatial: Any = model  # what it embeds is known while it runs
    if not isinstance(spatial, Embeds3D) or not spatial.embeds_3d:
        return []
    queries = spatial.embed(Poses3D(protocol.poses, get_skeleton("h36m17")))
    matches = protocol.match_distances < KAPPA
    hits = [
        hit_at_k(queries, spatial.embed(view(protocol, i)), matches, ks, spatial.distance)
        for i in range(len(protocol.layout))
    ]
    return [Row(model.name, "3D query", _mean_percent(hits, ks), {})]


def rows_to_json(
    protocol: Protocol, rows: Sequence[Row], seed: int | None = None, keypoints: str = "exact"
) -> dict[str, Any]:
    """The object that `vvipe eval --json` prints: percentages 0..100, two decimals.

    Args:
        protocol: What was evaluated on.
        rows: From `evaluate`.
        seed: Of what was drawn at random.
        keypoints: What the rows say of them: `exact`, or `detections`.
    """
    return {
        "protocol": protocol.name,
        "rows": [row.to_json() | {"keypoints": keypoints} for row in rows],
        "data_hash": protocol.data_hash,
        "seed": seed,
    }


def _mean_percent(hits: Sequence[Mapping[int, float]], ks: Sequence[int]) -> dict[int, float]:
    return {k: 100 * float(np.mean([h[k] for h in hits])) for k in ks}


def _lifting(model: Lifter, protocol: Protocol, seen: Sequence[Poses2D]) -> dict[str, float | None]:
    skeleton = get_skeleton("h36m17")
    cameras = range(len(seen))
    canonical, _ = to_canonical(protocol.poses, universal_lengths(), skeleton)
    return lifting_metrics(
        np.concatenate([model.lift(poses, frame="camera").positions for poses in seen]),
        np.concatenate([protocol.camera(i).to_camera(protocol.poses) for i in cameras]),
        np.concatenate([model.lift(poses, frame="canonical").positions for poses in seen]),
        np.concatenate([canonical for _ in cameras]),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
