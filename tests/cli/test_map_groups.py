"""Files of a map grouped by what their names begin with."""

import pytest

from vvipe.cli.map_picture import by_beginning


@pytest.mark.parametrize(
    ("names", "most", "groups"),
    [
        (["a_walk_1", "a_walk_2", "a_run_1"], 3, ["walk_1", "walk_2", "run_1"]),
        (["a_walk_1", "a_walk_2", "a_run_1"], 2, ["walk", "walk", "run"]),
        (["take 1", "take 2"], 10, ["1", "2"]),
        (["clip"] * 3, 10, ["clip"] * 3),
        (["set", "set_b"], 10, ["set", "b"]),
        (["05_1", "05_2", "06_1", "07_1", "06_2"], 2, ["05", "05", *["others"] * 3]),
    ],
)
def test_as_much_of_a_name_as_leaves_few_groups(names, most, groups):
    assert by_beginning(names, most) == groups
