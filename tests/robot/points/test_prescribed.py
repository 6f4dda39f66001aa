import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvipe.errors import VvipeError
from vvipe.robot.points.camera import Camera
from vvipe.robot.points.points_file import FORMAT, load_points, save_points
from vvipe.robot.points.prescribed import PrescribedPoint, PrescribedPoints, prescribe

mujoco = pytest.importorskip("mujoco")

XML = """<mujoco><worldbody>
<camera name="view" pos="0 0 2" fovy="60"/>
<body name="box"><freejoint/><geom type="box" size=".1 .1 .1"/>
<site name="tip" pos=".1 .1 .1"/></body></worldbody></mujoco>"""


@pytest.fixture
def world():
    model = mujoco.MjModel.from_xml_string(XML)
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    return model, data, Camera.read(model, data, "view", 100, 80)


PIXELS = {"corner": (55.5, 35.25), "floor": (10.5, 70.5), "tip": (60.5, 30.5)}
CARRIERS = {"corner": "body:box", "floor": "body:world", "tip": "site:tip"}


def prescribed(world):
    model, data, camera = world
    depth = np.full((80, 100), 1.9)
    return prescribe(
        PIXELS, depth, CARRIERS, camera, model, data, ("floor",), sliding=("body:box",)
    )


def test_on_the_annotated_frame_they_are_where_they_were_clicked(world):
    model, data, camera = world
    points = prescribed(world)
    seen = camera.project(points.places(model, data))
    np.testing.assert_allclose(seen[:, :2], list(PIXELS.values()), atol=1e-9)
    np.testing.assert_allclose(seen[:, 2], 1.9)
    np.testing.assert_allclose(points.seen_m[:, 2], 1.9)
    assert points.anchors.tolist() == [False, True, False]
    assert points.slides.tolist() == [True, False, False]


def test_they_move_with_their_bodies(world):
    model, data, _ = world
    points = prescribed(world)
    before = points.places(model, data)
    turn = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1.0]])  # a quarter about z
    data.qpos[:] = [0.3, 0.2, 0.1, np.sqrt(0.5), 0, 0, np.sqrt(0.5)]
    mujoco.mj_forward(model, data)
    after = points.places(model, data)
    for name in ("corner", "tip"):
        i = points.index(name)
        np.testing.assert_allclose(after[i], turn @ before[i] + [0.3, 0.2, 0.1], atol=1e-9)
    np.testing.assert_array_equal(after[points.index("floor")], before[points.index("floor")])


def test_depth_by_name_is_the_same_as_by_image(world):
    model, data, camera = world
    depth = dict.fromkeys(PIXELS, 1.9)
    named = prescribe(
        PIXELS, depth, CARRIERS, camera, model, data, ("floor",), sliding=("body:box",)
    )
    assert named == prescribed(world)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pixels": PIXELS | {"tip": (100.0, 3)}}, "'tip' is outside of the frame"),
        ({"pixels": PIXELS | {"tip": (float("nan"), 3)}}, "'tip' is outside of the frame"),
        ({"depth": np.zeros((80, 100))}, "'corner' has no depth"),
        ({"depth": {"corner": 1.0, "tip": 1.0}}, "'floor' has no depth"),
        ({"depth": np.ones((100, 80))}, r"expected \(80, 100\); got \(100, 80\)"),
        ({"carriers": CARRIERS | {"tip": "site:top"}}, "the model has no site 'top'"),
        ({"carriers": CARRIERS | {"tip": "tip"}}, "expected body:NAME or site:NAME"),
        ({"carriers": {"tip": "site:tip"}}, "no pixel or no carrier"),
        ({"anchors": ("sky",)}, "'sky' has no pixel"),
        ({"sliding": ("body:ball",)}, "no point lies on 'body:ball', which slides"),
    ],
)
def test_mistakes_are_named(world, change, message):
    model, data, camera = world
    given_ = {"pixels": PIXELS, "depth": np.ones((80, 100)), "carriers": CARRIERS, "anchors": ()}
    with pytest.raises(VvipeError, match=message):
        prescribe(camera=camera, model=model, data=data, **(given_ | change))


def test_names_are_unique_and_known():
    point = PrescribedPoint("a", "body:box", (0, 0, 0), (0, 0, 1))
    with pytest.raises(VvipeError, match="two points are named 'a'"):
        PrescribedPoints((point, point))
    with pytest.raises(VvipeError, match="no points"):
        PrescribedPoints(())
    with pytest.raises(VvipeError, match="no point 'b'; expected a"):
        PrescribedPoints((point,)).index("b")


number = st.floats(-1e6, 1e6)
vectors = st.tuples(number, number, number)
points_ = st.lists(
    st.builds(
        PrescribedPoint, st.text(min_size=1), st.sampled_from(["body:box", "site:tip"]), vectors,
        vectors, st.booleans(), st.booleans(), st.booleans(),
    ),
    min_size=1, unique_by=lambda p: p.name,
)  # fmt: skip


@given(points_)
def test_the_file_keeps_every_digit(tmp_path_factory, points):
    path = tmp_path_factory.mktemp("points") / "p.json"
    save_points(path, PrescribedPoints(tuple(points)))
    assert load_points(path) == PrescribedPoints(tuple(points))


ROW = dataclasses.asdict(PrescribedPoint("a", "body:box", (0, 0, 0), (0, 0, 1)))
HOSTILE = {
    "not JSON": ("{", "is not JSON"),
    "a list": ("[]", "no prescribed points"),
    "another format": ('{"format": "x", "points": []}', "no prescribed points"),
    "no list": (json.dumps({"format": FORMAT, "points": 3}), "no list of points"),
    "empty": (json.dumps({"format": FORMAT, "points": []}), "no points are prescribed"),
    "a number": (json.dumps({"format": FORMAT, "points": [7]}), "point 0: not a point"),
}
for key, value, message in (
    ("offset_m", [1, 2], "not a vector"),
    ("offset_m", [1, 2, float("nan")], "not a vector"),
    ("offset_m", [1, 2, True], "not a vector"),
    ("seen_m", "abc", "not a vector"),
    ("carrier", "geom:box", "not a carrier"),
    ("carrier", None, "are text"),
    ("anchor", 1, "true or false"),
    ("helper", None, "true or false"),
    ("slides", "no", "true or false"),
    ("name", 5, "are text"),
    ("colour", "red", "point 0: not a point"),
):
    content = {"format": FORMAT, "points": [ROW | {key: value}]}
    HOSTILE[f"{key} = {value}"] = (json.dumps(content), message)


def test_points_of_older_files_do_not_slide(tmp_path):
    path = tmp_path / "points.json"
    row = {k: v for k, v in ROW.items() if k != "slides"}
    path.write_text(json.dumps({"format": FORMAT, "points": [row]}))
    assert not load_points(path).slides.any()


@pytest.mark.parametrize(("text", "message"), HOSTILE.values(), ids=HOSTILE.keys())
def test_damaged_files_are_one_clear_line(tmp_path, text, message):
    path = tmp_path / "points.json"
    path.write_text(text)
    with pytest.raises(VvipeError, match=message) as error:
        load_points(path)
    assert "points.json" in str(error.value) and "\n" not in str(error.value)


def test_bytes_that_are_no_text_and_no_file(tmp_path):
    (tmp_path / "p.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(VvipeError, match="is not JSON"):
        load_points(tmp_path / "p.json")
    with pytest.raises(VvipeError, match="cannot be read"):
        load_points(tmp_path / "none.json")
