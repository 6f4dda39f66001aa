"""The push task, its scene, its points and three demonstrations."""

import drawing  # noqa: F401, before MuJoCo is imported: it chooses the library that draws
import pytest


@pytest.fixture(scope="session")
def push():
    pytest.importorskip("gymnasium_robotics")
    from vvipe.robot.points.push import Push

    made = Push()
    yield made
    made.close()


@pytest.fixture(scope="session")
def scene(push):
    from vvipe.robot.points.scene import Scene

    made = Scene(push.xml, (96, 72))
    yield made
    made.close()


@pytest.fixture(scope="session")
def points(push, scene):
    from vvipe.robot.points.push_points import push_points

    return push_points(push, scene)


@pytest.fixture(scope="session")
def recordings(push):
    from vvipe.robot.points.recordings import record

    return record(push, 3, seed=5)
