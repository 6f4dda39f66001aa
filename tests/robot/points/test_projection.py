import numpy as np
import pytest
from drawing import need_drawing
from hypothesis import given
from hypothesis import strategies as st

from vvipe.errors import VvipeError
from vvipe.robot.points.camera import Camera
from vvipe.robot.points.projection import project, unproject


def random_camera(rng, width=320, height=240):
    mat = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    mat[:, 0] *= np.linalg.det(mat)
    return Camera(rng.normal(size=3), mat, float(rng.uniform(20, 90)), width, height)


def naive_project(point, camera):
    away = [point[i] - camera.pos[i] for i in range(3)]
    x, y, z = (sum(camera.mat[i][k] * away[i] for i in range(3)) for k in range(3))
    focal = camera.height / 2 / np.tan(np.pi * camera.fovy / 360)
    return camera.width / 2 + focal * x / -z, camera.height / 2 - focal * y / -z, -z


def test_a_hand_made_case():
    # at z = 2 looking down the world's -z: x stays right, y stays up
    u, v, depth = project([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [0, 0, 2], np.eye(3), 90, 100, 100)
    np.testing.assert_allclose(u, [50, 75, 50])
    np.testing.assert_allclose(v, [50, 50, 25])
    np.testing.assert_allclose(depth, 2)


@given(st.integers(0, 10_000))
def test_equals_the_naive_twin(seed):
    rng = np.random.default_rng(seed)
    camera = random_camera(rng)
    for point in rng.normal(size=(5, 3)) * 3:
        expected = naive_project(point, camera)
        if expected[2] > 0.01:
            np.testing.assert_allclose(camera.project(point), expected, rtol=1e-9)


@given(st.integers(0, 10_000))
def test_unproject_is_the_inverse(seed):
    rng = np.random.default_rng(seed)
    camera = random_camera(rng)
    seen = np.stack([*rng.uniform(-50, 400, (2, 4, 3)), rng.uniform(0.1, 9, (4, 3))], -1)
    np.testing.assert_allclose(camera.project(camera.unproject(seen)), seen, atol=1e-7)


def test_a_camera_each_and_batches_are_independent(rng):
    cameras = [random_camera(rng) for _ in range(4)]
    points = rng.normal(size=(4, 6, 3))
    pos = np.stack([c.pos for c in cameras])[:, None]
    mat = np.stack([c.mat for c in cameras])[:, None]
    fovy = np.array([c.fovy for c in cameras])[:, None]
    together = np.stack(project(points, pos, mat, fovy, 320, 240), -1)
    for i, camera in enumerate(cameras):
        np.testing.assert_allclose(together[i], camera.project(points[i]))
    back = unproject(*np.moveaxis(together, -1, 0), pos, mat, fovy, 320, 240)
    front = together[..., 2] > 0
    np.testing.assert_allclose(back[front], points[front], atol=1e-8)


def test_flat_matrices_as_mujoco_keeps_them(rng):
    camera = random_camera(rng)
    flat = project([1.0, 2, 3], camera.pos, camera.mat.ravel(), camera.fovy, 320, 240)
    np.testing.assert_array_equal(np.stack(flat), camera.project(np.array([1.0, 2, 3])))


def test_behind_the_camera_there_is_no_pixel():
    u, v, depth = project([0, 0, 3], [0, 0, 2], np.eye(3), 90, 100, 100)
    assert np.isnan(u) and np.isnan(v) and depth == -1


XML = """<mujoco><visual><global offwidth="320" offheight="240"/></visual><worldbody>
<light pos="0 0 3"/><camera name="view" pos="0.3 -1.2 0.9" euler="55 5 10" fovy="47"/>
<geom name="marker" type="sphere" size="0.02" pos="0.1 0 0" rgba="1 0 0 1"/></worldbody></mujoco>"""


def test_against_a_rendered_marker(rng):
    mujoco = pytest.importorskip("mujoco")
    need_drawing()
    model = mujoco.MjModel.from_xml_string(XML)
    data = mujoco.MjData(model)
    compared = 0
    with mujoco.Renderer(model, 240, 320) as renderer:
        for place in rng.uniform((-0.4, -0.2, -0.2), (0.4, 0.5, 0.4), (12, 3)):
            model.geom_pos[0] = place
            mujoco.mj_forward(model, data)
            renderer.update_scene(data, "view")
            shown = renderer.render().astype(int)
            red = (shown[..., 0] > 40) & (shown[..., 1] < 30)
            u, v, _ = Camera.read(model, data, "view", 320, 240).project(place)
            if not (15 < u < 305 and 15 < v < 225):
                continue
            rows, columns = np.nonzero(red)
            assert abs(columns.mean() + 0.5 - u) <= 1 and abs(rows.mean() + 0.5 - v) <= 1
            compared += 1
    assert compared >= 5


def test_read_camera_is_mujocos_and_needs_its_name():
    mujoco = pytest.importorskip("mujoco")
    model = mujoco.MjModel.from_xml_string(XML)
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    camera = Camera.read(model, data, "view", 320, 240)
    np.testing.assert_allclose(camera.pos, [0.3, -1.2, 0.9])
    np.testing.assert_allclose(camera.mat @ camera.mat.T, np.eye(3), atol=1e-12)
    assert camera.fovy == 47
    with pytest.raises(VvipeError, match="no camera 'nobody'; expected view"):
        Camera.read(model, data, "nobody", 320, 240)


@given(st.floats(-180, 180), st.floats(-80, 80), st.floats(0.3, 4))
def test_orbiting_camera_sees_its_target_in_the_middle(azimuth, elevation, distance):
    target = np.array([1.0, -2, 0.5])
    camera = Camera.orbiting(target, azimuth, elevation, distance, 40, (300, 200))
    np.testing.assert_allclose(camera.project(target), [150, 100, distance], atol=1e-6)
    assert np.linalg.det(camera.mat) == pytest.approx(1)
    assert camera.project(target + np.array([0, 0, 0.01]))[1] < 100  # z is up in the picture
