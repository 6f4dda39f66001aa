"""What is answered; rows that could not be embedded are null."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, SkipValidation, WithJsonSchema

_LISTS: dict[str, Any] = {"type": "array", "items": {"type": "number"}}
_NULL = {"type": "null"}


def _rows(row: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"type": "array", "items": {"anyOf": [row, _NULL]}})


Vectors = Annotated[Any, SkipValidation, _rows(_LISTS)]
Points = Annotated[
    Any, SkipValidation, _rows({"type": "array", "items": {"anyOf": [_LISTS, _NULL]}})
]
Wholes = Annotated[
    Any, SkipValidation, WithJsonSchema({"type": "array", "items": {"type": "integer"}})
]
Numbers = Annotated[Any, SkipValidation, WithJsonSchema(_LISTS)]


class Reply(BaseModel):
    """An answer; NaN and infinity become null."""

    model_config = ConfigDict(use_attribute_docstrings=True, ser_json_inf_nan="null")

    def to_bytes(self) -> bytes:
        """As JSON, without what was not told."""
        return self.__pydantic_serializer__.to_json(self, exclude_unset=True)


class EmbedReply(Reply):
    """A vector a pose."""

    embeddings: Vectors
    """A vector a row; null where too little was seen."""
    variance: Vectors
    """How unsure each number is, in squared units of the space."""
    frame: Wholes
    """Number of each row's frame."""
    source: str
    model: str
    """Name and hash of the model."""
    dim: int
    """Numbers of a vector."""


class PosesReply(Reply):
    """Poses in the form in which requests have them."""

    keypoints: Points | None = None
    positions: Points | None = None
    joints: list[str]
    skeleton: str | None = None
    frame: Wholes
    fps: float | None = None
    time_s: Numbers | None = None
    image_size: list[int] | None = None
    unit: str | None = None
    up: str | None = None
    frame_of_reference: str | None = None
    source: str


class LiftReply(Reply):
    """A 3D pose a pose, on Human3.6M-17, metres."""

    positions: Points
    """Rows of joints of x, y, z; null where too little was seen."""
    joints: list[str]
    skeleton: str
    frame: Wholes
    fps: float | None = None
    time_s: Numbers | None = None
    unit: str
    up: str
    frame_of_reference: str
    source: str
    model: str
    """Name and hash of the model."""


class PoseHit(Reply):
    """One pose that was found."""

    rank: int
    id: int
    source: str
    clip: str
    frame: int
    span: list[int]
    """First and last frame of the neighbours that show the same pose."""
    distance: float


class SearchReply(Reply):
    """The poses nearest to one."""

    hits: list[PoseHit]
    exact: bool
    recall: float
    """Share of the ten nearest that are found."""


class BatchReply(Reply):
    """An answer a row."""

    results: list[SearchReply | None]
    """null where too little was seen."""


class MotionHit(Reply):
    """One passage that was found."""

    rank: int
    source: str
    clip: str
    start_frame: int
    end_frame: int
    cost: float
    """Mean distance over the frames of the query."""


class MotionReply(Reply):
    """The passages most like a motion."""

    hits: list[MotionHit]


class FramePair(Reply):
    """A frame of A and the frame of B that it was compared with."""

    frame_a: int
    frame_b: int
    distance: float


class CompareReply(Reply):
    """How alike two motions are; means over pairs of frames."""

    distance: float
    """Of the embeddings."""
    match: bool
    """Whether they are the same pose (matching distance below 0.10 torso lengths)."""
    per_joint_deg: dict[str, float | None]
    """Difference of joint angles, degrees; null: never seen."""
    per_joint_mm: dict[str, float | None]
    """Distance of joints in the canonical frame, millimetres; null: never seen."""
    worst: list[FramePair]
    """Furthest apart first."""


class AlignedPair(Reply):
    """An instant t of A is the instant t + offset of B."""

    a: str
    b: str
    offset_s: float | None
    offset_frames: float | None
    """In frames of B."""
    confidence: float
    reliable: bool
    drift: float | None = None
    """By what share B's clock runs faster (with `drift`)."""
    path: list[list[int]] | None = None
    """Frames of A and of B that belong together (with `warp`)."""


class AlignReply(Reply):
    """All pairs of recordings."""

    pairs: list[AlignedPair]


class LibraryReply(Reply):
    """What is in a library."""

    name: str
    rows: int
    clips: int
    cameras: list[str]
    tags: list[str]
    model: str
    ranking: str
    version: int


class LibrariesReply(Reply):
    """The libraries that can be searched."""

    libraries: list[LibraryReply]


class ModelReply(Reply):
    """The model that embeds and lifts."""

    name: str
    id: str
    """Name and hash, which embeddings carry."""
    representation: str
    dim: int
    """Numbers of a vector."""
    ranking: str
    embeds_3d: bool
    lifts: bool
    trained_on: str | None = None
    metrics: list[dict[str, Any]] = []


class HealthReply(Reply):
    """That the service lives, and whether it is ready."""

    status: str
    ready: bool
    """Whether there is room for another request."""
    version: str
    model: str
    libraries: list[str]
