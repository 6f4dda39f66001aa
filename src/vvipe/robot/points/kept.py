"""A cloned policy and what it was tested on, in a folder: what is there is not made again."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from vvipe.errors import VvipeError
from vvipe.models.storage import CONFIG
from vvipe.robot.points.cloned import Cloning
from vvipe.robot.points.policy import ClonedPolicy
from vvipe.robot.points.policy_files import load_policy, save_policy
from vvipe.robot.rates import Rate, kept_rate


class Kept:
    """A policy that is trained when it is first asked for.

    Args:
        folder: Its own.
        how: It is trained.
        train: Trains it.
    """

    def __init__(self, folder: Path, how: Cloning, train: Callable[[], ClonedPolicy]) -> None:
        self._folder, self._how, self._train = folder, how, train

    @cached_property
    def policy(self) -> ClonedPolicy:
        """The policy.

        Raises:
            VvipeError: The folder holds another one, or a damaged one.
        """
        if not (self._folder / CONFIG).is_file():
            save_policy(self._folder, self._train())
        policy = load_policy(self._folder)
        if policy.network.how != self._how:
            raise VvipeError("holds another policy", where=self._folder, hint="take another folder")
        return policy

    def rate(self, test: str, run: Callable[[ClonedPolicy], Rate]) -> Rate:
        """Its successes in a test.

        Args:
            test: All that tells it from other tests of this policy.
            run: Tests it.

        Raises:
            VvipeError: As for `policy`; what is kept of tests is damaged.
        """
        policy = self.policy
        return kept_rate(self._folder, test, lambda: run(policy))
