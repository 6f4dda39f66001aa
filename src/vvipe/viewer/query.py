"""The pose that is searched for: a row of a recording, drawn by hand, or a point of the space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from vvipe.embeddings import Embeddings
from vvipe.models.inputs import H36M17
from vvipe.poses import Poses3D
from vvipe.viewer.abilities import decoded, embedded, possible
from vvipe.viewer.posing import moved
from vvipe.viewer.recording import Recording


@dataclass(frozen=True, eq=False)
class Query:
    """One pose.

    Attributes:
        embedding: (1, D), NaN where too little is seen.
        body: (17, 3) canonical, NaN where there is none.
        title: Where it comes from.
    """

    embedding: Embeddings
    body: np.ndarray
    title: str

    @property
    def usable(self) -> bool:
        """Whether it can be searched for."""
        return bool(np.isfinite(self.embedding.vectors).all())

    @property
    def vector(self) -> np.ndarray:
        """(D,)."""
        return np.asarray(self.embedding.vectors[0])


def of_row(recording: Recording, row: int) -> Query:
    """A row of a recording."""
    when = f"{recording.name}, {recording.times_s[row]:.2f} s"
    return Query(recording.embeddings[row : row + 1], recording.bodies[row], when)


def of_vector(model: Any, vector: np.ndarray, title: str) -> Query:
    """A point of the space, sure of every dimension, as the model decodes it."""
    vectors = np.asarray(vector, np.float32)[None]
    embedding = Embeddings(vectors, np.zeros_like(vectors), None, title, model.id)
    return Query(embedding, decoded(model, vectors)[0], title)


def of_body(model: Any, body: np.ndarray, title: str) -> Query:
    """A body, embedded."""
    pose = Poses3D(body[None], H36M17, source=title, frame_of_reference="canonical")
    return Query(embedded(model, pose), body, title)


def dragged(model: Any, query: Query, joint: str, target: np.ndarray) -> Query:
    """The same pose with one joint drawn towards a place in the canonical frame."""
    return of_body(model, moved(query.body, joint, target), "drawn by hand")


def made_possible(model: Any, query: Query) -> Query:
    """The nearest pose that the model knows."""
    return of_body(model, possible(model, query.body), query.title)
