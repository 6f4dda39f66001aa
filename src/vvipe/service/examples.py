"""A request of each kind that can be sent as it stands."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict

# coco13, pixels: shoulders, elbows, wrists, hips, knees and ankles, left before right.
_STANDING = [
    [500, 180], [545, 270], [455, 270], [570, 370], [430, 370], [580, 465], [420, 465],
    [530, 480], [470, 480], [535, 640], [465, 640], [538, 790], [462, 790],
]  # fmt: skip
_RAISED = [
    [500, 180], [545, 270], [455, 270], [640, 230], [430, 370], [720, 170], [420, 465],
    [530, 480], [470, 480], [535, 640], [465, 640], [538, 790], [462, 790],
]  # fmt: skip


def _between(share: float) -> list[list[float]]:
    """A row on the way from standing to the left arm raised."""
    pairs = zip(_STANDING, _RAISED, strict=True)
    return [[round((1 - share) * u + share * v) for u, v in zip(*ab, strict=True)] for ab in pairs]


def _rows(*shares: float) -> dict[str, Any]:
    return {"keypoints": [_between(share) for share in shares], "skeleton": "coco13"}


_LIFTING = _rows(0, 0.3, 0.7, 1) | {"fps": 2}
EMBED: dict[str, Any] = {"poses": _rows(0)}
LIFT: dict[str, Any] = {
    "poses": _rows(0) | {"image_size": [1000, 1000]}, "frame_of_reference": "camera",
}  # fmt: skip
SEARCH: dict[str, Any] = {"poses": _rows(1), "k": 5}
MOTION: dict[str, Any] = {"poses": _LIFTING, "k": 5}
COMPARE: dict[str, Any] = {"a": _rows(0), "b": _rows(1)}
ALIGN: dict[str, Any] = {
    "recordings": [_LIFTING | {"source": "left"}, _LIFTING | {"source": "right"}]
}


def shown(example: dict[str, Any]) -> ConfigDict:
    """What puts an example into the documentation."""
    return ConfigDict(json_schema_extra={"examples": [example]})
