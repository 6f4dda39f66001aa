"""A demonstration: the states that a task went through, and no action."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.atomic import replacing


@dataclass(frozen=True)
class Demonstration:
    """States of one success, in order; the first is the start, the last the goal.

    There is no field for actions, so that none can leak into what learns from it.

    Attributes:
        states: (L + 1, K) floats, such as positions and speeds of a gripper relative to an object.
        names: K names of the columns.
        scale: (K,) by how much of each column two states are one apart; ones by default.
        angles: Names of the columns that are angles in radians: 2π is no difference.
        task: What is shown.
    """

    states: np.ndarray
    names: tuple[str, ...]
    scale: np.ndarray | None = None
    angles: tuple[str, ...] = ()
    task: str = ""

    def __post_init__(self) -> None:
        states = np.asarray(self.states, np.float64)
        if states.ndim != 2 or not len(states):
            raise VvipeError("no demonstration", expected="states (L + 1, K)", got=states.shape)
        if len(self.names) != states.shape[1]:
            raise VvipeError(
                "columns and names do not fit", expected=f"{states.shape[1]} names",
                got=", ".join(self.names) or "none",
            )  # fmt: skip
        bad = np.flatnonzero(~np.isfinite(states).all(1))
        if len(bad):
            raise VvipeError("a demonstration has no gaps", where=f"state {bad[0]}", got="NaN")
        scale = np.ones(states.shape[1]) if self.scale is None else np.asarray(self.scale, float)
        if scale.shape != states.shape[1:] or not (np.isfinite(scale) & (scale > 0)).all():
            raise VvipeError("scale is a positive number a column", got=scale.tolist())
        unknown = set(self.angles) - set(self.names)
        if unknown:
            raise VvipeError(f"no column {min(unknown)!r}", expected=", ".join(self.names))
        object.__setattr__(self, "states", states)
        object.__setattr__(self, "scale", scale)

    def __len__(self) -> int:
        return len(self.states)

    @property
    def is_angle(self) -> np.ndarray:
        """(K,) which columns are angles."""
        return np.isin(self.names, self.angles)

    def difference(self, states: np.ndarray, others: np.ndarray) -> np.ndarray:
        """(..., K) states minus others, angles by the shorter way round."""
        apart = np.asarray(states, np.float64) - others
        if not self.angles:
            return apart
        return np.where(self.is_angle, (apart + np.pi) % (2 * np.pi) - np.pi, apart)

    def save(self, path: Path) -> None:
        """Writes an npz with `states`, `names`, `scale`, `angles`, `task`."""
        with replacing(path) as partial, partial.open("wb") as file:
            np.savez_compressed(
                file, states=self.states, names=np.array(self.names), scale=np.asarray(self.scale),
                angles=np.array(self.angles, dtype=str), task=np.array(self.task),
            )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> Demonstration:
        """Reads what `save` wrote, or an npz with `states` and `names`; no other array is read.

        Raises:
            VvipeError: No such file, or it holds no demonstration.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return cls(
                    arrays["states"], tuple(map(str, arrays["names"])),
                    arrays.get("scale"),
                    tuple(map(str, arrays["angles"])) if "angles" in arrays else (),
                    str(arrays["task"]) if "task" in arrays else "",
                )  # fmt: skip
        except VvipeError as error:
            raise VvipeError(str(error), where=path) from None
        except KeyError as error:
            raise VvipeError(
                "no demonstration", where=path, expected=f"the array {error.args[0].split()[0]!r}"
            ) from None
        except (ValueError, EOFError, zipfile.BadZipFile) as error:
            raise VvipeError("no npz file", where=path, hint=str(error)) from None
