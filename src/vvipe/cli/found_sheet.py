"""Hits of a library as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from vvipe.library.rows import KEYPOINT_NUMBERS
from vvipe.view.charts import shortened
from vvipe.view.figures.found import found_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from vvipe.embeddings import Embeddings
    from vvipe.library import Hit, Library


def found_sheet(library: Library, model: Any, query: Embeddings, hits: Sequence[Hit]) -> Figure:
    """Draws a query and its hits as the model decodes them, and the keypoints of 2D hits."""
    rows = library.store.take([hit.row for hit in hits], "vector", "keypoints") if hits else []
    vectors = np.array([row["vector"] for row in rows], np.float32).reshape(-1, model.dim)
    unseen = [np.nan] * KEYPOINT_NUMBERS
    keypoints = np.array([row["keypoints"] or unseen for row in rows], np.float32)
    keypoints = keypoints.reshape(len(rows), KEYPOINT_NUMBERS // 2, 2)
    labels = [(f"{hit.rank}: {shortened(hit.clip, 18)}", _where(hit)) for hit in hits]
    return found_figure(
        model.decode(query.vectors), model.decode(vectors), labels, keypoints,
        subtitle=f"{query.source} in {library.store.uri}",
    )  # fmt: skip


def _where(hit: Hit) -> str:
    when = f"frame {hit.frame}" if hit.time_s is None else f"{hit.time_s:.2f} s"
    return f"{when}, {hit.distance:.2f}"
