"""What the service does, apart from HTTP: requests in, answers out."""

from __future__ import annotations

from typing import Any

import numpy as np

from vvipe import __version__
from vvipe.embeddings import Embeddings
from vvipe.errors import VvipeError
from vvipe.evaluation.compare import compare
from vvipe.formats.columns import frame_of_rows, poses_to_columns
from vvipe.library import Library
from vvipe.library.beat import seconds
from vvipe.library.library import FOLD
from vvipe.library.recordings import Recording, aligned, pairs_to_json, recording_of
from vvipe.library.rows import frames_of
from vvipe.poses import Poses2D, Poses3D
from vvipe.service import answers, requests
from vvipe.service.arrays import rows_to_lists
from vvipe.service.limits import MOST_CELLS, MOST_LONG_S, MOST_MOTION_S, MOST_QUERIES
from vvipe.service.shelf import Shelf


class Engine:
    """A model, and libraries to search; its methods may run in several threads at once.

    Attributes:
        model: What embeds and lifts.
        shelf: The libraries, each with the model that embedded it.
    """

    def __init__(self, model: Any, shelf: Shelf) -> None:
        self.model, self.shelf = model, shelf

    def embed(self, request: requests.EmbedRequest) -> answers.EmbedReply:
        """Embeds 2D keypoints or 3D positions: row i out is row i in."""
        z = self.model.embed(request.poses.to_poses("poses"))
        return answers.EmbedReply(
            embeddings=rows_to_lists(z.vectors), variance=rows_to_lists(z.variance),
            frame=_list(z.frame), source=z.source, model=z.model, dim=z.vectors.shape[-1],
        )  # fmt: skip

    def lift(self, request: requests.LiftRequest) -> answers.LiftReply:
        """Lifts keypoints of any skeleton to 3D poses on Human3.6M-17, metres."""
        poses = request.poses.to_poses("poses")
        _check_lifts(self.model)
        lifted = self.model.lift(poses, frame=request.frame_of_reference, focal_px=request.focal_px)
        return answers.LiftReply(model=self.model.id, **columns_of(lifted))

    def search(self, request: requests.PosesRequest) -> answers.SearchReply:
        """The poses nearest to the first row that can be embedded."""
        with self.shelf.held(request.library).current() as (library, model):
            query = _query(model, request)
            usable = np.flatnonzero(np.isfinite(query.vectors).all(1))
            if not len(usable):
                raise VvipeError("too few joints are seen to embed a pose", where=query.source)
            return _found(library, query[usable[:1]], request)

    def search_batch(self, request: requests.PosesRequest) -> answers.BatchReply:
        """The poses nearest to each row."""
        _check_most("rows to search for", request.rows, MOST_QUERIES, "send less at once")
        with self.shelf.held(request.library).current() as (library, model):
            query = _query(model, request)
            found = [
                _found(library, query[[i]], request) if np.isfinite(vector).all() else None
                for i, vector in enumerate(query.vectors)
            ]
        return answers.BatchReply(results=found)

    def search_motion(self, request: requests.MotionRequest) -> answers.MotionReply:
        """The passages most like a motion."""
        with self.shelf.held(request.library).current() as (library, model):
            query, mirrored, time_s = _motion_query(model, request)
            _check_most("seconds of motion", np.ptp(time_s), MOST_MOTION_S, "send a part of it")
            hits = library.search_motion(
                query, request.k, request.where.to_filter(), time_s=time_s, mirrored=mirrored,
                exact=not request.approximate,
            )  # fmt: skip
        return answers.MotionReply.model_validate({"hits": [hit.to_json() for hit in hits]})

    def compare(self, request: requests.CompareRequest) -> answers.CompareReply:
        """Compares two poses or motions, 2D or 3D, whatever side they were filmed from."""
        a, b = request.a.to_poses("a"), request.b.to_poses("b")
        if Poses2D in (type(a), type(b)):
            _check_lifts(self.model)
        if request.timing == "warp" or (request.timing == "auto" and len(a) != len(b)):
            what = "pairs of frames to warp"
            _check_most(what, len(a) * len(b), MOST_CELLS, "send less, or timing stretch")
        found = compare(self.model, a, b, request.worst, request.timing)
        return answers.CompareReply.model_validate(found.to_json())

    def align(self, request: requests.AlignRequest) -> answers.AlignReply:
        """Finds the offset of each pair: an instant t of A is the instant t + offset of B."""
        recordings: list[Recording] = []
        for number, given in enumerate(request.recordings):
            poses = given.to_poses(f"recordings.{number}")
            times = seconds(frame_of_rows(poses), poses.stamp_s, poses.fps or request.fps)
            _check_most("seconds", np.ptp(times), MOST_LONG_S, "send a part of the recording")
            name = given.source or str(number)
            recordings.append(recording_of(self.model, poses, name, request.fps))
        pairs = aligned(recordings, request.max_offset_s, request.drift, request.warp)
        told = pairs_to_json(recordings, pairs, request.drift)
        return answers.AlignReply.model_validate({"pairs": told})

    def libraries(self) -> answers.LibrariesReply:
        """What is in the libraries."""
        return answers.LibrariesReply(libraries=[self.library(name) for name in self.shelf.names])

    def library(self, name: str) -> answers.LibraryReply:
        """What is in one."""
        with self.shelf.held(name).current() as (library, _):
            about = library.info()
        about.pop("pieces")
        return answers.LibraryReply(name=name, **about)

    def about_model(self) -> answers.ModelReply:
        """The model that embeds and lifts."""
        model, config = self.model, self.model.config
        return answers.ModelReply(
            name=model.name, id=model.id, representation=config["representation"], dim=model.dim,
            ranking=getattr(model, "ranking", "euclidean"), embeds_3d=model.embeds_3d,
            lifts=hasattr(model, "lift"), trained_on=config.get("trained_on"),
            metrics=config.get("metrics", []),
        )  # fmt: skip

    def health(self, ready: bool) -> answers.HealthReply:
        """That the service lives."""
        return answers.HealthReply(
            status="ok", ready=ready, version=__version__, model=self.model.id,
            libraries=self.shelf.names,
        )  # fmt: skip


