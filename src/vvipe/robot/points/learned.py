"""Places for learned models: correspondence by descriptors, and tracking by any callable.

No weights come with the package. P3-PO itself has DIFT's features and CoTracker3's tracks; their
weights are on hubs, CoTracker3's for non-commercial use only.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vvipe.errors import VvipeError

Features = Callable[[np.ndarray], np.ndarray]
"""A (H, W, 3) uint8 frame -> (D, h, w) descriptors of a grid over the whole of it."""
TrackModel = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""(F, H, W, 3) frames and (N, 2) points of the first -> (F, N, 2) points, (F, N) visible."""


class Correspondence:
    """Finds points of an annotated frame in another: the most similar descriptor (P3-PO, DIFT).

    Args:
        features: Of a frame; any fixed function or trained network.
        frame: (H, W, 3) uint8, the annotated one.
        points: (N, 2) u, v on it.
    """

    def __init__(self, features: Features, frame: np.ndarray, points: np.ndarray) -> None:
        self.features = features
        grid = _unit(_descriptors(features, frame))
        cell = _cells(points, frame.shape, grid.shape)
        self._wanted = grid[:, cell[:, 1], cell[:, 0]].T  # (N, D)

    def find(self, frame: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(N, 2) middles of the cells whose descriptors are most alike, (N,) their cosines."""
        grid = _unit(_descriptors(self.features, frame))
        _, rows, columns = grid.shape
        cosine = self._wanted @ grid.reshape(len(grid), -1)
        best = cosine.argmax(1)
        cell = np.stack([best % columns, best // columns], 1) + 0.5
        size = np.array([frame.shape[1], frame.shape[0]])
        return cell * size / (columns, rows), cosine.max(1)


class FoundAgain:
    """A tracker out of correspondence alone: every frame is searched anew.

    Args:
        correspondence: That knows the points.
        alike: Least cosine of a visible point.
    """

    def __init__(self, correspondence: Correspondence, alike: float = 0.0) -> None:
        self.correspondence, self.alike = correspondence, alike
        self._last = np.zeros((0, 2))

    def reset(self, frame: np.ndarray | None, points: np.ndarray) -> None:
        """Begins an episode."""
        self._last = np.array(points, np.float64)

    def update(self, frame: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """(N, 2) points, (N,) which are alike enough."""
        if frame is None:
            raise VvipeError("no frame", expected="(H, W, 3) uint8")
        found, cosine = self.correspondence.find(frame)
        visible = cosine >= self.alike
        self._last = np.where(visible[:, None], found, self._last)
        return self._last.copy(), visible

    def correct(self, points: np.ndarray, believed: np.ndarray) -> None:
        """Points that are not found keep the places told."""
        self._last = np.where(believed[:, None], self._last, points)


class LearnedTracker:
    """A tracking model, such as CoTracker, that the user brings with its weights.

    It is asked with the last `window` frames, of which the oldest has the points as then told; the
    paper's tracker sees 16.

    Args:
        model: Frames and the first one's points -> points and visibility in all of them.
        window: Frames, 2 or more.
    """

    def __init__(self, model: TrackModel, window: int = 16) -> None:
        if window < 2:
            raise VvipeError("no window", expected="2 frames or more", got=window)
        self.model, self.window = model, window
        self._frames: list[np.ndarray] = []
        self._points: list[np.ndarray] = []

    def reset(self, frame: np.ndarray | None, points: np.ndarray) -> None:
        """Begins an episode."""
        if frame is None:
            raise VvipeError("no frame", expected="(H, W, 3) uint8")
        self._frames, self._points = [frame], [np.array(points, np.float64)]

    def update(self, frame: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """(N, 2) points, (N,) visible.

        Raises:
            VvipeError: The model's answer has other shapes.
        """
        if frame is None or not self._frames:
            raise VvipeError("no frame", expected="(H, W, 3) uint8, and reset before")
        self._frames = [*self._frames, frame][-self.window :]
        self._points = self._points[-(self.window - 1) :]
        points, visible = self.model(np.stack(self._frames), self._points[0])
        expected = (len(self._frames), len(self._points[0]))
        if np.shape(points) != (*expected, 2) or np.shape(visible) != expected:
            raise VvipeError(
                "the tracking model's answer does not fit", expected=(*expected, 2),
                got=f"{np.shape(points)} and {np.shape(visible)}",
            )  # fmt: skip
        seen = np.asarray(visible[-1], bool)
        now = np.where(seen[:, None], points[-1], self._points[-1])
        self._points.append(now)
        return now.copy(), seen

    def correct(self, points: np.ndarray, believed: np.ndarray) -> None:
        """The model is asked from the places told, once this frame is the oldest."""
        self._points[-1] = np.where(believed[:, None], self._points[-1], points)


def patch_features(size: int = 9, stride: int = 1) -> Features:
    """Normalised grey patches as descriptors, (size², h, w): a fixed function to begin with.

    It knows nothing of meaning, and holds for frames that look alike.
    """
    if size < 1 or size % 2 == 0 or stride < 1:
        raise VvipeError("no patch", expected="an odd size, a stride from 1", got=(size, stride))

    def features(frame: np.ndarray) -> np.ndarray:
        grey = frame.astype(np.float32).mean(-1)
        edge = size // 2
        padded = np.pad(grey, edge, mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size))
        windows = windows[stride // 2 :: stride, stride // 2 :: stride]
        patches = windows.reshape(*windows.shape[:2], -1)
        return np.moveaxis(patches - patches.mean(-1, keepdims=True), -1, 0)

    return features


def _descriptors(features: Features, frame: np.ndarray) -> np.ndarray:
    grid = np.asarray(features(frame))
    if grid.ndim != 3 or not grid.size:
        raise VvipeError("features are not a grid", expected="(D, h, w)", got=grid.shape)
    return grid.astype(np.float32)


def _unit(grid: np.ndarray) -> np.ndarray:
    return grid / np.maximum(np.linalg.norm(grid, axis=0, keepdims=True), 1e-9)


def _cells(points: np.ndarray, frame: tuple[int, ...], grid: tuple[int, ...]) -> np.ndarray:
    """(N, 2) column and row of the grid cell that each point is in."""
    size = np.array([frame[1], frame[0]])
    cells = np.array([grid[2], grid[1]])
    if not ((points >= 0) & (points < size)).all():
        raise VvipeError("a point is outside of the annotated frame", expected=f"{size} px")
    return (np.asarray(points) * cells / size).astype(int)
