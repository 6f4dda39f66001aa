"""The tab of what was found: pictures in order, filters, how they stand by the query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vvipe.library import Filter, Hit
from vvipe.viewer.collection import Match
from vvipe.viewer.page.controls import by_hand, marked, plain
from vvipe.viewer.page.style import card
from vvipe.viewer.placing import ARRANGEMENTS
from vvipe.viewer.svg import body_svg, nothing_svg, points_svg

if TYPE_CHECKING:
    from vvipe.viewer.page.visitor import Visitor

MOST = 20
_ANY = "any"
_PICTURES = 400  # that are kept
_NO_PICTURE = nothing_svg("")
_ACTIONS = ("Use as query", "Open its clip")


class MatchesPanel:
    """Builds the tab in the container that is open."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor, gui = visitor, visitor.client.gui
        self._pictures: dict[int, str] = {}
        self._shown: list[Match] = []
        collection = visitor.session.collection
        self._told = gui.add_html("")
        self._cards = gui.add_html("")
        self._arranged = gui.add_button_group(
            "Show", marked(ARRANGEMENTS, ARRANGEMENTS[0]), hint="V goes on to the next"
        )
        self._actions = gui.add_button_group("Opened", _ACTIONS)
        info = collection.library.info() if collection is not None else {}
        with gui.add_folder("What may be found", expand_by_default=False):
            self._k = gui.add_slider(
                "Matches", min=1, max=MOST, step=1, initial_value=visitor.session.k
            )
            self._clip = gui.add_text("Clip", "", hint="A name; * stands for any letters")
            self._camera = gui.add_dropdown("Camera", (_ANY, *info.get("cameras", ())))
            self._tag = gui.add_dropdown("Tag", (_ANY, *info.get("tags", ())))
            self._elsewhere = gui.add_checkbox(
                "Not from here", True, hint="Nothing of the query's own recording"
            )
        self._listen()

    def _listen(self) -> None:
        post = self._visitor.jobs.post
        self._arranged.on_click(
            lambda e: post("arrange", lambda: self._visitor.arrange(plain(e.target.value)))
        )
        self._actions.on_click(lambda e: post("act", lambda: self._act(e.target.value)))
        for control in (self._k, self._clip, self._camera, self._tag, self._elsewhere):
            by_hand(control, lambda _: post("filter", self._filter))

    def _filter(self) -> None:
        session = self._visitor.session
        clip = self._clip.value.strip()
        session.k, session.elsewhere = int(self._k.value), self._elsewhere.value
        session.where = Filter(
            clips=(clip,) if clip else (),
            cameras=() if self._camera.value == _ANY else (self._camera.value,),
            tags=() if self._tag.value == _ANY else (self._tag.value,),
        )
        self._visitor.search()

    def _act(self, action: str) -> None:
        if action == _ACTIONS[0]:
            self._visitor.use_opened()
        else:
            self._visitor.open_clip()

    def draw(self, matches: list[Match], opened: int | None, took_s: float) -> None:
        """Shows what was found, the best first."""
        collection = self._visitor.session.collection
        if collection is None:
            self._told.content = '<div class="vv">Nothing to search: name a library.</div>'
            return
        query = self._visitor.session.query
        if query is not None and not query.usable:
            said = "Too few joints are seen to search for this pose."
        else:
            said = (
                f"<b>{len(matches)}</b> of {len(collection):,} poses in {collection.title} · "
                f'<span class="vv-took">{1000 * took_s:.0f} ms</span>'
            )
        self._shown = matches
        self._told.content = f'<div class="vv">{said}</div>'
        self.mark(opened)

    def arranged(self, arrangement: str) -> None:
        """Marks how the matches stand."""
        self._arranged.options = marked(ARRANGEMENTS, arrangement)

    def mark(self, opened: int | None) -> None:
        """Marks the match that is open; pictures that are not drawn yet follow."""
        self._write(opened)
        self._visitor.client.flush()
        missing = [match for match in self._shown if match.hit.id not in self._pictures]
        if missing:
            if len(self._pictures) > _PICTURES:
                self._pictures.clear()
            self._pictures |= {match.hit.id: _drawn(match) for match in missing}
            self._write(opened)

    def _write(self, opened: int | None) -> None:
        cards = [
            card(self._pictures.get(m.hit.id, _NO_PICTURE), (m.hit.clip, _when(m.hit)),
                 str((i + 1) % 10), i == opened, "shiftKey: true" if i >= 10 else "")
            for i, m in enumerate(self._shown)
        ]  # fmt: skip
        self._cards.content = f'<div class="vv-cards">{"".join(cards)}</div>'


def _when(hit: Hit) -> str:
    place = "" if hit.source == hit.clip else f"{hit.frame}"
    return " · ".join(filter(None, (place, f"{hit.distance:.2f}")))


def _drawn(match: Match) -> str:
    points: Any = match.keypoints
    if np.isfinite(match.body).any() or points is None:
        return body_svg(match.body)
    from vvipe.skeletons import get_skeleton

    return points_svg(points, get_skeleton("coco13"))
