"""What the viewer searches: a library, or the prototypes of a model made into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.embeddings import Embeddings
from vvipe.errors import VvipeError
from vvipe.evaluation.compare import canonical_poses
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.library import Filter, Hit, Library, MotionHit
from vvipe.library.beat import FPS, seconds
from vvipe.library.content import content_of
from vvipe.library.rows import KEYPOINT_NUMBERS, POSITION_NUMBERS, Clip, to_batch
from vvipe.models.inputs import H36M17
from vvipe.models.prototypes import load_prototypes
from vvipe.poses import Poses2D, Poses3D
from vvipe.viewer.abilities import can, decoded
from vvipe.viewer.recording import Recording

_DRAWN = ("vector", "variance", "keypoints", "positions", "up")


@dataclass(frozen=True, eq=False)
class Match:
    """A pose that was found, and how it looks.

    Attributes:
        hit: What the library says.
        vector: (D,).
        body: (17, 3) canonical, NaN where the model cannot draw it.
        keypoints: (13, 2) coco13 pixels, None for a 3D source.
    """

    hit: Hit
    vector: np.ndarray
    body: np.ndarray
    keypoints: np.ndarray | None


class Collection:
    """A library with its model.

    Attributes:
        library: What is searched.
        model: What embedded it.
        title: As the page calls it.
    """

    def __init__(self, library: Library, model: Any, title: str) -> None:
        self.library, self.model, self.title = library, model, title

    def __len__(self) -> int:
        return len(self.library)

    def matches(
        self, query: Embeddings, k: int, where: Filter | None = None, but: str | None = None
    ) -> list[Match]:
        """The k poses nearest to one (1, D), none of them of the source `but`."""
        wanted = k if but is None else 3 * k + 10
        found = [h for h in self.library.search(query, wanted, where) if h.source != but][:k]
        hits = [replace(hit, rank=rank) for rank, hit in enumerate(found, 1)]
        rows = self._rows([hit.row for hit in hits])
        bodies = self._bodies(rows)
        shown = zip(hits, rows, bodies, strict=True)
        return [
            Match(hit, np.array(row["vector"], np.float32), body, _points(row))
            for hit, row, body in shown
        ]

    def passages(
        self, query: Embeddings, times_s: np.ndarray, k: int, where: Filter | None = None,
        but: str | None = None,
    ) -> list[MotionHit]:  # fmt: skip
        """The k passages most like a motion (T, D), none of them of the source `but`."""
        wanted = k if but is None else 2 * k + 5
        found = self.library.search_motion(query, wanted, where, time_s=times_s)
        kept = [hit for hit in found if hit.source != but][:k]
        return [replace(hit, rank=rank) for rank, hit in enumerate(kept, 1)]

    def recording(self, source: str, clip: str, first: int = 0, last: int = 1 << 62) -> Recording:
        """The rows of a clip from one frame to another.

        Raises:
            VvipeError: There are none.
        """
        where = Filter(clips=(clip,), sources=(source,)).to_sql()
        where += f" AND frame >= {first} AND frame <= {last}"
        table = self.library.store.read("frame", "time_s", *_DRAWN, where=where)
        rows = sorted(table.to_pylist(), key=lambda row: row["frame"])
        if not rows:
            raise VvipeError("no such clip", where=clip)
        frame = np.array([row["frame"] for row in rows])
        vectors, variance = (
            np.array([row[name] for row in rows], np.float32) for name in ("vector", "variance")
        )
        embeddings = Embeddings(vectors, variance, frame, source, self.library.store.model)
        told = np.array([row["time_s"] for row in rows], float)
        times_s = np.maximum.accumulate(seconds(frame, told))
        return Recording(clip, _poses(rows, frame, source), embeddings, self._bodies(rows), times_s)

    def first_recording(self) -> Recording | None:
        """The first clip with enough to play, else the first; None in an empty library."""
        clips = self.library.clips()
        clip = next((c for c in clips if c["rows"] > 30), clips[0] if clips else None)
        return None if clip is None else self.recording(clip["source"], clip["clip"])

    def sample(self, most: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the table, `most` at the most and evenly spread, and their (N, D) vectors."""
        count = len(self)
        rows = np.linspace(0, count - 1, min(most, count)).round().astype(np.int64)
        told = self.library.store.take(rows, "vector") if count else []
        return rows, np.array([row["vector"] for row in told], np.float32)

    def at(self, row: int) -> tuple[str, Match]:
        """A row of the table by its place: what it is called, and how it looks."""
        told = self.library.store.take([row], "id", "source", "clip", "frame", "time_s", *_DRAWN)
        about = told[0]
        hit = Hit(
            1, about["id"], about["source"], about["clip"], about["frame"],
            (about["frame"], about["frame"]), 0.0, about["time_s"], None, (), row,
        )  # fmt: skip
        vector = np.array(about["vector"], np.float32)
        return called(hit), Match(hit, vector, self._bodies(told)[0], _points(about))

    def _rows(self, rows: Sequence[int]) -> list[dict[str, Any]]:
        return self.library.store.take(list(rows), *_DRAWN) if rows else []

    def _bodies(self, rows: list[dict[str, Any]]) -> np.ndarray:
        """(N, 17, 3) canonical: decoded, else as recorded, else lifted, else NaN."""
        if not rows:
            return np.zeros((0, len(H36M17), 3), np.float32)
        if can(self.model, "decode"):
            return decoded(self.model, np.array([row["vector"] for row in rows], np.float32))
        poses = _poses(rows, np.arange(len(rows)), "library")
        if isinstance(poses, Poses3D) or (poses is not None and can(self.model, "lift")):
            return canonical_poses(self.model, poses)
        return np.full((len(rows), len(H36M17), 3), np.nan, np.float32)


