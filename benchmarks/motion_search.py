"""Motions of two seconds among all of CMU, seen by another camera, at another tempo."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from common import options, report
from films import FPS, at_tempo, cmu_motions, filmed

import vvipe
from vvipe.embeddings import Embeddings
from vvipe.geometry.keypoints import normalise_rms
from vvipe.library import Library, MotionHit
from vvipe.poses import Poses2D

SECONDS, QUERIES = 2.0, 200
SPLIT = os.environ.get("VVIPE_SPLIT", "test")  # validation, for choices
MODEL = os.environ.get("VVIPE_MODEL", "vvipe")


class Keypoints2D:
    """The baseline: normalised keypoints as they are."""

    id, dim, ranking = "2d@0", 26, "euclidean"

    def __init__(self, folder: Any) -> None:
        self.folder = folder

    def embed(self, poses: Poses2D) -> Embeddings:
        mask = poses.mask
        flat = normalise_rms(poses.keypoints, mask).reshape(len(poses), 26).astype(np.float32)
        return Embeddings(flat, np.zeros_like(flat), poses.frame, poses.source, self.id)


def main() -> None:
    chosen = options(__doc__)
    rng = np.random.default_rng(0)
    motions = list(cmu_motions(1.3 * SECONDS + 0.1))
    films = [filmed(x, rng.uniform(-np.pi, np.pi), rng) for _, _, x in motions]
    model = vvipe.load(MODEL)
    asked = [i for i, (split, _, _) in enumerate(motions) if split == SPLIT]
    queries = [ask(motions, asked, rng) for _ in range(20 if chosen.quick else QUERIES)]
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, representation in (("vvipe", model), ("2D keypoints", Keypoints2D(model.folder))):
            library = Library.create(f"{folder}/{name}", representation)
            for (_, clip, _), film in zip(motions, films, strict=True):
                library.add(representation.embed(film), film, clip=clip)
            for kind in ("exact", "detections"):
                rows.append(asked_of(library, representation, motions, queries, name, kind))
            library.make_graph()
            rows.append(
                asked_of(library, representation, motions, queries, name, "detections", graph=True)
            )
    frames = sum(len(x) for _, _, x in motions)
    longest = sum(len(motions[i][2]) for i in asked) / len(asked)
    rows.append({
        "queries are": "chance", "keypoints": "", "clip": 100 / len(motions),
        "start within 0.2 s": 100 / len(motions) * 2 * 0.2 * FPS / longest, "both": 0.0,
        "s a query": 0.0, "clips": len(motions), "frames": frames,
    })  # fmt: skip
    report("motion_search", rows, chosen)


def ask(
    motions: Sequence[tuple[str, str, np.ndarray]], asked: Sequence[int], rng: np.random.Generator
) -> tuple[int, float, float, int]:
    """Clip, start in frames, tempo, and seed of a query."""
    clip, tempo = int(rng.choice(asked)), float(rng.uniform(0.7, 1.3))
    latest = len(motions[clip][2]) - 1 - SECONDS * FPS * tempo
    return clip, float(rng.uniform(0, latest)), tempo, int(rng.integers(1 << 30))


def asked_of(
    library: Library, model: Any, motions: Sequence[tuple[str, str, np.ndarray]],
    queries: Sequence[tuple[int, float, float, int]], name: str, kind: str,
    graph: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Shares of queries that found their clip first, and the right moment of it."""
    clips, starts, began = [], [], time.perf_counter()
    for clip, start, tempo, seed in queries:
        rng = np.random.default_rng(seed)
        positions = at_tempo(motions[clip][2], start, round(SECONDS * FPS), tempo)
        film = filmed(positions, rng.uniform(-np.pi, np.pi), rng, kind == "detections")
        hits: list[MotionHit] = library.search_motion(
            model.embed(film), k=1, fps=FPS, exact=not graph
        )
        clips.append(hits[0].clip == motions[clip][1])
        starts.append(clips[-1] and abs(hits[0].start_frame - start) <= 0.2 * FPS)
    return {
        "queries are": name + (", approximate" if graph else ""), "keypoints": kind,
        "clip": 100 * float(np.mean(clips)),
        "start within 0.2 s": 100 * sum(starts) / max(1, sum(clips)),
        "both": 100 * float(np.mean(starts)),
        "s a query": (time.perf_counter() - began) / len(queries),
        "clips": len(motions), "frames": len(library),
    }  # fmt: skip


if __name__ == "__main__":
    main()
