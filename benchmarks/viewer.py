"""The viewer in a real browser: milliseconds to an answer, and frames a second while scrubbing.

Both are measured in the page: an answer by when the matches of another pose stand there after a
key was pressed, frames by how often the stage was drawn anew while a hand moved on the time line.
Without a graphics card Chromium draws in software; that is told in the table.
"""

from __future__ import annotations

import math
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from common import ROOT, options, report
from films import cmu_motions, filmed
from library_search import Pool

import vvipe
from vvipe.library import Library
from vvipe.library.rows import Clip, to_batch
from vvipe.viewer.collection import Collection
from vvipe.viewer.recording import to_recording
from vvipe.viewer.server import Viewer

sys.path.insert(0, str(ROOT / "tests" / "viewer"))
from browser import FLAGS, Tab, chromium

ROWS = int(os.environ.get("VVIPE_ROWS", "1000000"))
ANSWERS, SCRUB_S = 30, 5.0
# Counts frames in which something was drawn on a canvas that is in the page.
COUNT_FRAMES = """
window.frames_drawn = 0; let drawn = false;
for (const name of ['drawElements', 'drawElementsInstanced', 'drawArrays', 'drawArraysInstanced']) {
  const draw = WebGL2RenderingContext.prototype[name];
  WebGL2RenderingContext.prototype[name] = function(...args) {
    drawn ||= document.contains(this.canvas); return draw.apply(this, args); };
}
const next = () => { window.frames_drawn += drawn; drawn = false; requestAnimationFrame(next); };
requestAnimationFrame(next);
"""
# Presses a key and tells when the pictures of the matches are others, and how long it took.
ANSWER = """
key => new Promise(done => {
  const cards = () => document.querySelector('.vv-cards').textContent, before = cards();
  const began = performance.now();
  const look = () => {
    if (cards() !== before) done(performance.now() - began);
    else if (performance.now() - began > 3000) done(NaN);
    else setTimeout(look, 1);
  };
  document.documentElement.dispatchEvent(
    new KeyboardEvent('keydown', {key, code: key, bubbles: true}));
  look();
})
"""


def main() -> None:
    chosen = options(__doc__)
    from playwright.sync_api import sync_playwright

    rows = 20_000 if chosen.quick else ROWS
    model = vvipe.load()
    rng = np.random.default_rng(0)
    motion = max((x for _, _, x in cmu_motions(1.0)), key=len)[:600:3]
    query = to_recording(model, filmed(motion, 0.5, rng, True), "query")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        library = made(model, rows, Path(folder) / "lib", rng)
        viewer = Viewer(model, Collection(library, model, "made"), [query], port=8195)
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        tab = Tab(browser, viewer, Path(folder), before=COUNT_FRAMES)
        tab.page.wait_for_timeout(2000)
        searches = [searched_ms(tab) for _ in range(20)]
        answers = sorted(answered_ms(tab, 5 if chosen.quick else ANSWERS))
        fps = scrubbed_fps(tab, SCRUB_S)
        renderer = tab.page.evaluate(
            "(() => { const g = document.createElement('canvas').getContext('webgl2');"
            "return g.getParameter(g.getExtension('WEBGL_debug_renderer_info')"
            ".UNMASKED_RENDERER_WEBGL) })()"
        )
        browser.close()
        viewer.stop()
    found = {
        "rows": rows, "ms to search": statistics.median(searches),
        "ms to the answer, median": statistics.median(answers),
        "ms, 90 % within": answers[int(0.9 * (len(answers) - 1))],
        "frames/s while scrubbing": fps, "load": os.getloadavg()[0],
        "drawn by": "software" if "SwiftShader" in renderer else renderer,
    }  # fmt: skip
    report("viewer", [found], chosen)


def made(model: Any, rows: int, uri: Path, rng: np.random.Generator) -> Library:
    """A library of as many rows, mixtures of neighbouring frames of CMU's clips."""
    pool = Pool(model, rng, min(rows, 100_000))
    library = Library.create(uri, model)
    library.store.append(
        to_batch(library.store.columns, Clip(start << 20, "made", f"{start}"), pool.drawn(
            min(100_000, rows - start), rng))
        for start in range(0, rows, 100_000)
    )  # fmt: skip
    return library


def searched_ms(tab: Tab) -> float:
    """Milliseconds of one search without the page: matches and their bodies."""
    began = time.perf_counter()
    tab.visitor.session.search()
    return 1000 * (time.perf_counter() - began)


def answered_ms(tab: Tab, count: int) -> list[float]:
    """Milliseconds from a key to the matches of another row."""
    tab.page.evaluate("document.activeElement.blur()")
    found = []
    for _ in range(count):
        tab.page.wait_for_timeout(300)
        found.append(tab.page.evaluate(ANSWER, "ArrowRight"))
    return [ms for ms in found if math.isfinite(ms)]


def scrubbed_fps(tab: Tab, seconds: float) -> float:
    """Frames a second while the mouse goes to and fro on the time line."""
    mouse = tab.page.mouse
    mouse.move(*tab.on_slider(0.02))
    mouse.down()
    before, began = tab.page.evaluate("frames_drawn"), time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        mouse.move(*tab.on_slider_at(0.5 - 0.48 * math.cos(2 * math.pi * passed / 4)))
        tab.page.wait_for_timeout(8)
    drawn = tab.page.evaluate("frames_drawn") - before
    mouse.up()
    return drawn / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
