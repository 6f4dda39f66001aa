"""The panel on the left: what is searched for, and the way through its recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vvipe.poses import Poses2D
from vvipe.viewer.page.controls import by_hand, marked, plain
from vvipe.viewer.page.help import tell
from vvipe.viewer.playhead import SPEEDS
from vvipe.viewer.recording import Recording
from vvipe.viewer.svg import body_svg, overlay_svg, points_svg

if TYPE_CHECKING:
    from vvipe.viewer.page.visitor import Visitor

WIDTH_PX = 330
_FRAMES = ("Facing you", "As recorded")


class QueryPanel:
    """Picture, time line, and what can be done to the pose."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor, gui = visitor, visitor.client.gui
        self.waiting = False  # for a frame that is being decoded
        panel = gui.add_panel()
        self._tab = panel.add_tab("Query")
        self._image: Any = None
        with self._tab:
            names = _names(visitor.session.recordings)
            self._names = gui.add_dropdown("Recording", names, hint="What is scrubbed and searched")
            self._picture = gui.add_html("")
            self._told = gui.add_html("")
            self._time = gui.add_slider("Time", min=0, max=1, step=1, initial_value=0)
            self._steps = gui.add_button_group(
                "Go", _steps(False), hint="Space plays, arrow keys step, with shift by ten"
            )
            self._speeds = gui.add_button_group("Speed", marked(tuple(SPEEDS), "1×"))
            with gui.add_folder("Pose"):
                self.dragging = gui.add_checkbox(
                    "Drag joints", False, hint="J: shows the joints; draw one to change the pose"
                )
                self.possible = gui.add_checkbox(
                    "Keep possible", True, hint="After a drag the model completes the pose"
                )
                self._edits = gui.add_button_group("Edit", ("Undo", "Reset"))
                self._frame = gui.add_button_group("Body", marked(_FRAMES, _FRAMES[0]))
            self._help = gui.add_button("Keys", hint="H", color="gray")
            self._upload = gui.add_upload_button("Open a file …", mime_type="*/*")
        panel.dock_left()
        panel.set_width(WIDTH_PX)
        self._listen()

    def _listen(self) -> None:
        visitor = self._visitor
        post = visitor.jobs.post
        by_hand(self._names, lambda name: post("open", lambda: self._open(name)))
        by_hand(self._time, lambda row: post("scrub", lambda: self._scrub(int(row))))
        self._steps.on_click(lambda e: post("step", lambda: self._step(e.target.value)))
        self._speeds.on_click(lambda e: post("speed", lambda: self._pace(plain(e.target.value))))
        by_hand(self.dragging, lambda _: post("handles", visitor.show_handles))
        self._edits.on_click(lambda e: post("edit", lambda: self._edit(e.target.value)))
        self._frame.on_click(lambda e: post("frame", lambda: self._stand(plain(e.target.value))))
        self._help.on_click(lambda _: post("help", lambda: tell(visitor)))
        self._upload.on_upload(lambda e: visitor.open_upload(e.target.value))

    def opened(self, recording: Recording) -> None:
        """Fits time line and picture to a recording."""
        names = _names(self._visitor.session.recordings)
        if self._names.options != names:
            self._names.options = names
        index = self._visitor.session.recordings.index(recording)
        self._names.value = names[index]
        self._time.min, self._time.max = 0, max(1, len(recording) - 1)
        self._time.disabled = len(recording) < 2

    def draw(self) -> None:
        """Shows the row where the playhead is, or the pose that was made of it."""
        session = self._visitor.session
        recording, query = session.recording, session.query
        if recording is None or query is None:
            return
        row = session.head.row
        frame = None if session.edited else self._frame_of(recording, row)
        self.waiting = frame is None and not session.edited and self._decoding(recording)
        self._show_frame(frame)
        with self._visitor.client.atomic():
            if self._time.value != row:
                self._time.value = row
            self._picture.content = self._drawn(recording, row, frame)
            made = f"<b>{query.title}</b> · " if session.edited else ""
            steps = _steps(session.head.playing)
            if self._steps.options != steps:
                self._steps.options = steps
            self._told.content = (
                f'<div class="vv">{made}{recording.times_s[row]:.2f} s of '
                f"{recording.times_s[-1]:.2f} s, row {row} of {len(recording)}</div>"
            )

    def _show_frame(self, frame: np.ndarray | None) -> None:
        """Puts a frame above the drawn keypoints, or takes it away."""
        if frame is None:
            if self._image is not None:
                self._image.remove()
                self._image = None
        elif self._image is None:
            between = (self._names.order + self._picture.order) / 2
            with self._tab:
                gui = self._visitor.client.gui
                self._image = gui.add_image(frame, format="jpeg", order=between)
        else:
            self._image.image = frame

    def _frame_of(self, recording: Recording, row: int) -> np.ndarray | None:
        return self._visitor.film.frame(recording.video, recording.frame(row))

    def _decoding(self, recording: Recording) -> bool:
        return self._visitor.film.decoding(recording.video)

    def _drawn(self, recording: Recording, row: int, frame: np.ndarray | None) -> str:
        session = self._visitor.session
        keypoints = recording.keypoints
        if session.query is None or session.edited or keypoints is None:
            body = session.query.body if session.query else np.full((17, 3), np.nan)
            return f'<div class="vv-picture">{body_svg(body)}</div>'
        points = keypoints.keypoints[row]
        if frame is None:
            return f'<div class="vv-picture">{points_svg(points, keypoints.skeleton)}</div>'
        size = _size(keypoints, self._visitor.film.size(recording.video))
        shape = f'style="aspect-ratio:{size[0]}/{size[1]}"'
        return f'<div class="vv-over">{overlay_svg(points, keypoints.skeleton, size, shape)}</div>'

    def _open(self, name: str) -> None:
        session = self._visitor.session
        index = _names(session.recordings).index(name)
        if session.recordings[index] is not session.recording:
            self._visitor.open(session.recordings[index])

    def _scrub(self, row: int) -> None:
        head = self._visitor.session.head
        if row != head.row:
            head.scrub(row)
            self._visitor.jobs.wake()

    def _step(self, step: str) -> None:
        visitor = self._visitor
        {
            "|◀": lambda: visitor.jump(visitor.session.head.first),
            "▶|": lambda: visitor.jump(visitor.session.head.end),
            "◀": lambda: visitor.step(-1),
            "▶": lambda: visitor.step(1),
        }.get(step, visitor.toggle)()

    def _pace(self, speed: str) -> None:
        self._visitor.session.head.speed = SPEEDS[speed]
        self._speeds.options = marked(tuple(SPEEDS), speed)

    def _edit(self, what: str) -> None:
        self._visitor.undo() if what == "Undo" else self._visitor.reset()

    def _stand(self, frame: str) -> None:
        self._visitor.stand_as_recorded(frame == _FRAMES[1])

    def stands(self, as_recorded: bool) -> None:
        """Marks where the body stands."""
        self._frame.options = marked(_FRAMES, _FRAMES[as_recorded])


def _steps(playing: bool) -> tuple[str, ...]:
    return "|◀", "◀", "Pause" if playing else "Play", "▶", "▶|"


def _names(recordings: list[Recording]) -> tuple[str, ...]:
    """Their names, numbered where they are alike."""
    names: list[Any] = []
    for recording in recordings:
        same = sum(name.partition(" #")[0] == recording.name for name in names)
        names.append(f"{recording.name} #{same + 1}" if same else recording.name)
    return tuple(names) or ("nothing",)


def _size(keypoints: Poses2D, of_video: tuple[int, int]) -> tuple[int, int]:
    return keypoints.image_size or of_video
