import numpy as np
import pytest

from vvipe.robot.planning.evaluation import METHODS, eta_rows, forecast_rows, planning_table
from vvipe.robot.planning.settings import toy_setting, train_foresight
from vvipe.robot.planning.toy import TOY_REACH
from vvipe.robot.rates import Rate


@pytest.fixture(scope="module")
def setting():
    return toy_setting(rollouts=1000)


@pytest.fixture(scope="module")
def trained(setting):
    return [train_foresight(setting, TOY_REACH, seed, 300, 60) for seed in (0, 1)]


@pytest.fixture(scope="module")
def table(setting, trained):
    rows = planning_table(setting, trained, TOY_REACH, ratios=(0.0, 0.5), episodes=100)
    return {(row["method"], row["ratio"]): row for row in rows}


def test_planning_ahead_pays(table):
    assert set(table) == {(method, ratio) for method in METHODS for ratio in (0.0, 0.5)}
    assert all(table[method, 0.0]["success"] >= 98 for method in METHODS)
    at_half = {method: table[method, 0.5]["success"] for method in METHODS}
    assert at_half["oracle"] == 100
    assert at_half["full"] >= at_half["naive"] + 25
    assert at_half["full"] >= 80
    assert at_half["frozen"] < 15


def test_rows_agree_with_themselves(table):
    for row in table.values():
        count = round(row["success"] / 100 * row["episodes"])
        assert Rate(count, row["episodes"]).row().items() <= row.items()
        assert row["worst_seed"] <= row["success"] <= row["best_seed"]
        assert row["episodes"] == 100 and 3 < row["steps"] <= 50


def test_the_same_seeds_give_the_same_rows(setting, trained, table):
    told = []
    rows = planning_table(
        setting, trained, TOY_REACH, ratios=(0.5,), methods=("full", "naive"), episodes=100,
        progress=told.append,
    )  # fmt: skip
    assert rows == [table["full", 0.5], table["naive", 0.5]]
    assert [line.split(":")[0] for line in told] == ["toy bounce 0.5 full", "toy bounce 0.5 naive"]


def test_rows_of_foresight(setting, trained):
    rows = eta_rows(setting, trained)
    assert [row["training"] for row in rows] == [0, 1]
    assert all(row["within_one_bin"] > 85 and row["mae_steps"] < 0.8 for row in rows)
    rows = forecast_rows(setting, trained, TOY_REACH, ratios=(0.5,), balls=60)
    by_name = {row["forecast"]: row for row in rows}
    assert by_name["reflected"]["within_radius"] == 100 and by_name["reflected"]["median_cm"] == 0
    assert by_name["straight"]["within_radius"] < 90
    assert all(row["episodes"] == 60 for row in rows)


def test_held_out_rollouts_were_not_trained_on(setting, trained):
    for nets in trained:
        assert nets.held_out.episode.min() >= setting.rollouts
    assert len(trained[0].held_out) != len(trained[1].held_out) or not np.array_equal(
        trained[0].held_out.gripper, trained[1].held_out.gripper
    )
