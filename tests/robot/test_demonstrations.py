import numpy as np
import pytest

from vvipe import VvipeError
from vvipe.robot import Demonstration

STATES = np.array([[0.0, 3.0], [0.5, 3.1], [1.0, -3.1]])
NAMES = ("x_m", "turn_rad")


@pytest.fixture
def demo():
    return Demonstration(STATES, NAMES, scale=np.array([2.0, 1.0]), angles=("turn_rad",), task="t")


def test_it_comes_back_from_a_file(demo, tmp_path):
    demo.save(tmp_path / "d.npz")
    back = Demonstration.load(tmp_path / "d.npz")
    np.testing.assert_array_equal(back.states, STATES)
    np.testing.assert_array_equal(back.scale, [2.0, 1.0])
    assert (back.names, back.angles, back.task) == (NAMES, ("turn_rad",), "t")


def test_states_and_names_suffice_and_actions_are_not_read(tmp_path):
    np.savez(tmp_path / "d.npz", states=STATES, names=np.array(NAMES), actions=np.ones((3, 4)))
    back = Demonstration.load(tmp_path / "d.npz")
    np.testing.assert_array_equal(back.scale, [1.0, 1.0])
    assert not back.angles and not hasattr(back, "actions")


def test_the_way_round_a_circle_is_the_shorter_one(demo):
    np.testing.assert_allclose(demo.difference(STATES[2], STATES[1]), [0.5, 2 * np.pi - 6.2])
    plain = Demonstration(STATES, NAMES)
    np.testing.assert_allclose(plain.difference(STATES[2], STATES[1]), [0.5, -6.2])


@pytest.mark.parametrize(
    ("states", "options", "said"),
    [
        (np.zeros((0, 2)), {}, "states (L + 1, K)"),
        (np.zeros(3), {}, "(3,)"),
        (np.zeros((3, 3)), {}, "3 names"),
        (np.array([[0, 0], [0, np.nan]]), {}, "state 1"),
        (STATES, {"scale": np.array([1.0, 0.0])}, "positive"),
        (STATES, {"scale": np.ones(3)}, "scale"),
        (STATES, {"angles": ("yaw",)}, "'yaw'"),
    ],
)
def test_what_is_no_demonstration_is_refused(states, options, said):
    with pytest.raises(VvipeError) as error:
        Demonstration(states, NAMES, **options)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [({"names": np.array(NAMES)}, "states"), ({"states": STATES}, "names"),
     ({"states": STATES, "names": np.array(["x"])}, "2 names")],
)  # fmt: skip
def test_a_file_without_a_part_is_named(tmp_path, arrays, said):
    np.savez(tmp_path / "d.npz", **arrays)
    with pytest.raises(VvipeError) as error:
        Demonstration.load(tmp_path / "d.npz")
    assert "d.npz" in str(error.value) and said in str(error.value)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut"])
def test_what_is_no_npz_is_named(tmp_path, content):
    (tmp_path / "d.npz").write_bytes(content)
    with pytest.raises(VvipeError, match=r"d\.npz: no npz file"):
        Demonstration.load(tmp_path / "d.npz")


def test_pickled_states_are_refused(tmp_path):
    np.savez(tmp_path / "d.npz", states=np.array([{"a": 1}], dtype=object), names=np.array(["x"]))
    with pytest.raises(VvipeError, match=r"d\.npz"):
        Demonstration.load(tmp_path / "d.npz")
