"""Where in a recording one is: playing, scrubbing, stepping."""

from __future__ import annotations

from dataclasses import dataclass

SPEEDS = {"¼×": 0.25, "½×": 0.5, "1×": 1.0, "2×": 2.0}
_GLIDE_PER_S = 16.0  # how quickly a scrubbed playhead follows the hand


@dataclass
class Playhead:
    """A position among rows that time moves.

    Attributes:
        count: Rows.
        fps: Rows a second at speed 1.
        position: In rows, with fractions.
        speed: Times real time.
        playing: Whether time moves it; at the end it begins anew.
        first: Row from which it plays; `last` the one up to which, the end for None.
    """

    count: int = 1
    fps: float = 30.0
    position: float = 0.0
    speed: float = 1.0
    playing: bool = False
    first: int = 0
    last: int | None = None
    _aim: float | None = None

    @property
    def row(self) -> int:
        """The row to show."""
        return min(self.count - 1, max(0, round(self.position)))

    @property
    def end(self) -> int:
        """The row up to which it plays."""
        return self.count - 1 if self.last is None else min(self.last, self.count - 1)

    @property
    def moving(self) -> bool:
        """Whether it will be elsewhere in a moment."""
        return self.playing or self._aim is not None

    def scrub(self, row: float) -> None:
        """Lets it glide to a row: a hand tells its place less often than a screen draws."""
        self.playing, self._aim = False, self._clip(row)

    def jump(self, row: float) -> None:
        """Puts it on a row, without playing on."""
        self.playing, self._aim, self.position = False, None, self._clip(row)

    def toggle(self) -> None:
        """Plays or pauses."""
        self.playing, self._aim = not self.playing and self.count > 1, None

    def advance(self, passed_s: float) -> None:
        """Moves it by the time that has passed."""
        if self._aim is not None:
            gap = self._aim - self.position
            self.position += gap * min(1.0, _GLIDE_PER_S * passed_s)
            if abs(self._aim - self.position) < 0.4:
                self.position, self._aim = self._aim, None
        elif self.playing:
            begin, end = self.first, self.end
            ahead = self.position + passed_s * self.fps * self.speed
            self.position = ahead if begin <= ahead <= end + 0.5 else float(begin)

    def _clip(self, row: float) -> float:
        return float(min(self.count - 1, max(0, row)))
