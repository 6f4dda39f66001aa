"""What can be asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, WithJsonSchema, model_validator

from vvipe.embeddings import Embeddings
from vvipe.errors import VvipeError
from vvipe.formats.columns import columns_to_poses
from vvipe.formats.format import DEFAULTS
from vvipe.library import Filter
from vvipe.poses import Poses2D, Poses3D
from vvipe.service.arrays import Frames, Keypoints, Positions, Seconds, Vectors
from vvipe.service.body import Body
from vvipe.service.examples import ALIGN, COMPARE, EMBED, LIFT, MOTION, SEARCH, shown
from vvipe.service.limits import MOST_HITS, MOST_RECORDINGS, MOST_WORDS, MOST_WORST
from vvipe.skeletons import skeleton_names

Text = Annotated[str, Field(max_length=500)]
Words = Annotated[list[Text], Field(max_length=MOST_WORDS)]
Pixels = Annotated[int, Field(gt=0, le=1_000_000)]
SkeletonName = Annotated[Text, WithJsonSchema({"type": "string", "enum": skeleton_names()})]
Rate = Annotated[float, Field(ge=0.01, le=100_000)]
_FAR = 1e6  # what no model's embeddings come near, and whose squares float32 holds


class Poses(Body):
    """Poses of one person, a row each: 2D keypoints of any detector, or 3D positions."""

    keypoints: Keypoints | None = None
    """Rows of joints of x, y and, if known, confidence; pixels, x right, y down. null or confidence
    0: not seen."""
    positions: Positions | None = None
    """Instead of keypoints: rows of joints of x, y, z."""
    skeleton: SkeletonName | None = None
    """What the joints are."""
    joints: Annotated[list[Text], Field(max_length=1000)] | None = None
    """Instead of a skeleton: the names of the joints, in order."""
    frame: Frames | None = None
    """Number of each row's frame; by default 0, 1, 2, …"""
    fps: Rate | None = None
    """Frames per second."""
    time_s: Seconds | None = None
    """Time of each row, where the rate is uneven."""
    image_size: Annotated[list[Pixels], Field(min_length=2, max_length=2)] | None = None
    """Width and height of the image, pixels."""
    unit: Literal["m", "cm", "mm"] | None = None
    """Of positions, m unless told."""
    up: Literal["y", "z", "-y"] | None = None
    """The axis that points up, z unless told."""
    frame_of_reference: Literal["world", "canonical", "camera"] | None = None
    """Of positions."""
    source: Text | None = None
    """What messages and answers call these poses."""

    @property
    def rows(self) -> int:
        """Poses in it."""
        return max((len(x) for x in (self.keypoints, self.positions) if x is not None), default=0)

    def to_poses(self, where: str) -> Poses2D | Poses3D:
        """(N, J, 2 or 3).

        Args:
            where: The field, for messages.
        """
        columns = {k: v for k in type(self).model_fields if (v := getattr(self, k)) is not None}
        columns.pop("source", None)
        poses = columns_to_poses(columns, DEFAULTS, Path(where))
        return replace(poses, source=self.source or where)


class Embedded(Body):
    """Embeddings as `/embed` gives them."""

    embeddings: Vectors
    """A vector a row, null for none."""
    variance: Vectors | None = None
    """How unsure each number is; without it each counts as sure."""
    frame: Frames | None = None
    """Number of each row's frame."""
    source: Text | None = None
    """What messages call them."""
    model: Text = ""
    """The model that made them."""

    @property
    def rows(self) -> int:
        """Poses in it."""
        return len(self.embeddings)

    def to_embeddings(self, where: str) -> Embeddings:
        """(N, D).

        Raises:
            VvipeError: Arrays that do not fit each other, or negative variances.
        """
        variance = np.zeros_like(self.embeddings) if self.variance is None else self.variance
        if variance.shape != self.embeddings.shape:
            raise VvipeError(
                "wrong shape of variance", where=where, expected=self.embeddings.shape,
                got=variance.shape,
            )  # fmt: skip
        if (variance < 0).any():
            raise VvipeError("negative variance", where=where)
        frame = np.arange(self.rows) if self.frame is None else self.frame
        if len(frame) != self.rows:
            raise VvipeError("not a frame a row", where=where, expected=self.rows, got=len(frame))
        if np.nanmax(np.abs([self.embeddings, variance]), initial=0) > _FAR:
            raise VvipeError("embeddings out of range", where=where, expected=f"up to {_FAR:g}")
        seen = np.isfinite(self.embeddings + variance).all(1, keepdims=True)
        vectors, variance = (
            np.where(seen, x, np.nan).astype(np.float32) for x in (self.embeddings, variance)
        )
        return Embeddings(vectors, variance, frame, self.source or where, self.model)