def called(hit: Hit | MotionHit) -> str:
    """Clip and place in it, in a few words."""
    if isinstance(hit, MotionHit):
        return f"{hit.clip}, {hit.start_s:.1f}–{hit.end_s:.1f} s"
    if hit.source == hit.clip:  # a key pose
        return hit.clip
    return f"{hit.clip}, " + (f"frame {hit.frame}" if hit.time_s is None else f"{hit.time_s:.2f} s")


def prototypes(model: Any, folder: Path) -> Collection:
    """The prototype poses and motions of a model as a library in a folder that is not there yet.

    Raises:
        VvipeError: The model has none.
    """
    known = load_prototypes(model)
    library = Library.create(folder, model)
    columns = library.store.columns

    def batch(codes: Embeddings, kind: str) -> Any:
        content = content_of(codes.source.encode(), codes.vectors.tobytes())
        clip = codes.source.partition(", frame")[0]
        return to_batch(columns, Clip(content, codes.source, clip, None, (kind,)), codes)

    kinds = ["key pose" if i < known.key_poses else "pose" for i in range(len(known))]
    poses = zip(known.names, known.vectors[:, None], kinds, strict=True)
    batches = [batch(coded(model, name, vectors), kind) for name, vectors, kind in poses]
    batches += [batch(codes, "motion") for codes in motions(model)]
    library.store.append(batches)
    return Collection(library, model, "the model's prototypes")


def motions(model: Any) -> list[Embeddings]:
    """The short motions among the prototypes of a model."""
    return [coded(model, name, codes) for name, codes in load_prototypes(model).motions.items()]


def coded(model: Any, name: str, vectors: np.ndarray) -> Embeddings:
    """Latent codes (N, D) called `clip@frame`, or by a name of their own, at 30 a second."""
    clip, _, first = name.partition("@")
    frame = int(first or 0) + np.arange(len(vectors))
    several = f", frames {first}–{frame[-1]}" if len(vectors) > 1 else f", frame {first}"
    source = clip + several if first else clip
    return Embeddings(vectors, np.zeros_like(vectors), frame, source, model.id)


def _points(row: dict[str, Any]) -> np.ndarray | None:
    if row["keypoints"] is None:
        return None
    return np.array(row["keypoints"], np.float32).reshape(KEYPOINT_NUMBERS // 2, 2)


def _poses(rows: list[dict[str, Any]], frame: np.ndarray, source: str) -> Poses2D | Poses3D | None:
    """The poses that rows of one kind keep."""
    if all(row["positions"] is not None for row in rows):
        values = np.array([row["positions"] for row in rows], np.float32)
        reference = "camera" if rows[0]["up"] == "-y" else "world"
        positions = values.reshape(-1, POSITION_NUMBERS // 3, 3)
        return Poses3D(positions, H36M17, frame, FPS, source, frame_of_reference=reference)
    points = [_points(row) for row in rows]
    if any(p is None for p in points):
        return None
    return Poses2D(np.stack([p for p in points if p is not None]), KEYPOINTS, frame, FPS, source)