def columns_of(poses: Poses2D | Poses3D) -> dict[str, Any]:
    """Poses as the fields of an answer."""
    columns = {k: _list(v) for k, v in poses_to_columns(poses).items()}
    coords = "keypoints" if isinstance(poses, Poses2D) else "positions"
    return columns | {coords: rows_to_lists(poses_to_columns(poses)[coords])}


def _list(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value


def _query(model: Any, request: requests.SearchRequest) -> Embeddings:
    if request.poses is not None:
        return model.embed(request.poses.to_poses("poses"))
    assert request.embeddings is not None
    return request.embeddings.to_embeddings("embeddings")


def _motion_query(
    model: Any, request: requests.MotionRequest
) -> tuple[Embeddings, Embeddings | None, np.ndarray]:
    """(T, D) embeddings, those of the mirror image if wanted, and (T,) seconds."""
    if request.poses is None:
        if request.mirrored:
            raise VvipeError("mirrored: embeddings have no mirror image", expected="poses")
        query = _query(model, request)
        return query, None, seconds(frames_of(query), None, request.fps)
    poses = request.poses.to_poses("poses")
    query = model.embed(poses)
    mirrored = model.embed(poses.mirrored()) if request.mirrored else None
    return query, mirrored, seconds(frames_of(query), poses.time_s, request.fps)


def _found(
    library: Library, query: Embeddings, request: requests.PosesRequest
) -> answers.SearchReply:
    exact = not request.approximate
    fold = 0.0 if request.every_frame else FOLD
    hits = library.search(query, request.k, request.where.to_filter(), fold, exact)
    told = {"hits": [hit.to_json() | {"span": list(hit.span)} for hit in hits], "exact": exact}
    return answers.SearchReply.model_validate(told | {"recall": 1.0 if exact else library.recall})


def _check_lifts(model: Any) -> None:
    if not hasattr(model, "lift"):
        raise VvipeError(f"{model.name} cannot lift", hint="serve a vvipe model")


def _check_most(what: str, got: float, most: float, hint: str) -> None:
    if got > most:
        raise VvipeError(f"too many {what}", expected=f"up to {most:g}", got=f"{got:g}", hint=hint)
