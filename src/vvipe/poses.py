"""Poses2D and Poses3D: arrays that carry their skeleton, mask, unit, frame, source and time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from vvipe.errors import VvipeError
from vvipe.skeletons import Skeleton, get_skeleton, map_joints
from vvipe.skeletons.mapping import origins


@dataclass(frozen=True, eq=False)
class _Poses:
    """What 2D and 3D poses share; leading dimensions are free.

    Attributes:
        coords: (..., J, D) float32, NaN = not seen.
        skeleton: Names and order of the J joints; a registered name is accepted.
        frame: (N,) frame numbers in the source, for the first leading dimension.
        fps: Frames per second, None if unknown.
        source: Where the poses come from, for messages and provenance.
        synthesised: Joints that were made from others when the skeleton was mapped.
        stamp_s: (N,) seconds, where the source tells the time of each frame; videos may have an
            uneven rate.
    """

    coords: np.ndarray
    skeleton: Skeleton
    frame: np.ndarray | None = None
    fps: float | None = None
    source: str = "array"
    synthesised: tuple[str, ...] = ()
    stamp_s: np.ndarray | None = None

    _dims = 0

    def __post_init__(self) -> None:
        skeleton = get_skeleton(self.skeleton, where=self.source)
        coords = _numbers(self.coords, "coordinates", self.source)
        want = (len(skeleton), self._dims)
        if coords.shape[-2:] != want:
            raise VvipeError(
                f"wrong shape for {skeleton.name}", where=self.source,
                expected=f"(..., {want[0]}, {want[1]})", got=coords.shape,
            )  # fmt: skip
        seen = np.isfinite(coords).all(-1, keepdims=True)
        coords = np.where(seen, coords, np.float32(np.nan))
        object.__setattr__(self, "coords", coords)
        object.__setattr__(self, "skeleton", skeleton)
        shape = coords.shape[:-2][:1]
        counted = np.arange(shape[0]) if shape else None
        frame = self._per_frame(self.frame, "frames", np.int64, shape)
        object.__setattr__(self, "frame", counted if frame is None else frame)
        stamps = self._per_frame(self.stamp_s, "time stamps", np.float64, shape)
        object.__setattr__(self, "stamp_s", stamps)

    def _per_frame(
        self, values: np.ndarray | None, what: str, dtype: type, shape: tuple[int, ...]
    ) -> np.ndarray | None:
        if values is None:
            return None
        numbers = _numbers(values, what, self.source, dtype)
        if numbers.shape != shape:
            raise VvipeError(
                f"{what} do not fit the poses", where=self.source,
                expected=shape, got=numbers.shape,
            )  # fmt: skip
        return numbers

    @property
    def mask(self) -> np.ndarray:
        """(..., J) bool, True where a joint is seen."""
        return ~np.isnan(self.coords[..., 0])

    @property
    def time_s(self) -> np.ndarray | None:
        """(N,) seconds: the time stamps, else frame numbers by the rate; None without either."""
        if self.stamp_s is not None:
            return self.stamp_s
        return None if self.fps is None or self.frame is None else self.frame / self.fps

    def __len__(self) -> int:
        return len(self.coords)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """The coordinates, so that numpy takes poses as what they are."""
        array = np.asarray(self.coords, dtype=dtype)
        return array.copy() if copy else array

    @property
    def shape(self) -> tuple[int, ...]:
        """(..., J, D)."""
        return self.coords.shape

    def joint(self, name: str) -> np.ndarray:
        """(..., D) coordinates of one joint."""
        return self.coords[..., self.skeleton.index(name), :]

    def _per_pose(self) -> dict[str, np.ndarray | None]:
        return {"coords": self.coords, "frame": self.frame, "stamp_s": self.stamp_s}

    def __getitem__(self, key: Any) -> Self:
        """Selects along the first leading dimension, frame numbers and times included."""
        picked = {k: None if v is None else v[key] for k, v in self._per_pose().items()}
        return replace(self, **picked)

    def mirrored(self) -> Self:
        """The mirror image: the first coordinate turned round, left joints where the right were."""
        flip = np.array([-1, *[1] * (self._dims - 1)], np.float32)
        columns = self.skeleton.mirror
        others = ("coords", "frame", "stamp_s")
        per_joint = {k: v for k, v in self._per_pose().items() if k not in others}
        swapped = {k: None if v is None else v[..., columns] for k, v in per_joint.items()}
        return replace(self, coords=self.coords[..., columns, :] * flip, **swapped)

    def to_skeleton(self, skeleton: Skeleton | str) -> Self:
        """The same poses on another skeleton: absent joints NaN, synthesised ones listed."""
        target = get_skeleton(skeleton)
        if target.joints == self.skeleton.joints:
            return self
        coords, made = map_joints(self.coords, self.skeleton, target)
        before = set(self.skeleton.indices(*self.synthesised))
        synthesised = tuple(
            joint
            for joint, makers in zip(target.joints, origins(self.skeleton, target), strict=True)
            if joint in made or before.intersection(makers)
        )
        return replace(self, coords=coords, skeleton=target, synthesised=synthesised)


@dataclass(frozen=True, eq=False)
class Poses2D(_Poses):
    """Keypoints in an image: pixels, x right, y down.

    Attributes:
        confidence: (..., J) in 0..1, None where the detector gives none; 0 makes a joint unseen.
        image_size: (width, height) in pixels.
    """

    confidence: np.ndarray | None = None
    image_size: tuple[int, int] | None = None

    unit: str = field(default="px", init=False)
    frame_of_reference: str = field(default="image", init=False)
    _dims = 2

    def __post_init__(self) -> None:
        if self.confidence is not None:
            confidence = _numbers(self.confidence, "confidences", self.source)
            coords = _numbers(self.coords, "coordinates", self.source)
            if confidence.shape != coords.shape[:-1]:
                raise VvipeError(
                    "confidence does not fit the keypoints", where=self.source,
                    expected=coords.shape[:-1], got=confidence.shape,
                )  # fmt: skip
            seen = (confidence > 0) & np.isfinite(coords).all(-1)
            object.__setattr__(self, "coords", np.where(seen[..., None], coords, np.nan))
            object.__setattr__(self, "confidence", np.where(seen, confidence, np.float32(0)))
        super().__post_init__()

    @property
    def keypoints(self) -> np.ndarray:
        """(..., J, 2) pixels, NaN = not seen."""
        return self.coords

    def _per_pose(self) -> dict[str, np.ndarray | None]:
        return super()._per_pose() | {"confidence": self.confidence}

    def to_skeleton(self, skeleton: Skeleton | str) -> Self:
        """The same poses on another skeleton: absent joints NaN, synthesised ones listed.

        A synthesised joint has the mean confidence of those of its makers that are seen.
        """
        target = get_skeleton(skeleton)
        if self.confidence is None or target.joints == self.skeleton.joints:
            return super().to_skeleton(target)
        makers = [self.confidence[..., list(o)] for o in origins(self.skeleton, target)]
        confidence = [m.sum(-1) / np.maximum((m > 0).sum(-1), 1) for m in makers]
        mapped = super(Poses2D, replace(self, confidence=None)).to_skeleton(target)
        return replace(mapped, confidence=np.stack(confidence, -1))


@dataclass(frozen=True, eq=False)
class Poses3D(_Poses):
    """Joint positions in space: metres, right-handed.

    Attributes:
        frame_of_reference: `world` (z up), `camera` (OpenCV: x right, y down, z forward),
            or `canonical` (root at the origin, universal skeleton, facing -x, z up).
    """

    frame_of_reference: str = "world"

    unit: str = field(default="m", init=False)
    _dims = 3

    @property
    def positions(self) -> np.ndarray:
        """(..., J, 3) metres, NaN = not seen."""
        return self.coords

    @property
    def up(self) -> str:
        """The axis that points up: `z`, or `-y` in a camera's frame."""
        return "-y" if self.frame_of_reference == "camera" else "z"


def mean_fps(time_s: np.ndarray | None) -> float | None:
    """Mean frames per second of (N,) seconds, None where fewer than two of them differ."""
    if time_s is None or len(time_s) < 2 or not np.ptp(time_s) > 0:
        return None
    return (len(time_s) - 1) / float(np.ptp(time_s))


def _numbers(values: Any, what: str, where: str, dtype: type = np.float32) -> np.ndarray:
    try:
        with np.errstate(over="ignore"):  # what does not fit in float32 becomes inf, then NaN
            return np.asarray(values, dtype=dtype)
    except (TypeError, ValueError, OverflowError) as error:
        raise VvipeError(f"{what} are not numbers", where=where) from error
