"""Chromium without a window, and where things on the stage are on its screen."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SIZE = {"width": 1366, "height": 768}
# Software WebGL, and pages put together without it, which would be slower still.
FLAGS = (
    "--headless=new", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist", "--disable-gpu-compositing",
)  # fmt: skip


def chromium() -> str:
    """Where Chromium is; skips the test where it, Playwright or viser is absent."""
    pytest.importorskip("viser")
    pytest.importorskip("playwright")
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip("no chromium on the path")
    return found


class Tab:
    """A page of the viewer, and the visitor behind it."""

    def __init__(self, browser: Any, viewer: Any, shots: Path, before: str = "") -> None:
        known = set(viewer.visitors)
        self.requests: list[str] = []
        self.problems: list[str] = []
        self.page = browser.new_page(viewport=SIZE, accept_downloads=True)
        self.page.add_init_script(before)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.goto(viewer.url)
        self.page.wait_for_selector(".vv-card", timeout=90_000)
        (number,) = set(viewer.visitors) - known
        self.visitor, self._shots = viewer.visitors[number], shots
        self.page.locator(".mantine-Notification-closeButton").first.click()  # of software WebGL

    def until(self, condition: Callable[[], Any], what: str) -> None:
        """Waits for something to become true."""
        for _ in range(600):
            if condition():
                return
            self.page.wait_for_timeout(50)
        self.shot(f"failed {what}")
        raise AssertionError(f"not within 30 s: {what}")

    def shot(self, name: str) -> None:
        """Keeps a picture of the page."""
        self.page.wait_for_timeout(600)
        self.page.screenshot(path=str(self._shots / f"viewer-{name}.png"))

    def tab(self, name: str) -> None:
        """Opens one of the tabs on the right."""
        self.page.get_by_role("tab", name=name).click()

    def button(self, name: str) -> None:
        """Presses a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def key(self, key: str) -> None:
        """Presses a key while nothing has the focus."""
        self.page.evaluate("document.activeElement.blur()")
        self.page.keyboard.press(key)

    def on_slider(self, share: float, right: bool = False) -> tuple[float, float]:
        """A place on the first slider of the panel on the left, or of that on the right."""
        boxes = [s.bounding_box() for s in self.page.locator(".mantine-Slider-root").all()]
        seen = [box for box in boxes if box and (box["x"] > SIZE["width"] / 2) == right]
        self._slider = min(seen, key=lambda box: box["y"])
        return self.on_slider_at(share)

    def on_slider_at(self, share: float) -> tuple[float, float]:
        """Another place on the same slider."""
        box = self._slider
        return box["x"] + share * box["width"], box["y"] + 7

    def on_screen(self, point: np.ndarray) -> tuple[float, float]:
        """Where a point of the stage is, CSS pixels."""
        camera = self.visitor.client.camera
        w, x, y, z = camera.wxyz
        rotation = np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
            ]
        )
        right, down, ahead = rotation.T @ (point - camera.position)
        box = self.page.locator("canvas").first.bounding_box()
        focal = box["height"] / 2 / np.tan(camera.fov / 2)
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        return middle[0] + focal * right / ahead, middle[1] + focal * down / ahead

    def draw(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Presses the mouse at one place, and releases it at another."""
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(*end, steps=8)
        self.page.wait_for_timeout(200)
        mouse.up()


def shots_folder(fallback: Path) -> Path:
    """Where pictures are kept: `VVIPE_SHOTS`, else the test's own folder."""
    folder = Path(os.environ.get("VVIPE_SHOTS") or fallback)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
