"""What may be found: conditions on clip, camera, tags and time."""

from __future__ import annotations

from dataclasses import dataclass

from vvipe.errors import VvipeError


@dataclass(frozen=True)
class Filter:
    """All conditions that are given must hold.

    Attributes:
        clips: Any of these clips; `*` stands for any letters.
        sources: Any of these files, likewise.
        cameras: Any of these cameras.
        tags: All of these tags.
        from_s: Not before this time.
        to_s: Not after this time.
    """

    clips: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    from_s: float | None = None
    to_s: float | None = None

    def __bool__(self) -> bool:
        return bool(self._conditions())

    def to_sql(self) -> str:
        """The condition as Lance reads it.

        Raises:
            VvipeError: No condition at all.
        """
        if not self:
            raise VvipeError("no condition", expected="a clip, source, camera, tag or time")
        return " AND ".join(self._conditions())

    def _conditions(self) -> list[str]:
        any_of = {"clip": self.clips, "source": self.sources, "camera": self.cameras}
        found = [
            "(" + " OR ".join(_like(column, value) for value in values) + ")"
            for column, values in any_of.items()
            if values
        ]
        found += [f"array_has(tags, {_quoted(tag)})" for tag in self.tags]
        found += [] if self.from_s is None else [f"time_s >= {self.from_s!r}"]
        found += [] if self.to_s is None else [f"time_s <= {self.to_s!r}"]
        return found


def _like(column: str, value: str) -> str:
    if "*" not in value:
        return f"{column} = {_quoted(value)}"
    pattern = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%")
    return f"{column} LIKE {_quoted(pattern)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
