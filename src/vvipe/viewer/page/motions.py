"""Motions of a visitor: passages that are like one, and two performances compared."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from vvipe.errors import VvipeError
from vvipe.library import MotionHit
from vvipe.viewer.partner import NOBODY, Partner, aligned, passage
from vvipe.viewer.recording import Recording
from vvipe.viewer.showing import Together

if TYPE_CHECKING:
    from vvipe.viewer.page.visitor import Visitor

_PASSAGES = 8


class Motions:
    """What was found for the passage that is marked.

    Attributes:
        hits: The passages, best first.
    """

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self.hits: list[MotionHit] = []
        self._parts: list[Recording] = []

    def find(self) -> None:
        """Searches for the passage that is marked."""
        visitor = self._visitor
        recording, collection = visitor.session.recording, visitor.session.collection
        if recording is None or collection is None or len(recording) < 2:
            raise VvipeError("no motion to search for", hint="open a recording, name a library")
        first, last = visitor.motion_panel.span
        rows, where = slice(first, last + 1), visitor.session.where or None
        own = recording.embeddings.source if visitor.session.elsewhere else None
        note = visitor.client.add_notification("Searching motions …", "", loading=True)

        def work() -> tuple[list[MotionHit], list[Recording], float]:
            try:
                began = time.perf_counter()
                hits = collection.passages(
                    recording.embeddings[rows], recording.times_s[rows], _PASSAGES, where, own
                )
                took_s = time.perf_counter() - began
                parts = [
                    collection.recording(h.source, h.clip, h.start_frame, h.end_frame) for h in hits
                ]
                return hits, parts, took_s
            finally:
                note.remove()

        visitor.jobs.away("motion", work, lambda found: self._found(*found))

    def _found(self, hits: list[MotionHit], parts: Sequence[Recording], took_s: float) -> None:
        self.hits, self._parts = hits, list(parts)
        middles = [part.bodies[len(part) // 2] for part in parts]
        self._visitor.motion_panel.found(hits, middles, took_s)
        if hits:
            self.play(0)

    def play(self, index: int) -> None:
        """Plays a passage that was found beside the one that was searched for."""
        visitor = self._visitor
        recording = visitor.session.recording
        if recording is None or index >= len(self._parts):
            return
        first, last = visitor.motion_panel.span
        visitor.motion_panel.mark(index)
        head = visitor.session.head
        head.jump(first)
        head.first, head.last, head.playing = first, last, True
        visitor.session.follow()
        visitor.show(Together(passage(recording, first, last, self._parts[index])))
        visitor.jobs.wake()

    def compare(self, other: Recording) -> None:
        """Lays another recording over the open one, and tells how they differ."""
        visitor = self._visitor
        recording, model = visitor.session.recording, visitor.session.model
        if recording is not None:
            visitor.jobs.away(
                "compare", lambda: aligned(model, recording, other),
                self._compared,
            )  # fmt: skip

    def _compared(self, partner: Partner) -> None:
        self._visitor.show(Together(partner))
        head, together = self._visitor.session.head, np.flatnonzero(partner.rows != NOBODY)
        if len(together) and partner.body(head.row) is None:
            self._visitor.jump(int(together[0]))
