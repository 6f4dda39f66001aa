import numpy as np
import pytest

pytest.importorskip("gymnasium_robotics")

from vvipe.robot import Demonstration, WaypointValue
from vvipe.robot.wayex.maze import UMaze, episode, from_the_goal, u_maze, walk


def cell(maze, place):
    return tuple(int(i) for i in maze.maze.cell_xy_to_rowcol(place))


def places(demo):
    """(T, 2) where a walk was: its states are told from the goal, the middle of its cell."""
    return demo.states[:, :2] + UMaze().maze.cell_rowcol_to_xy(np.array([3, 1]))


@pytest.fixture(scope="module")
def demo():
    return walk(0)


@pytest.mark.parametrize("legs", [3, 6])
def test_the_walk_goes_round_the_wall(legs):
    maze, demo = UMaze(legs=legs), walk(0, legs=legs)
    goal = maze.maze.cell_rowcol_to_xy(np.array([3, 1]))
    rooms = [cell(maze, place) for place in demo.states[:, :2] + goal]
    visited = [r for i, r in enumerate(rooms) if not i or r != rooms[i - 1]]
    turn = [(1, legs), (2, legs), (3, legs)]
    assert visited[0] == (1, 1) and visited[-1][0] == 3
    assert [r for r in visited if r in turn] == turn
    assert len(demo) - 1 < episode(legs) / 2


def test_it_ends_at_the_goal_and_begins_at_rest(demo):
    maze = UMaze(spread=0.0)
    seen, _ = maze.reset(seed=3)
    np.testing.assert_allclose(demo.states[0], from_the_goal(seen))
    np.testing.assert_allclose(places(demo)[0], seen["achieved_goal"])
    away = np.linalg.norm(demo.states[:, :2], axis=1)
    assert away[-1] <= 0.45 < away[-2]


def test_a_seed_is_a_walk():
    np.testing.assert_array_equal(walk(1).states, walk(1).states)
    assert len(walk(1)) != len(walk(2)) or np.abs(walk(1).states - walk(2).states).max() > 0.05


def test_a_pause_stands_in_the_corner(demo):
    paused = walk(0, pause=40)
    still = np.linalg.norm(paused.states[:, 2:], axis=1) < 0.05
    assert still.sum() >= 40 and len(paused) > len(demo) + 40
    assert {cell(UMaze(), p) for p in places(paused)[still][5:]} == {(1, 3)}


def test_whoever_runs_at_the_start_is_not_at_the_end(demo):
    """Speeds count a third as much as places: else this state is nearest to the goal's."""
    value = WaypointValue(demo, l_max=episode())
    running = np.array([-0.4, 1.6, -3.0, 0.0])
    assert value.nearest(running) < 10
    plain = Demonstration(demo.states, demo.names)
    assert WaypointValue(plain, l_max=episode()).nearest(running) > len(demo) - 10


def test_the_built_in_jitter_is_a_quarter_of_a_metre():
    maze = UMaze()
    starts = np.array([maze.reset(seed=s)[0]["achieved_goal"] for s in range(60)])
    middle = maze.maze.cell_rowcol_to_xy(np.array([1, 1]))
    assert 0.2 < np.abs(starts - middle).max() <= 0.26


def test_an_expanded_maze_spreads_starts_and_goals_outside_the_walls():
    maze = UMaze(spread=0.0)
    seen, _ = maze.reset(seed=0)
    middle = seen["achieved_goal"]
    maze.expand(0.4)
    drawn = [maze.reset(seed=s)[0] for s in range(80)]
    starts = np.array([seen["achieved_goal"] for seen in drawn])
    goals = np.array([seen["desired_goal"] for seen in drawn])
    assert 0.2 < (starts - middle).std() < 0.45
    assert goals.std(0).min() > 0.15
    walls = {(r, c) for r in range(5) for c in range(5) if maze.maze.maze_map[r][c] == 1}
    assert not {cell(maze, p) for p in [*starts, *goals]} & walls


@pytest.mark.parametrize("legs", [3, 6])
def test_episodes_are_limited(legs):
    maze = u_maze(legs=legs)
    maze.reset(seed=0)
    ends = [maze.step(np.zeros(2))[3] for _ in range(100 * legs)]
    assert ends.index(True) == 100 * legs - 1
