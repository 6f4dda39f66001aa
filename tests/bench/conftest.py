"""Made-up data, small protocols, and configurations that train in no time."""

from dataclasses import replace

import numpy as np
import pytest
from actions import write_actions
from bodies import moving

from vvipe.bench import accuracy, curves, entry
from vvipe.evaluation import Protocol
from vvipe.evaluation.protocols import camera_pairs
from vvipe.geometry.cameras import stand_on_floor
from vvipe.geometry.layouts import HUMAN36M, HUMAN36M_FOURTH, MPI_INF_3DHP
from vvipe.training import PRESETS, whole_views

# Of the eleven cameras two at chest height and two that are not.
FOUR = [0, 3, 6, 9]
CROSS = replace(
    MPI_INF_3DHP, centres_m=MPI_INF_3DHP.centres_m[FOUR], chest=MPI_INF_3DHP.chest[FOUR]
)
LAYOUTS = {"cmu-seen": HUMAN36M, "cmu-cross": CROSS, "cmu-view": HUMAN36M_FOURTH}


def small(name="cmu-seen", count=40):
    layout = LAYOUTS[name]
    poses = stand_on_floor(np.nan_to_num(moving(frames=count, seed=3).positions), 0)
    groups = {"all": camera_pairs(layout)} if len(layout) > 1 else {}
    if layout is CROSS:
        groups["unseen"] = camera_pairs(layout, unseen=True)
    return Protocol(name, poses, layout, groups)


@pytest.fixture
def protocol():
    return small()


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data root to train on; protocols are `small`, networks narrow."""
    clips = {n: np.nan_to_num(moving("cmu_bvh", 70, i).positions) for i, n in enumerate("ab")}
    write_actions(tmp_path / "data" / "cmu", clips)
    monkeypatch.setattr(accuracy, "load_protocol", lambda name, root: small(name))
    monkeypatch.setattr(accuracy, "check_protocol", lambda name, root: None)
    few = {"MISSING": (0, 4), "NOISE": (0.0, 0.1), "AZIMUTH_DEG": (90,), "ELEVATION_DEG": (30,)}
    for name, places in few.items():
        monkeypatch.setattr(curves, name, places)
    monkeypatch.setattr(whole_views, "SAMPLE", 320)
    monkeypatch.setattr(whole_views, "FEWEST", 30)

    def narrow(preset):
        def config():
            made = PRESETS[preset]()
            widths = {k: 16 for k in vars(made.architecture) if "width" in k or k == "channels"}
            return replace(made, batch=32, architecture=replace(made.architecture, **widths))

        return config

    monkeypatch.setattr(entry, "PRESETS", {name: narrow(name) for name in PRESETS})
    return tmp_path / "data"
