"""One visitor: a page, its session, and what happens between them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.viewer.collection import Match
from vvipe.viewer.film import Film
from vvipe.viewer.page.export_panel import ExportPanel
from vvipe.viewer.page.files import uploaded
from vvipe.viewer.page.jobs import Jobs
from vvipe.viewer.page.keys import bind
from vvipe.viewer.page.map_walk import MapWalk
from vvipe.viewer.page.matches_panel import MatchesPanel
from vvipe.viewer.page.motion_panel import MotionPanel
from vvipe.viewer.page.motions import Motions
from vvipe.viewer.page.query_panel import QueryPanel
from vvipe.viewer.page.space_panel import SpacePanel
from vvipe.viewer.page.stage import Stage
from vvipe.viewer.page.style import head
from vvipe.viewer.placing import ARRANGEMENTS, standing
from vvipe.viewer.query import of_vector
from vvipe.viewer.recording import Recording, as_recorded
from vvipe.viewer.session import Session
from vvipe.viewer.showing import Choices, Matches, OnMap, Showing, Together

if TYPE_CHECKING:
    import viser

_PAUSE_S = 0.25  # between searches while the query moves
_AT_ONCE_S = 0.1  # what is found as quickly is shown before the stage is drawn
_STEPS, _VARIANTS = 7, 6


class Visitor:
    """What one browser tab sees; its methods run on the visitor's own thread, one at a time.

    Args:
        client: The page.
        session: Its state.
        film: Frames of videos, shared by all visitors.
    """

    def __init__(self, client: viser.ClientHandle, session: Session, film: Film) -> None:
        self.client, self.session, self.film = client, session, film
        self.matches = Matches()
        self.showing: Showing = self.matches
        self.map, self.motions = MapWalk(self), Motions(self)
        self._shift = np.zeros(3)  # from the canonical body to where it stands
        self._recorded: np.ndarray | None = None
        self._searched_s, self._took_s, self._seed = 0.0, 1.0, 0
        self._note: Any = None
        self.jobs = Jobs(self.fail, self._tick)
        self.stage = Stage(
            client, lambda i: self.jobs.post("pick", lambda: self._pick(i)), self._drag
        )
        self._build()

    def _build(self) -> None:
        gui = self.client.gui
        gui.configure_theme(show_logo=False, show_share_button=False, brand_color=(33, 118, 199))
        gui.set_panel_label("vvipe")
        gui.add_html(head())
        self.query_panel = QueryPanel(self)
        tabs = gui.add_tab_group()
        with tabs.add_tab("Matches"):
            self.matches_panel = MatchesPanel(self)
        with tabs.add_tab("Space"):
            self.space_panel = SpacePanel(self)
        with tabs.add_tab("Motion"):
            self.motion_panel = MotionPanel(self)
        with tabs.add_tab("Export"):
            ExportPanel(self)
        gui.main_panel.dock_right()
        gui.main_panel.set_width(336)
        bind(self)

        @self.client.scene.on_click()
        def _(event: Any) -> None:
            ray = np.array(event.ray_origin), np.array(event.ray_direction)
            self.jobs.post("click", lambda: self.map.click(*ray))

    def fail(self, error: Exception) -> None:
        """Says in the page what went wrong."""
        known = isinstance(error, VvipeError)
        title = "That did not work" if known else f"Something broke: {type(error).__name__}"
        self.client.add_notification(title, str(error), auto_close_seconds=12, color="red")

    def start(self, reading: Sequence[Path], errors: Sequence[Exception]) -> None:
        """Opens the first recording, and tells of files that are still being read."""
        if reading:
            names = ", ".join(path.name for path in reading)
            self._note = self.client.add_notification("Reading …", names, loading=True)
        for error in errors:
            self.fail(error)
        if self.session.recordings:
            self.jobs.post("start", lambda: self.open(self.session.recordings[0]))

    def offer(self, recording: Recording, opened: bool) -> None:
        """Offers one more recording, and opens it if wanted."""
        self.session.recordings.insert(0 if opened else len(self.session.recordings), recording)
        if opened or self.session.recording is None:
            self.open(recording)
        else:
            self.query_panel.opened(self.session.recording)

    def read_all(self) -> None:
        """All files have been read."""
        if self._note is not None:
            self._note.remove()
            self._note = None

    def open(self, recording: Recording) -> None:
        """Opens a recording, and shows its matches."""
        self.session.open(recording)
        self._recorded = None
        self.query_panel.stands(False)
        self.query_panel.opened(recording)
        self.motion_panel.opened(recording, self.session.recordings)
        self.showing = self.matches
        self.moved()

    def open_upload(self, upload: Any) -> None:
        """Reads a file that was sent from the browser, and opens it."""
        note = self.client.add_notification("Reading", upload.name, loading=True)

        def work() -> Recording:
            try:
                return uploaded(self.session.model, upload.name, upload.content)
            finally:
                note.remove()

        self.jobs.away("read", work, self.open)

    def moved(self) -> None:
        """Shows the row where the playhead is now."""
        self.session.follow()
        self.space_panel.released()
        self._answer()

    def edited(self, panel: bool = True) -> None:
        """Shows a query that was made by hand."""
        if panel:
            self._answer()
        else:  # in a drag the body follows the hand, and matches come when they come
            self._draw()
            self.search()

    def toggle(self) -> None:
        """Plays or pauses."""
        head = self.session.head
        head.toggle()
        self.moved()
        self.jobs.wake()

    def step(self, rows: int) -> None:
        """Goes some rows on, or back."""
        self.jump(self.session.head.row + rows)

    def jump(self, row: int) -> None:
        """Goes to a row."""
        self.session.head.jump(row)
        self.moved()

    def mark(self, span: tuple[int, int], row: int) -> None:
        """Shows an end of the passage that is to be searched for, and plays within it."""
        self.session.head.first, self.session.head.last = span
        self.session.head.scrub(row)
        self.jobs.wake()

    def _tick(self, passed_s: float) -> bool:
        head = self.session.head
        row, position = head.row, head.position
        head.advance(passed_s)
        if head.row != row:
            self.session.follow()
            self._draw()
            if time.perf_counter() - self._searched_s > _PAUSE_S or not head.moving:
                self.search()
        elif head.position != position and not head.moving:
            self.search()
        elif self.query_panel.waiting:
            self.query_panel.draw()
        return head.moving or self.query_panel.waiting

    def undo(self) -> None:
        """Takes the last edit back."""
        self.session.undo()
        self._after_undo()

    def reset(self) -> None:
        """Takes all edits back."""
        self.session.reset()
        self._after_undo()

    def _after_undo(self) -> None:
        self.space_panel.released()
        self.edited()

    def toggle_handles(self) -> None:
        """Shows the joints to be dragged, or hides them."""
        self.query_panel.dragging.value = not self.query_panel.dragging.value
        self.show_handles()

    def show_handles(self) -> None:
        """Shows the joints where the box is ticked."""
        if self.query_panel.dragging.value:
            self._recorded = None
            self.query_panel.stands(False)
            self._draw()
        self.stage.let_drag(self.query_panel.dragging.value)

    def _drag(self, joint: str, place: np.ndarray, phase: str) -> None:
        """A joint is drawn to a place on the stage; called on viser's thread."""
        self.jobs.post(f"drag {phase}", lambda: self._dragged(joint, place, phase))

    def _dragged(self, joint: str, place: np.ndarray, phase: str) -> None:
        self.session.drag(joint, place - self._shift, phase == "start")
        if phase == "end" and self.query_panel.possible.value:
            self.session.make_possible()
        self.edited(panel=phase == "end")

    def search(self) -> None:
        """Looks for the query, beside everything else."""
        self._searched_s = time.perf_counter()

        self.jobs.away("search", self._searched, lambda found: self._found(*found))

    def _searched(self) -> tuple[list[Match], float]:
        began = time.perf_counter()
        return self.session.search(), time.perf_counter() - began

    def _answer(self) -> None:
        """Shows the matches of another query, then its body; the other way where that takes long.

        What touches the panels alone is there at once; what follows it waits for the stage.
        """
        if self._took_s < _AT_ONCE_S:
            self._found(*self._searched(), picture=True)
        else:
            self._draw()
            self.search()

    def _found(self, matches: list[Match], took_s: float, picture: bool = False) -> None:
        self._took_s = took_s
        self.session.matches = self.matches.found = matches
        self.matches.opened = min(self.matches.opened, max(0, len(matches) - 1))
        self.matches_panel.draw(matches, self.matches.opened, took_s)
        self.client.flush()
        if picture or self.showing is self.matches:
            self._draw(picture)
        if not self.session.head.moving:
            self.space_panel.draw()

    def opens(self, index: int) -> None:
        """Opens a match on the stage."""
        if index < len(self.session.matches):
            self.matches.opened = index
            if self.matches.arrangement == "All":
                self.matches.arrangement = "Beside"
                self.matches_panel.arranged("Beside")
            self.show(self.matches)
            self.matches_panel.mark(index)

    def arrange(self, arrangement: str) -> None:
        """Lets the others stand beside the query, over it, or all of them behind."""
        self.matches.arrangement = arrangement
        self.matches_panel.arranged(arrangement)
        if isinstance(self.showing, Together) and arrangement != "All":
            self.showing.arrangement = arrangement
            self._draw()
        else:
            self.show(self.matches)

    def arrange_next(self) -> None:
        """Goes on to the next arrangement."""
        following = ARRANGEMENTS.index(self.matches.arrangement) + 1
        self.arrange(ARRANGEMENTS[following % len(ARRANGEMENTS)])

    def use_opened(self) -> None:
        """The match that is open becomes the query."""
        if match := self.matches.match:
            self.take(match.vector, f"match {match.hit.rank}, {match.hit.clip}")

    def open_clip(self) -> None:
        """Opens the clip of the match that is open, at that frame."""
        match, collection = self.matches.match, self.session.collection
        if match is None or collection is None:
            return
        hit = match.hit

        def opened(recording: Recording) -> None:
            self.open(recording)
            frames = np.array([recording.frame(row) for row in range(len(recording))])
            self.jump(int(np.abs(frames - hit.frame).argmin()))

        self.jobs.away("clip", lambda: collection.recording(hit.source, hit.clip), opened)

    def take(self, vector: np.ndarray, title: str) -> None:
        """A point of the space becomes the query."""
        self.session.change(of_vector(self.session.model, vector, title))
        self.edited()

    def _pick(self, index: int) -> None:
        """A body on the stage, other than the query's, was clicked."""
        showing = self.showing
        if isinstance(showing, Choices):
            self.take(showing.vectors[index], showing.title)
        elif isinstance(showing, OnMap):
            self.map.take(int(showing.space.keys[index]))
        elif isinstance(showing, Matches):
            self.opens(index if showing.arrangement == "All" else showing.opened)

    def show_path(self) -> None:
        """Shows the way from A to B, where both are picked."""
        found = self.session.path(_STEPS)
        if found is not None:
            labels = ["A", *[""] * (_STEPS - 2), "B"]
            self.show(Choices(found[1], found[0], labels, "between A and B"))

    def vary(self, strength: float) -> None:
        """Shows new poses around the query."""
        self._seed += 1
        found = self.session.variants(strength, _VARIANTS, self._seed)
        if found is not None:
            self.show(Choices(found[1], found[0], [""] * _VARIANTS, "a variant"))

    def stand_as_recorded(self, on: bool) -> None:
        """Shows the query's body where it was recorded, or facing the visitor."""
        recording, model = self.session.recording, self.session.model
        self.query_panel.stands(on)
        if not on or recording is None:
            self._recorded = None
            self._draw()
        else:
            self.jobs.away("recorded", lambda: as_recorded(model, recording), self._stand)

    def _stand(self, bodies: np.ndarray) -> None:
        self._recorded = bodies
        self._draw()

    def show(self, showing: Showing) -> None:
        """Fills the stage another way."""
        self.showing = showing
        self.stage.show_map(showing.space if isinstance(showing, OnMap) else None)
        self._draw()

    def look_again(self) -> None:
        """Takes the camera back to where everything is seen."""
        self.stage.look(self._placed().view, again=True)

    def _placed(self) -> Any:
        session = self.session
        assert session.query is not None
        row = session.head.row
        return self.showing.placed(session.query.body, row, session.query.vector)

    def _draw(self, picture: bool = True) -> None:
        session = self.session
        if session.query is None:
            return
        placed = self._placed()
        body = placed.query
        if self._recorded is not None and not session.edited:
            body = self._recorded[session.head.row]
            placed = replace(placed, query=body, view="wide")
        with self.client.atomic():
            self._shift = np.nan_to_num((body - session.query.body)[0])
            self.stage.show_query(body)
            self.stage.show_others(placed.others, placed.labels)
            self.stage.show_shadows([body, *placed.others])
            self.stage.look(placed.view)
        if picture:
            self.query_panel.draw()
            if self.query_panel.waiting:
                self.jobs.wake()
        if isinstance(self.showing, Together):
            self.motion_panel.tell(self.showing.partner, session.head.row)

    def placed_bodies(self) -> np.ndarray:
        """(N, 17, 3) the bodies of the recording, as they stand."""
        recording = self.session.recording
        if recording is None:
            raise VvipeError("no recording is open")
        if self._recorded is not None:
            return self._recorded
        return np.stack([standing(body) for body in recording.bodies])
