"""The tab of motions: where somebody moves like this, and how another performance differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from vvipe.library import MotionHit
from vvipe.view.charts import shortened
from vvipe.view.palette import HIT, INK, LEFT, LINE
from vvipe.viewer.collection import called
from vvipe.viewer.page.controls import by_hand
from vvipe.viewer.page.style import card
from vvipe.viewer.partner import Partner
from vvipe.viewer.recording import Recording
from vvipe.viewer.svg import body_svg

if TYPE_CHECKING:
    from vvipe.viewer.page.visitor import Visitor

_NONE = "–"


class MotionPanel:
    """Builds the tab in the container that is open."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor, gui = visitor, visitor.client.gui
        self._hits: list[MotionHit] = []
        self._pictures: list[str] = []
        with gui.add_folder("Find a motion"):
            self._from = gui.add_slider("From", min=0, max=1, step=1, initial_value=0)
            self._to = gui.add_slider("To", min=0, max=1, step=1, initial_value=1)
            self._find = gui.add_button("Find this passage", hint="F")
            self._told = gui.add_html("")
            self._cards = gui.add_html("")
        with gui.add_folder("Compare"):
            self._other: Any = gui.add_dropdown("With", (_NONE,))
            self._align = gui.add_button("Align and compare")
            self._said = gui.add_html("")
        post = visitor.jobs.post
        self._find.on_click(lambda _: post("find", visitor.motions.find))
        self._align.on_click(lambda _: post("align", self._compare))
        by_hand(self._from, lambda row: post("from", lambda: self._moved(row)))
        by_hand(self._to, lambda row: post("to", lambda: self._moved(row)))

    @property
    def span(self) -> tuple[int, int]:
        """First and last row of the passage that is searched for."""
        a, b = int(self._from.value), int(self._to.value)
        return min(a, b), max(a, b)

    def opened(self, recording: Recording, recordings: Sequence[Recording]) -> None:
        """Fits the sliders to a recording: a passage of some four seconds to begin with."""
        last = max(1, len(recording) - 1)
        for slider in (self._from, self._to):
            slider.max = last
        self._from.value, self._to.value = 0, min(last, round(4 * recording.fps))
        others = [r.name for r in recordings if r is not recording]
        self._other.options = (*others,) if others else (_NONE,)
        self._said.content = ""

    def found(self, hits: Sequence[MotionHit], bodies: Sequence[np.ndarray], took_s: float) -> None:
        """Shows the passages that were found, the best first, each by one of its bodies."""
        self._hits, self._pictures = list(hits), [body_svg(body) for body in bodies]
        said = f"<b>{len(hits)}</b> passages · {took_s:.1f} s" if hits else "Nothing found."
        self._told.content = f'<div class="vv">{said}</div>'
        self.mark(None)

    def mark(self, opened: int | None) -> None:
        """Marks the passage that plays."""
        cards = [
            card(picture, (shortened(called(hit), 26), f"{hit.cost:.2f}"),
                 str((i + 1) % 10), i == opened, "altKey: true, shiftKey: true")
            for i, (hit, picture) in enumerate(zip(self._hits, self._pictures, strict=True))
        ]  # fmt: skip
        self._cards.content = f'<div class="vv-cards">{"".join(cards)}</div>'

    def tell(self, partner: Partner, row: int) -> None:
        """Says how far the two that are compared differ at a row."""
        if partner.distance is None:
            return
        rows = "".join(
            f"<tr><td>{name.replace('_', ' ')}</td><td>{mm:.0f} mm</td>"
            f"<td>{'' if deg is None else f'{deg:+.0f}°'}</td></tr>"
            for name, mm, deg in partner.joints(row, 5)
        )
        nobody = '<tr><td class="vv-faint">no counterpart at this moment</td></tr>'
        self._said.content = (
            f'<div class="vv">{partner.note}{_curve(partner, row)}'
            f'<table class="vv-table">{rows or nobody}</table></div>'
        )

    def _moved(self, row: float) -> None:
        self._visitor.mark(self.span, int(row))

    def _compare(self) -> None:
        names = [r.name for r in self._visitor.session.recordings]
        if self._other.value in names:
            self._visitor.motions.compare(
                self._visitor.session.recordings[names.index(self._other.value)]
            )


def _curve(partner: Partner, row: int) -> str:
    """The distance over time, where one is, and the worst moments."""
    values = np.asarray(partner.distance)
    if not np.isfinite(values).any():
        return ""
    x = 100 * np.arange(len(values)) / max(1, len(values) - 1)
    y = 30 - 28 * values / max(float(np.nanmax(values)), 1e-9)
    shown = np.flatnonzero(np.isfinite(values))[:: max(1, len(values) // 300)]
    points = " ".join(f"{x[i]:.1f},{y[i]:.1f}" for i in shown)
    dots = "".join(
        f'<circle cx="{x[i]:.1f}" cy="{y[i]:.1f}" r="1.2" fill="{HIT}"/>' for i in partner.worst(3)
    )
    return (
        '<svg viewBox="-1 0 102 32" style="width:100%;margin:4px 0">'
        f'<line x1="0" y1="30" x2="100" y2="30" stroke="{LINE}" stroke-width="0.5"/>'
        f'<polyline points="{points}" fill="none" stroke="{LEFT}" stroke-width="0.8"/>{dots}'
        f'<line x1="{x[row]:.1f}" y1="1" x2="{x[row]:.1f}" y2="31" stroke="{INK}" '
        'stroke-width="0.5"/></svg>'
    )
