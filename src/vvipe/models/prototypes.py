"""The prototype library: key poses and short motions kept as latent codes of a model.

They are parameters that the model learned, not recordings: its decoder draws them on demand.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.atomic import replacing
from vvipe.formats.npz import load_arrays

FILE = "prototypes.npz"


@dataclass(frozen=True)
class Prototypes:
    """Latent codes with names.

    Attributes:
        names: (K,) names of the key poses; the first ones speak for themselves (`crouch`), the
            others say clip and frame at 30 Hz (`05_02@117`).
        vectors: (K, D) float32.
        motions: Name -> (T, D) float32, 30 frames a second.
        key_poses: How many of the first names speak for themselves.
    """

    names: tuple[str, ...]
    vectors: np.ndarray
    motions: dict[str, np.ndarray]
    key_poses: int

    def __len__(self) -> int:
        return len(self.names)

    def vector(self, name: str) -> np.ndarray:
        """(D,) code of a key pose.

        Raises:
            VvipeError: No such name; the message names the nearest one.
        """
        if name not in self.names:
            near = difflib.get_close_matches(name, self.names, n=1, cutoff=0.3)
            hint = f"did you mean {near[0]}?" if near else f"such as {self.names[0]}"
            raise VvipeError(f"no prototype {name!r}", hint=hint)
        return self.vectors[self.names.index(name)]


def save_prototypes(folder: Path, prototypes: Prototypes) -> None:
    """Writes `prototypes.npz` (codes as float16) into a model's folder."""
    motions = {f"motion/{k}": v.astype(np.float16) for k, v in prototypes.motions.items()}
    with replacing(folder / FILE) as partial, partial.open("wb") as file:
        np.savez_compressed(
            file, names=np.array(prototypes.names), vectors=prototypes.vectors.astype(np.float16),
            key_poses=np.array(prototypes.key_poses), allow_pickle=False, **motions,
        )  # fmt: skip


def load_prototypes(model: Any) -> Prototypes:
    """The prototype library of a loaded model.

    Raises:
        VvipeError: The model has none, or the file is damaged.
    """
    path = model.folder / FILE
    if not path.exists():
        raise VvipeError("no prototype library", where=path)
    arrays = load_arrays(path)
    absent = {"names", "vectors", "key_poses"} - set(arrays)
    if absent:
        raise VvipeError(f"no array {min(absent)!r}", where=path)
    return Prototypes(
        tuple(str(n) for n in arrays["names"]),
        arrays["vectors"].astype(np.float32),
        {
            k.removeprefix("motion/"): v.astype(np.float32)
            for k, v in arrays.items()
            if k.startswith("motion/")
        },
        int(arrays["key_poses"]),
    )
