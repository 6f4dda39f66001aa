"""A folder like CMU's, with made-up motions."""

import numpy as np

from vvipe import get_skeleton


def write_actions(root, clips):
    """`actions/cmu_actions.npz` from name -> (F, 28, 3) positions of cmu_bvh, metres, z up."""
    (root / "actions").mkdir(parents=True)
    index = np.repeat(np.arange(len(clips)), [len(c) for c in clips.values()])
    np.savez(
        root / "actions" / "cmu_actions.npz",
        positions=np.concatenate(list(clips.values())),
        joints=np.array(get_skeleton("cmu_bvh").joints),
        clips=np.array(list(clips)), clip_index=index, fps=30.0, unit="m", up="z",
    )  # fmt: skip
    return root
