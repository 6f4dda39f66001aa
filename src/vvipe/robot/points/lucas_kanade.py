"""Points followed through frames by their surroundings: pyramidal Lucas-Kanade."""

from __future__ import annotations

import cv2
import numpy as np

from vvipe.errors import VvipeError
from vvipe.robot.points.patches import cut, grey, search

# OpenCV counts from the middle of the first pixel, this package from its corner.
_MIDDLE = 0.5
_SAME_PX = 0.5  # a point that is this near to where it was told to be is there


class LucasKanade:
    """Sparse optical flow (Bouguet, 2001, in OpenCV), checked by going back.

    A point is lost where the flow finds nothing, or where the flow back to the frame before ends
    further than `back_px` from where it began (Kalal et al., 2010). A lost point stays where it
    was, is not visible, and is looked for in each frame by the patch that was round it: where the
    normalised correlation within `reach_px` reaches `alike`, it is taken up again there. The patch
    is that of the first frame, or of the last in which `correct` bore the point out; where it is
    told that something hides a point that was never borne out, it has none.

    Args:
        window_px: Side of the square that is matched.
        levels: Of the pyramid, beyond the image itself.
        back_px: How far from its beginning the way back may end.
        patch_px: Side of the patch that takes a point up again.
        reach_px: How far from where it was lost a point is looked for.
        alike: Least normalised correlation, to 1.
    """

    def __init__(
        self,
        window_px: int = 13,
        levels: int = 3,
        back_px: float = 2.0,
        patch_px: int = 19,
        reach_px: int = 30,
        alike: float = 0.9,
    ) -> None:
        if window_px < 3 or levels < 0 or back_px <= 0 or patch_px < 3 or reach_px < 0:
            raise VvipeError("no such window", expected="at least 3 px, levels and reach from 0")
        self.window_px, self.levels, self.back_px = window_px, levels, back_px
        self.patch_px, self.reach_px, self.alike = patch_px, reach_px, alike
        self._before = np.zeros((0, 0), np.uint8)
        self._points = np.zeros((0, 2))
        self._seen = np.zeros(0, bool)
        self._patches: list[np.ndarray | None] = []
        self._borne_out = np.zeros(0, bool)

    def reset(self, frame: np.ndarray | None, points: np.ndarray) -> None:
        """Begins at (N, 2) points of a frame, which are then also what they look like."""
        self._before = grey(frame)
        self._points = np.array(points, np.float64)
        self._seen = np.ones(len(self._points), bool)
        self._patches = [cut(self._before, p, self.patch_px) for p in self._points]
        self._borne_out = np.zeros(len(self._points), bool)

    def update(self, frame: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Goes one frame on.

        Raises:
            VvipeError: The frame has another size than the first.
        """
        now = grey(frame)
        if now.shape != self._before.shape:
            raise VvipeError(
                "not a frame of this episode", expected=self._before.shape, got=now.shape,
                hint="call reset first",
            )  # fmt: skip
        found, kept = self._flow(now)
        kept &= self._seen  # else the flow of what hides a point would be taken for its own
        for i in np.flatnonzero(~kept):
            again = search(now, self._patches[i], self._points[i], self.reach_px, self.alike)
            if again is not None:
                found[i], kept[i] = again, True
        self._points = np.where(kept[:, None], found, self._points)
        self._before, self._seen = now, kept
        return self._points.copy(), kept.copy()

    def correct(self, points: np.ndarray, believed: np.ndarray) -> None:
        """Loses the points that are not believed, to look for them round (N, 2) told places.

        Those that are believed where they were lost are taken up again.
        """
        self._seen = believed.copy()
        self._borne_out |= believed
        hidden = np.linalg.norm(points - self._points, axis=-1) < _SAME_PX
        self._points = np.where(believed[:, None], self._points, points)
        for i in range(len(points)):
            if believed[i]:
                patch = cut(self._before, self._points[i], self.patch_px)
                self._patches[i] = self._patches[i] if patch is None else patch
            elif hidden[i] and not self._borne_out[i]:
                self._patches[i] = None  # it shows what hides the point

    def _flow(self, now: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(N, 2) points in the new frame, (N,) which of them the way back confirms."""
        if not len(self._points):
            return self._points.copy(), np.zeros(0, bool)
        window = (self.window_px, self.window_px)
        start = (self._points - _MIDDLE).astype(np.float32)[:, None]
        there, on, _ = cv2.calcOpticalFlowPyrLK(
            self._before, now, start, start.copy(), winSize=window, maxLevel=self.levels
        )
        back, off, _ = cv2.calcOpticalFlowPyrLK(
            now, self._before, there, there.copy(), winSize=window, maxLevel=self.levels
        )
        apart = np.linalg.norm(back - start, axis=-1)[:, 0]
        h, w = now.shape
        found = there[:, 0].astype(np.float64) + _MIDDLE
        inside = (found >= 0).all(1) & (found < (w, h)).all(1)
        return found, (on[:, 0] > 0) & (off[:, 0] > 0) & (apart <= self.back_px) & inside
