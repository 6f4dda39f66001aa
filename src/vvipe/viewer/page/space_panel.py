"""The tab of the space: its map, its main directions, paths and variants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvipe.viewer.directions import REACH
from vvipe.viewer.page.controls import by_hand

if TYPE_CHECKING:
    from vvipe.viewer.page.visitor import Visitor


class SpacePanel:
    """Builds the tab in the container that is open."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor, gui = visitor, visitor.client.gui
        self._held: str | None = None  # the slider that makes one edit while it moves
        self._map = gui.add_button("Map of the space", hint="M: click a point to see its pose")
        directions = visitor.session.directions
        with gui.add_folder("Main directions", visible=directions is not None):
            count = 0 if directions is None else len(directions.axes)
            self._sliders = [
                gui.add_slider(f"{i + 1}", min=-REACH, max=REACH, step=0.05, initial_value=0.0)
                for i in range(count)
            ]
        with gui.add_folder("Between two poses", visible=directions is not None):
            self._ends = gui.add_button_group("Query is", ("A", "B"))
            self._told = gui.add_html('<div class="vv">Pick A and B.</div>')
            self._share = gui.add_slider(
                "From A to B", min=0.0, max=1.0, step=0.02, initial_value=0.0, disabled=True
            )
        with gui.add_folder("Variants", visible=directions is not None):
            self._strength = gui.add_slider(
                "Strength", min=0.1, max=1.0, step=0.05, initial_value=0.4
            )
            self._vary = gui.add_button("New variants", hint="Click one to go on with it")
        self._listen()

    def _listen(self) -> None:
        visitor, post = self._visitor, self._visitor.jobs.post
        self._map.on_click(lambda _: post("map", visitor.map.toggle))
        for i, slider in enumerate(self._sliders):
            by_hand(slider, lambda to, i=i: post("steer", lambda: self._steer(i, float(to))))
        self._ends.on_click(lambda e: post("end", lambda: self._pick(e.target.value)))
        by_hand(self._share, lambda to: post("blend", lambda: self._blend(float(to))))
        self._vary.on_click(lambda _: post("vary", lambda: visitor.vary(self._strength.value)))

    def draw(self) -> None:
        """Puts the sliders where the query is."""
        query, directions = self._visitor.session.query, self._visitor.session.directions
        if query is None or directions is None or not query.usable:
            return
        for slider, place in zip(self._sliders, directions.coordinates(query.vector), strict=True):
            value = round(float(min(REACH, max(-REACH, place))) / 0.05) * 0.05
            if abs(slider.value - value) > 1e-6:
                slider.value = value

    def released(self) -> None:
        """The next move of a slider is an edit of its own."""
        self._held = None

    def _steer(self, direction: int, value: float) -> None:
        session, directions = self._visitor.session, self._visitor.session.directions
        query = session.query
        if query is None or directions is None or not query.usable:
            return
        first, self._held = self._held != f"steer {direction}", f"steer {direction}"
        session.steer(direction, value, first)
        self._visitor.edited(panel=False)

    def _pick(self, end: str) -> None:
        session = self._visitor.session
        session.pick_end("AB".index(end))
        told = [
            f"<b>{name}</b> {'…' if query is None else query.title}"
            for name, query in zip("AB", session.ends, strict=True)
        ]
        self._told.content = f'<div class="vv">{"<br>".join(told)}</div>'
        self._share.disabled = None in session.ends
        self._visitor.show_path()

    def _blend(self, share: float) -> None:
        first, self._held = self._held != "blend", "blend"
        self._visitor.session.blend(share, first)
        self._visitor.edited()
