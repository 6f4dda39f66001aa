"""What is shown, as the bytes of a file."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats import write
from vvipe.library import MotionHit
from vvipe.models.inputs import H36M17
from vvipe.poses import Poses2D, Poses3D
from vvipe.view.charts import shortened
from vvipe.view.figures import contact_sheet, found_figure
from vvipe.view.save import picture_bytes
from vvipe.viewer.abilities import seen_from_front
from vvipe.viewer.collection import Match, called
from vvipe.viewer.session import Session

_ALONG = 10  # bodies on the sheet of a recording
_COLUMNS = ("rank", "id", "source", "clip", "camera", "frame", "time_s", "distance")


def png(picture: np.ndarray) -> bytes:
    """(H, W, 3 or 4) uint8 as PNG."""
    from matplotlib.image import imsave

    buffer = io.BytesIO()
    imsave(buffer, np.ascontiguousarray(picture), format="png")
    return buffer.getvalue()


def matches_sheet(session: Session) -> bytes:
    """The query and its matches side by side.

    Raises:
        VvipeError: Nothing was found, or the model cannot draw it.
    """
    query, matches = session.query, session.matches
    if query is None or not matches or not np.isfinite(query.body).any():
        raise VvipeError("no matches to draw")
    bodies = _poses(np.stack([m.body for m in matches]))
    labels = [
        (f"{m.hit.rank}: {shortened(called(m.hit), 18)}", f"{m.hit.distance:.2f}") for m in matches
    ]
    unseen = np.full((13, 2), np.nan, np.float32)
    points = np.stack([unseen if m.keypoints is None else m.keypoints for m in matches])
    title = f"{query.title} in {session.collection.title}" if session.collection else query.title
    return picture_bytes(
        found_figure(_poses(query.body[None]), bodies, labels, points, subtitle=title)
    )


def recording_sheet(session: Session) -> bytes:
    """Keypoints and bodies along the recording that is open.

    Raises:
        VvipeError: Nothing is open, or nothing of it can be drawn.
    """
    recording = session.recording
    shown = [] if recording is None else np.flatnonzero(np.isfinite(recording.bodies).all((1, 2)))
    if recording is None or not len(shown):
        raise VvipeError("no bodies to draw")
    rows = shown[np.linspace(0, len(shown) - 1, min(_ALONG, len(shown))).round().astype(int)]
    keypoints = recording.keypoints
    points = seen_from_front(recording.bodies[rows]) if keypoints is None else keypoints[rows]
    timed = Poses2D(points.coords, points.skeleton, stamp_s=recording.times_s[rows])
    bodies = _poses(recording.bodies[rows])
    return picture_bytes(contact_sheet(timed, bodies, title=recording.name))


def bodies(placed: np.ndarray, session: Session, suffix: str) -> bytes:
    """The bodies of the recording that is open, (N, 17, 3) upright, in the format of a suffix.

    Raises:
        VvipeError: Nothing is open, or a body that the format cannot hold.
    """
    recording = session.recording
    if recording is None:
        raise VvipeError("no recording is open")
    whole = np.isfinite(placed).all((1, 2))
    if not whole.any():
        raise VvipeError("no body to write", where=recording.name)
    rows = np.flatnonzero(whole) if suffix == ".bvh" else np.arange(len(placed))
    poses = Poses3D(
        placed[rows], H36M17, frame=rows, fps=recording.fps, source=recording.name,
        stamp_s=recording.times_s[rows],
    )  # fmt: skip
    return _written(poses, suffix)


def query(session: Session) -> bytes:
    """The pose that is searched for, canonical, as npz.

    Raises:
        VvipeError: There is none.
    """
    if session.query is None:
        raise VvipeError("no pose to write")
    return _written(_poses(session.query.body[None]), ".npz")


def matches_csv(matches: Sequence[Match]) -> bytes:
    """A line a match."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([getattr(m.hit, column) for column in _COLUMNS] for m in matches)
    return text.getvalue().encode()


def matches_json(matches: Sequence[Match]) -> bytes:
    """As `vvipe search --json` prints them."""
    hits = [m.hit.to_json() | {"distance": float(m.hit.distance)} for m in matches]
    return (json.dumps({"hits": hits, "exact": True, "recall": 1.0}) + "\n").encode()


def passages_json(passages: Sequence[MotionHit]) -> bytes:
    """Passages with their times."""
    return (json.dumps({"hits": [asdict(hit) for hit in passages]}) + "\n").encode()


def _poses(bodies: np.ndarray) -> Poses3D:
    return Poses3D(bodies, H36M17, frame_of_reference="canonical")


def _written(poses: Poses3D, suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"poses{suffix}"
        write(poses, path)
        return path.read_bytes()
