import csv
import io
import json

import numpy as np
import pytest

import vvipe
from vvipe.errors import VvipeError
from vvipe.viewer import exports
from vvipe.viewer.placing import standing
from vvipe.viewer.session import Session


def written(content, tmp_path, suffix):
    path = tmp_path / f"out{suffix}"
    path.write_bytes(content)
    return vvipe.read(path)


def test_bodies_are_read_back(session, tmp_path):
    placed = np.stack([standing(body) for body in session.recording.bodies])
    npz = written(exports.bodies(placed, session, ".npz"), tmp_path, ".npz")
    assert np.allclose(npz.positions, placed, atol=1e-5) and npz.fps == pytest.approx(30, abs=0.1)
    bvh = written(exports.bodies(placed, session, ".bvh"), tmp_path, ".bvh")
    assert len(bvh) == len(placed)
    hip = bvh.to_skeleton("h36m17").joint("left_wrist") - placed[:, 13]
    assert np.abs(hip).max() < 2e-3


def test_the_query_is_read_back(session, tmp_path):
    session.drag("left_wrist", np.array([0.0, -0.5, 0.9]), first=True)
    poses = written(exports.query(session), tmp_path, ".npz")
    assert poses.frame_of_reference == "canonical"
    assert np.allclose(poses.positions[0], session.query.body, atol=1e-5)


def test_matches_as_tables(session):
    session.matches = session.search()
    rows = list(csv.DictReader(io.StringIO(exports.matches_csv(session.matches).decode())))
    assert [row["rank"] for row in rows] == [str(i + 1) for i in range(session.k)]
    hits = json.loads(exports.matches_json(session.matches))["hits"]
    assert [hit["id"] for hit in hits] == [m.hit.id for m in session.matches]
    assert float(rows[2]["distance"]) == pytest.approx(hits[2]["distance"])
    assert json.loads(exports.passages_json([])) == {"hits": []}


def test_sheets_are_pictures(session):
    session.matches = session.search()[:3]
    for made in (exports.matches_sheet(session), exports.recording_sheet(session)):
        assert made.startswith(b"\x89PNG") and len(made) > 5000


def test_nothing_to_export_is_said(shipped):
    empty = Session(shipped, None)
    for make in (exports.matches_sheet, exports.recording_sheet, exports.query):
        with pytest.raises(VvipeError, match="no "):
            make(empty)
    with pytest.raises(VvipeError, match="no recording"):
        exports.bodies(np.zeros((0, 17, 3)), empty, ".npz")
