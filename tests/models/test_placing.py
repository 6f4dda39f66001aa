import numpy as np
import pytest
from bodies import filmed

from vvipe.poses import Poses2D


@pytest.mark.parametrize("focal_px", [None, 1e-46, 1e-30, 900.0])
def test_what_no_camera_sees_is_nan_and_leaves_its_neighbours_alone(model, focal_px):
    keypoints = filmed("coco13", 3).keypoints.copy()
    keypoints[1, 4] = 1e20, 0
    poses = Poses2D(keypoints, "coco13", image_size=(1000, 1000))
    lifted = model.lift(poses, frame="camera", focal_px=focal_px).positions
    seen = np.isfinite(lifted).all((1, 2))
    near = focal_px is None or focal_px >= 1
    assert seen.tolist() == [near, False, near]
    if near:
        alone = model.lift(poses[[0, 2]], frame="camera", focal_px=focal_px).positions
        np.testing.assert_allclose(lifted[[0, 2]], alone, atol=1e-3)
