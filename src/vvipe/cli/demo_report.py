"""The demo's report: tables and pictures on one page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.evaluation import Protocol, Row
from vvipe.evaluation.compare import canonical_poses
from vvipe.evaluation.lifting import mpjpe_mm
from vvipe.evaluation.protocols import project
from vvipe.geometry.matching import KAPPA
from vvipe.models.inputs import H36M17
from vvipe.models.vvipe import ALPHAS
from vvipe.poses import Poses2D, Poses3D
from vvipe.view import (
    Picture,
    Section,
    Table,
    interpolation_figure,
    key_poses,
    lifting_figure,
    retrieval_figure,
    space_map,
    variants_figure,
    write_report,
)

QUERIES, FOUND, STEPS = 3, 5, 8
LIFTED_AT = (0.1, 0.5, 0.75, 0.95)  # quantiles of the error, so that bad ones are shown too

DECODED = (
    "These people are decoded from the model's own latent codes, so that the demo needs no data. "
    "That makes them easier than recorded people: the model can draw each of them exactly. What it "
    "does on recorded people stands at the end of this page; `vvipe demo --data .data` films those."
)
RECORDED = (
    "These people were recorded, and the model was not trained on them (CMU subjects 02 and 49)."
)


def write_demo_report(
    path: Path, model: Any, people: Protocol, rows: Sequence[Row], recorded: bool
) -> Path:
    """Draws everything and writes the page.

    Args:
        path: The HTML file.
        model: A V-VIPE.
        people: Poses before two cameras.
        rows: The table, the model's row first.
        recorded: Whether the people are recorded ones.
    """
    views = [project(people, i) for i in (0, 1)]
    world = Poses3D(people.poses, H36M17, source=people.name)
    embedded = model.embed(world).vectors
    keys = key_poses(embedded)
    sections = [
        _retrieval(model, people, views, world, keys, rows, recorded),
        _lifting(model, views[0], world),
        _interpolation(model, embedded, keys),
        _variants(model, embedded[keys[0]]),
        _map(model, embedded, keys),
        _measured(model),
    ]
    return write_report(
        path, "vvipe: one pose from every side", sections,
        "Human poses as points of one view-invariant space: the same pose, filmed from another "
        "side, lies at the same place. From 2D keypoints alone.",
    )  # fmt: skip


def _retrieval(
    model: Any, people: Protocol, views: list[Poses2D], world: Poses3D, keys: np.ndarray,
    rows: Sequence[Row], recorded: bool,
) -> Section:  # fmt: skip
    embedded = [model.embed(view) for view in views]
    queries = keys[np.linspace(0, len(keys) - 1, min(QUERIES, len(keys))).astype(int)]
    distances = model.distance(embedded[0][queries], embedded[1])
    found = np.argsort(distances, axis=1, kind="stable")[:, :FOUND]
    figure = retrieval_figure(
        views[0][queries], Poses2D(views[1].coords[found], views[1].skeleton),
        np.take_along_axis(distances, found, 1),
        people.match_distances[queries[:, None], found] < KAPPA,
        world[queries], Poses3D(world.coords[found], world.skeleton), title=None,
    )  # fmt: skip
    text = (
        f"{len(people.poses)} poses stand before two cameras. Each pose that one camera sees is "
        "searched for among all that the other sees, by the distance of embeddings. Hit@k: is a "
        f"pose that matches in 3D (within {KAPPA:g} torso lengths) among the k nearest?\n\n"
    )
    header = ["", "Hit@1", "Hit@10", "Hit@20", "PA-MPJPE, mm"]
    cells = [
        [r.model, *(r.hits[k] for k in (1, 10, 20)), r.lifting.get("pa_mpjpe_mm")] for r in rows
    ]
    return Section(
        "Found from the other side",
        text + (RECORDED if recorded else DECODED),
        [
            Table(header, cells, "Hits in percent; lifting error over both cameras", best=(0,)),
            Picture(figure, "One camera's keypoints, what is nearest in the other, and true poses"),
        ],
    )  # fmt: skip


def _lifting(model: Any, view: Poses2D, world: Poses3D) -> Section:
    lifted = model.lift(view)
    true = Poses3D(canonical_poses(model, world), H36M17, frame_of_reference="canonical")
    errors_mm = mpjpe_mm(lifted.positions, true.positions)
    order = np.argsort(errors_mm)[: np.isfinite(errors_mm).sum()]
    picked = order[[int(q * (len(order) - 1)) for q in LIFTED_AT]]
    figure = lifting_figure(view[picked], lifted[picked], true[picked], title=None, subtitle=None)
    shares = ", ".join(f"{100 * q:.0f}" for q in LIFTED_AT)
    return Section(
        "Lifted to 3D",
        "From one camera's keypoints to a body in space, in the person's own frame. Chosen by "
        f"their error, not by hand: {shares} % of all poses are lifted better than these.",
        [Picture(figure, "Colour: lifted; grey: true; red: what is between them")],
    )


def _interpolation(model: Any, embedded: np.ndarray, keys: np.ndarray) -> Section:
    apart = model.distance(embedded[keys], embedded[keys])
    ends = keys[list(np.unravel_index(np.argmax(apart), apart.shape))]
    between = model.decode(model.interpolate(embedded[ends[0]], embedded[ends[1]], STEPS))
    figure = interpolation_figure(between, title=None)
    return Section(
        "From pose to pose",
        "A straight line through the space, decoded at even steps.",
        [Picture(figure, "Between the two key poses that are furthest apart")],
    )


def _variants(model: Any, vector: np.ndarray) -> Section:
    around = model.decode(model.generate(vector, ALPHAS))
    figure = variants_figure(model.decode(vector), around, ALPHAS, title=None, subtitle=None)
    return Section(
        "New poses around one",
        "A pose's place in the space plus α times noise, decoded.",
        [Picture(figure, "Each row moves in one random direction, farther with every column")],
    )


def _map(model: Any, embedded: np.ndarray, keys: np.ndarray) -> Section:
    figure = space_map(embedded, model.decode(embedded), keys, title=None)
    return Section("The space", "", [Picture(figure, "Every pose a point, with ten key poses")])


def _measured(model: Any) -> Section:
    metrics = model.config.get("metrics") or []
    if not metrics:
        return Section("On recorded people", "Nothing measured is noted in this model.")
    header = list(dict.fromkeys(key for row in metrics for key in row))
    table = Table(header, [[row.get(key) for key in header] for row in metrics])
    return Section(
        "On recorded people",
        "Measured on motion capture that the model was not trained on, as its `config.json` says; "
        "`vvipe eval` measures it again.",
        [table],
    )
