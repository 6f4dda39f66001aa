"""Human3.6M (Ionescu et al. 2014): seven people with ground truth, four cameras, 50 Hz.

Trained on are S1, 5, 6, 7 and 8, tested S9 and S11. S11's `Directions` is left out, as VideoPose3D
does: the video of one camera is damaged.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from vvipe.datasets.clip import Clip
from vvipe.datasets.human36m_cameras import CAMERA_IDS, human36m_cameras
from vvipe.datasets.human36m_forms import ORIGIN, SUBJECTS, find_motions
from vvipe.datasets.recording import Recording
from vvipe.errors import VvipeError
from vvipe.formats.videopose3d import Motion, read_videopose_2d
from vvipe.poses import Poses2D

DETECTORS = ("cpn_ft_h36m_dbb", "detectron_ft_h36m", "sh_ft_h36m", "sh_pt_mpii")
_SPLIT_OF = {subject: split for split, names in SUBJECTS.items() for subject in names}
_DAMAGED = ("S11", "Directions")


def human36m_catalogue(root: str | os.PathLike[str]) -> tuple[Clip, ...]:
    """Lists the motions; `Clip.poses` gives h36m17, metres, world frame, z up.

    The folder holds `data_3d_h36m.npz`, or `S*/MyPoseFeatures/D3_Positions/*.cdf`, or
    `h36m_train.npz` and `h36m_test.npz` (also below `annotation_body3d/fps50` or `fps10`), looked
    for in this order. A split of which nothing is there is left out.

    Raises:
        VvipeError: No folder, nothing of it there, or a split is there in part; the message names
            what is missing and where it is to be had.
    """
    root = ORIGIN.folder(Path(root))
    motions = find_motions(root)
    there = {subject for subject, _ in motions}
    for names in SUBJECTS.values():
        absent = [subject for subject in names if subject not in there]
        if absent and len(absent) < len(names):
            raise ORIGIN.missing(f"subject {absent[0]} is missing", root)
    return tuple(
        Clip(
            f"{subject} {action}", subject, source.path, _SPLIT_OF[subject], source.fps,
            action.rstrip(" 0123456789"), load=source.load,
        )
        for (subject, action), source in motions.items()
        if subject in _SPLIT_OF and (subject, action) != _DAMAGED
    )  # fmt: skip


def human36m_recordings(
    root: str | os.PathLike[str], fps: float | None = None, detected: bool = False
) -> Iterator[Recording]:
    """The motions of the test subjects with their four cameras.

    Args:
        root: As for `human36m_catalogue`.
        fps: Frames per second wanted; None takes every frame.
        detected: With the keypoints of a detector, from VideoPose3D's `data_2d_h36m_*.npz`: the
            first that is there of CPN, Mask R-CNN, Stacked Hourglass fine-tuned and pretrained.

    Raises:
        VvipeError: As `human36m_catalogue`; no test subject; no detections.
    """
    clips = [clip for clip in human36m_catalogue(root) if clip.split == "test"]
    if not clips:
        raise ORIGIN.missing(f"subject {SUBJECTS['test'][0]} is missing", Path(root))
    path = _detections(Path(root)) if detected else None
    for clip in clips:
        poses, cameras = clip.poses(None), human36m_cameras(clip.subject)
        found = _of_motion(read_videopose_2d(path), clip.name, len(poses)) if path else ()
        files = (clip.path, path) if path else (clip.path,)
        yield Recording(clip.name, files, poses, cameras, found).every(clip.step(fps))


def _detections(root: Path) -> Path:
    for detector in DETECTORS:
        path = root / f"data_2d_h36m_{detector}.npz"
        if path.is_file():
            return path
    raise VvipeError(
        "no detections", where=root, expected=f"data_2d_h36m_{DETECTORS[0]}.npz",
        hint="VideoPose3D's DATASETS.md tells where to download it",
    )  # fmt: skip


def _of_motion(
    detections: Mapping[Motion, tuple[Poses2D, ...]], name: str, frames: int
) -> tuple[Poses2D, ...]:
    """Each camera's keypoints; videos may run a few frames on after the motion's end."""
    subject, _, action = name.partition(" ")
    views = detections.get((subject, action), ())
    if len(views) != len(CAMERA_IDS) or any(len(view) < frames for view in views):
        raise VvipeError(
            f"the detections do not fit {name!r}",
            expected=f"{len(CAMERA_IDS)} cameras, {frames} frames",
            got=", ".join(str(len(view)) for view in views) or "none",
        )
    return tuple(view[:frames] for view in views)
