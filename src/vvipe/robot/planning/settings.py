"""Where planners are measured, and the networks that are trained for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vvipe.robot.planning.arrivals import Arrivals, SimulatedETA, arrivals
from vvipe.robot.planning.eta import ETANet
from vvipe.robot.planning.static import HoverThenDescend
from vvipe.robot.planning.toy import TOY_REACH, TOY_TRAP, PointTrap
from vvipe.robot.planning.trajectory import TrajectoryNet
from vvipe.robot.planning.trap import Arena

FETCH_REACH = 0.033  # metres FetchReach's gripper moves by an action of length 1
FASTEST = 0.9  # balls the trajectory network is trained on, in top speeds of the robot

MakeArena = Callable[[str, float, int], Arena]


@dataclass(frozen=True)
class Setting:
    """An environment and its static policy.

    Attributes:
        name: `toy` or `fetch`.
        arena: Motion, speed of the ball (metres a step), episodes wanted -> an arena, which may
            hold fewer.
        static: Its policy.
        rollouts: That the ETA network is trained on; a tenth as many are held out.
    """

    name: str
    arena: MakeArena
    static: HoverThenDescend
    rollouts: int

    @property
    def exact_eta(self) -> SimulatedETA:
        """By simulation; of FetchReach to a step."""
        return SimulatedETA(self.static)


def toy_setting(rollouts: int = 8000) -> Setting:
    """Point grippers, in numpy alone."""

    def arena(motion: str, speed: float, count: int) -> Arena:
        return PointTrap(motion, speed, count)

    return Setting("toy", arena, HoverThenDescend(TOY_TRAP, TOY_REACH), rollouts)


def fetch_setting(rollouts: int = 2000) -> Setting:
    """FetchReach-v4 in MuJoCo; one environment serves all episodes."""
    from vvipe.robot.planning.moving_goal import FETCH_TRAP, fetch_trap

    def arena(motion: str, speed: float, count: int) -> Arena:
        return fetch_trap(motion, speed)

    return Setting("fetch", arena, HoverThenDescend(FETCH_TRAP, FETCH_REACH, 4), rollouts)


@dataclass(frozen=True)
class Foresight:
    """The two networks of a planner, and arrivals neither was trained on."""

    eta: ETANet
    trajectory: TrajectoryNet
    held_out: Arrivals


def train_foresight(
    setting: Setting, top_speed: float, seed: int = 0, eta_updates: int = 3000, updates: int = 2000
) -> Foresight:
    """Trains both networks for a setting.

    Args:
        setting: Where.
        top_speed: Of the robot, metres a step.
        seed: Of rollouts, motions and weights.
        eta_updates: Of the ETA network.
        updates: Of the trajectory network.
    """
    arena = setting.arena("bounce", 0.0, 200)
    found = arrivals(arena, setting.static, setting.rollouts + setting.rollouts // 10, seed)
    kept = np.asarray(found.episode < setting.rollouts)
    eta = ETANet().fit(found.of(kept), eta_updates, seed)
    trajectory = TrajectoryNet(setting.static.trap.box)
    trajectory.fit(FASTEST * top_speed, updates=updates, seed=seed)
    return Foresight(eta, trajectory, found.of(~kept))