class EmbedRequest(Body):
    """Poses to embed."""

    model_config = shown(EMBED)

    poses: Poses

    @property
    def rows(self) -> int:
        """Poses in it."""
        return self.poses.rows


class LiftRequest(EmbedRequest):
    """2D keypoints to lift."""

    model_config = shown(LIFT)

    frame_of_reference: Literal["canonical", "camera"] = "canonical"
    """canonical: hip at the origin, facing -x, z up. camera: x right, y down, z forward, placed so
    that it projects onto the keypoints."""
    focal_px: Annotated[float, Field(ge=1, le=1e7)] | None = None
    """Focal length for the camera's frame; else 1.145 of the image's longer side."""


class Where(Body):
    """What may be found; all that is given must hold. In names * stands for any letters."""

    clip: Words = Field(default=[])
    """Any of these clips."""
    source: Words = Field(default=[])
    """Any of these files."""
    camera: Words = Field(default=[])
    """Any of these cameras."""
    tag: Words = Field(default=[])
    """All of these tags."""
    from_s: Annotated[float, Field(ge=-1e9, le=1e9)] | None = None
    """Not before this second of a clip."""
    to_s: Annotated[float, Field(ge=-1e9, le=1e9)] | None = None
    """Not after this second of a clip."""

    def to_filter(self) -> Filter | None:
        """The library's own, None for no condition."""
        names = (self.clip, self.source, self.camera, self.tag)
        clips, sources, cameras, tags = map(tuple, names)
        return Filter(clips, sources, cameras, tags, self.from_s, self.to_s) or None


class SearchRequest(Body):
    """Poses, or their embeddings, to search for."""

    library: Text | None = None
    """Name of a library; needs not be given where there is one only."""
    poses: Poses | None = None
    embeddings: Embedded | None = None
    """Instead of poses."""
    k: Annotated[int, Field(ge=1, le=MOST_HITS)] = 10
    """How many hits."""
    where: Where = Where()
    """What may be found."""
    approximate: bool = False
    """Ask the library's graph instead of comparing every row."""

    @property
    def rows(self) -> int:
        """Poses in it."""
        return sum(x.rows for x in (self.poses, self.embeddings) if x is not None)

    @model_validator(mode="after")
    def _one_query(self) -> Self:
        if (self.poses is None) == (self.embeddings is None):
            raise ValueError("expected either poses or embeddings")
        return self


class PosesRequest(SearchRequest):
    """A pose to search for."""

    model_config = shown(SEARCH)

    every_frame: bool = False
    """Each frame is a hit of its own; else neighbouring frames that show the same pose are one."""


class MotionRequest(SearchRequest):
    """A motion to search for: rows that follow each other, a minute at most."""

    model_config = shown(MOTION)

    mirrored: bool = False
    """The motion's mirror image will do too (of poses)."""
    fps: Rate | None = None
    """Rows per second where the poses do not say; 30 unless told."""


class CompareRequest(Body):
    """Two poses or motions to compare."""

    model_config = shown(COMPARE)

    a: Poses
    b: Poses
    worst: Annotated[int, Field(ge=0, le=MOST_WORST)] = 5
    """How many of the pairs of frames that differ most to list."""
    timing: Literal["auto", "frames", "warp", "stretch"] = "auto"
    """Which frames belong together: those in the same place (frames), those in which the two do the
    same (warp), or those at the same share of the duration (stretch). auto: frames where both are
    equally long, else warp."""

    @property
    def rows(self) -> int:
        """Poses in it."""
        return self.a.rows + self.b.rows


class AlignRequest(Body):
    """Recordings of one performance by several cameras, or of several performances."""

    model_config = shown(ALIGN)

    recordings: Annotated[list[Poses], Field(min_length=2, max_length=MOST_RECORDINGS)]
    """Each with fps, or time_s; `source` is its name in the answer, else its number."""
    fps: Rate | None = None
    """Frames per second of recordings that do not say; 30 unless told."""
    max_offset_s: Annotated[float, Field(gt=0, le=1e9)] | None = None
    """The largest offset, either way, seconds."""
    drift: bool = False
    """One camera's clock may run up to a hundredth faster than another's."""
    warp: bool = False
    """These are performances of one movement, each at a tempo of its own."""

    @property
    def rows(self) -> int:
        """Poses in it."""
        return sum(x.rows for x in self.recordings)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.warp and (self.drift or self.max_offset_s is not None):
            raise ValueError("drift and max_offset_s are for one performance; leave out warp")
        return self
