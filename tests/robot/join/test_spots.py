import numpy as np
import pytest

pytest.importorskip("gymnasium_robotics")

from vvipe.robot.join.spots import COLUMNS, SPOTS_M, demonstrate, relative, spot_arena, spot_trap
from vvipe.robot.planning.moving_goal import FETCH_TRAP


@pytest.mark.parametrize("spot", SPOTS_M)
def test_a_demonstration_ends_on_the_ball(spot):
    demo = demonstrate(spot)
    assert demo.names == COLUMNS and demo.task == spot
    assert np.linalg.norm(demo.states[-1, :2]) <= FETCH_TRAP.radius
    assert demo.states[0, 2] > 0.05 > demo.states[-1, 2] and len(demo) < 20


def test_spots_lie_on_the_table_and_apart():
    table = FETCH_TRAP.box
    for spot in SPOTS_M:
        box = spot_trap(spot).box
        assert (np.array(box.low) >= np.array(table.low) - 1e-9).all()
        assert (np.array(box.high) <= np.array(table.high) + 1e-9).all()
    middles = [np.array(m) for m in SPOTS_M.values()]
    apart = [np.linalg.norm(a - b) for i, a in enumerate(middles) for b in middles[:i]]
    assert min(apart) > FETCH_TRAP.radius * 4


def test_states_are_seen_from_the_ball():
    seen, _ = spot_arena("far left").reset(seed=0)
    state = relative(seen)[0]
    np.testing.assert_allclose(state[:3], (seen["achieved_goal"] - seen["desired_goal"])[0])
    moved = {k: v + 1 if k.endswith("goal") else v for k, v in seen.items()}
    np.testing.assert_allclose(relative(moved)[0], state)
