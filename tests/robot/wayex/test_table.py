import json

import numpy as np
import pytest

pytest.importorskip("gymnasium_robotics")

from vvipe import VvipeError
from vvipe.robot.actors import Actor
from vvipe.robot.wayex.maze import from_the_goal, u_maze, walk
from vvipe.robot.wayex.methods import METHODS, Setting
from vvipe.robot.wayex.table import Run, spread_success, summary, trained


@pytest.fixture(scope="module")
def run():
    return Run("wayex-target", steps=1200, expand=True)


@pytest.fixture(scope="module")
def folder(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("robot") / run.slug
    trained(run, folder)
    return folder


def test_a_run_leaves_its_row_its_demonstration_and_its_policy(run, folder):
    row = json.loads((folder / "row.json").read_text())
    assert row["at"] == [200, 400, 600, 800, 1000, 1200] and len(row["success"]) == 6
    assert row["method"] == "wayex-target" and row["sigma"][0] == [0, 0.0]
    actor = Actor.load(folder)
    seen, _ = u_maze().reset(seed=0)
    assert actor(seen).shape == (2,)
    rate = spread_success(folder, 0.1, episodes=2)
    assert rate.trials == 2
    (folder / "actor.json").rename(folder / "away.json")
    assert spread_success(folder, 0.1, episodes=2) == rate  # it was kept
    with pytest.raises(VvipeError, match="no policy"):
        spread_success(folder, 0.2, episodes=2)
    (folder / "away.json").rename(folder / "actor.json")


def test_what_was_trained_is_read(run, folder):
    told = []
    row = trained(run, folder, told.append)
    assert not told and row == json.loads((folder / "row.json").read_text())
    with pytest.raises(VvipeError, match="another run"):
        trained(Run("sparse", steps=1200), folder)


def test_names_are_checked():
    with pytest.raises(VvipeError, match="no method 'magic'"):
        Run("magic")
    with pytest.raises(VvipeError, match="no task 'kitchen'"):
        Run(task="kitchen")


def test_runs_have_folders_of_their_own():
    runs = [Run(m, expand=e) for m in METHODS for e in (None, False, True)]
    assert len({r.slug for r in runs}) == len(runs)


@pytest.mark.parametrize("returns", [1, 5])
@pytest.mark.parametrize("name", METHODS)
def test_every_method_trains(name, returns):
    setting = Setting(
        u_maze(), walk(0), from_the_goal, np.array([0.6, 0.6, 3, 3]), 300, 0, returns=returns
    )
    learner = METHODS[name].learner(setting)
    assert learner.replay_buffer.n_steps == returns
    assert learner.replay_buffer.gamma == learner.gamma == 0.99
    before = Actor.of(learner)
    learner.learning_starts = 300
    learner.learn(340)
    changed = [
        np.abs(a - b).max()
        for (a, _), (b, _) in zip(before.layers, Actor.of(learner).layers, strict=True)
    ]
    assert min(changed) > 0 and all(np.isfinite(w).all() for w, _ in Actor.of(learner).layers)


def test_a_summary_is_over_seeds():
    common = {"task": "u-maze", "method": "wayex", "seconds": 60}
    rows = [
        common | {"success": [0, 0.4, 0.6], "length": [None, 100, 200]},
        common | {"success": [0, 1.0, 1.0], "length": [None, 150, 150]},
        common | {"method": "sparse", "success": [0, 0, 0], "length": [None] * 3},
    ]
    first, second = summary(rows)
    assert (first["success"], first["deviation"], first["length"]) == (75.0, 35.4, 150)
    assert first["on_the_way"] == pytest.approx(100 * (1 / 3 + 2 / 3) / 2, abs=0.1)
    assert (second["success"], second["length"], second["seeds"]) == (0.0, None, 1)
