"""2D poses to learn from where there is no motion capture: the keypoint files of a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vvipe.datasets import data_hash, is_collection
from vvipe.datasets.folder import split_of
from vvipe.errors import VvipeError
from vvipe.formats import read_all
from vvipe.formats.openpose_folder import frame_files
from vvipe.geometry.keypoints import COLUMNS
from vvipe.models.inputs import H36M17
from vvipe.poses import Poses2D
from vvipe.training.config import TrainConfig
from vvipe.training.data import PoseBank, load_bank

FEWEST = 500  # poses; fewer show no distribution of poses
WHOLE = 10  # of the 13 keypoints must be seen


@dataclass(frozen=True)
class KeypointBank:
    """2D poses to draw from.

    Attributes:
        views: (P, 17, 2) h36m17 keypoints, pixels, NaN where not seen.
        hash: SHA-256 of the files.
        clips: Number of files.
    """

    views: Tensor
    hash: str
    clips: int

    @property
    def about(self) -> str:
        """In a line."""
        return f"2D keypoints, {self.clips} files, {len(self.views)} poses"

    def draw(self, count: int) -> Tensor:
        """(count, 17, 2), drawn with replacement from torch's global generator."""
        return self.views[torch.randint(len(self.views), (count,))]


def load_views(
    data: Path, config: TrainConfig, on_error: Callable[[VvipeError], object] | None = None
) -> PoseBank | KeypointBank:
    """The keypoint files of a folder; of one that is or begins with motion capture, that."""
    if not is_collection(data):  # those know their test subjects
        first = next(read_all(data, on_error=lambda _: None), None)
        if first is not None and isinstance(first[1], Poses2D):
            return load_keypoints(data, on_error)
    return load_bank(data, config, on_error)


def load_keypoints(
    data: Path, on_error: Callable[[VvipeError], object] | None = None
) -> KeypointBank:
    """Reads every 2D file of a folder, whatever its format, that is not below `validation`, `test`.

    Joints that a detector does not tell are made from those that it does where a rule says how
    (`skeletons.mapping`), and left out otherwise. Motion capture among the files is passed over,
    and so are poses of which fewer than ten of the thirteen keypoints are seen.

    Raises:
        VvipeError: Too few poses.
    """
    read: list[np.ndarray] = []
    files: list[Path] = []
    clips = 0
    for path, poses in read_all(data, on_error=on_error):
        if split_of(path.relative_to(data).parts) != "train":
            continue
        if not isinstance(poses, Poses2D):
            continue
        views = poses.to_skeleton(H36M17).keypoints.reshape(-1, len(H36M17), 2)
        seen = np.isfinite(views[..., 0])
        clips += 1
        read.append(views[seen[:, COLUMNS].sum(1) >= WHOLE])
        files += frame_files(path) if path.is_dir() else [path]
    views = np.concatenate(read) if read else np.empty((0, len(H36M17), 2), np.float32)
    if len(views) < FEWEST:
        raise VvipeError(
            "too few 2D poses to learn from", where=data, expected=f"{FEWEST} or more",
            got=f"{len(views)} with at least {WHOLE} of 13 keypoints", hint="add recordings",
        )  # fmt: skip
    return KeypointBank(torch.from_numpy(views).float(), data_hash(files), clips)
