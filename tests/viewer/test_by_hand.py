"""A move by hand counts as it was made, whatever the panel sets until its turn comes."""

from types import SimpleNamespace

import pytest

pytest.importorskip("viser")

from vvipe.viewer.page.controls import by_hand


class Control:
    """What a slider of the page offers."""

    def __init__(self, value):
        self.value, self.heard = value, []

    def on_update(self, listener):
        self.heard.append(listener)

    def set(self, value, client):
        self.value = value
        for listener in self.heard:
            listener(SimpleNamespace(client=client, target=self))


def test_the_value_is_taken_when_it_is_moved():
    slider, jobs, taken = Control(0.0), [], []
    by_hand(slider, lambda value: jobs.append(lambda: taken.append(value)))
    slider.set(-2.1, client="somebody")
    slider.set(0.4, client=None)  # the panel draws what was there before
    for job in jobs:
        job()
    assert taken == [-2.1]
