"""What the tests of the robot stage share."""

import numpy as np
import pytest

from vvipe.robot import Demonstration


@pytest.fixture
def line_demo():
    """Eleven states along the line, 0, 0.1, …, 1."""
    return Demonstration(np.linspace(0, 1, 11)[:, None], ("place",))


@pytest.fixture
def grid_demo():
    """Nine fields: right along the first row, then down the last column."""
    fields = [(0, c) for c in range(5)] + [(r, 4) for r in range(1, 5)]
    return Demonstration(np.array(fields, float), ("row", "column"))
