"""Small files in the forms of Human3.6M and MPI-INF-3DHP, people and cameras made up."""

import numpy as np
from bodies import moving

from vvipe import get_skeleton
from vvipe.datasets.human36m_cameras import CAMERA_IDS, human36m_cameras
from vvipe.geometry.cameras import look_at

TRAIN, TEST = ("S1", "S5", "S6", "S7", "S8"), ("S9", "S11")
# The columns of the 17 joints among 32, told again.
COLUMNS = [0, 1, 2, 3, 6, 7, 8, 12, 13, 14, 15, 17, 18, 19, 25, 26, 27]
MPI = get_skeleton("mpi_inf_3dhp28")
# Those of the 17 joints among 28, told again: `relevant` of the data set, counted from 0.
MPI_COLUMNS = [7, 5, 14, 15, 16, 9, 10, 11, 23, 24, 25, 18, 19, 20, 4, 3, 6]
SEQUENCES = [f"S{s}/Seq{q}" for s in range(1, 9) for q in (1, 2)]


def motion(subject, action, frames=12):
    """(frames, 17, 3) metres, world: each its own, a little off the middle of the room."""
    seed = int(subject.removeprefix("S")) * 1000 + sum(map(ord, action))
    shift = np.random.default_rng(seed).uniform(-0.8, 0.8, 3) * [1, 1, 0]
    return (moving("h36m17", frames, seed).positions + shift).astype(np.float32)


def in_32(positions):
    out = np.full((len(positions), 32, positions.shape[-1]), 7.0, positions.dtype)
    out[:, COLUMNS] = positions
    return out


def pixels_of(subject, positions):
    """The four cameras' pixels, (F, 17, 2) each."""
    return [camera.project(positions).astype(np.float32) for camera in human36m_cameras(subject)]


def write_videopose(root, subjects=TRAIN + TEST, actions=("Walking 1", "Photo"), extra=0):
    """`data_3d_h36m.npz`, and CPN's `data_2d_h36m_*.npz` with a few frames too many."""
    root.mkdir(parents=True, exist_ok=True)
    solid = {s: {a: motion(s, a) for a in actions} for s in subjects}
    flat = {
        s: {a: pixels_of(s, np.concatenate([m, m[:extra]])) for a, m in of.items()}
        for s, of in solid.items()
    }
    thick = {s: {a: in_32(m) for a, m in of.items()} for s, of in solid.items()}
    np.savez_compressed(root / "data_3d_h36m.npz", positions_3d=thick)
    about = {"num_joints": 17, "keypoints_symmetry": [[4, 5, 6, 11, 12, 13], [1, 2, 3, 14, 15, 16]]}
    np.savez_compressed(
        root / "data_2d_h36m_cpn_ft_h36m_dbb.npz", positions_2d=flat, metadata=about
    )
    return solid


def write_cdf(path, values):
    """One variable `Pose` of (1, F, J × D), as Human3.6M's files have it."""
    from cdflib.cdfwrite import CDF

    path.parent.mkdir(parents=True, exist_ok=True)
    flat = values.reshape(1, len(values), -1).astype(np.float32)
    file = CDF(path, delete=True)
    spec = {
        "Variable": "Pose", "Data_Type": file.CDF_FLOAT, "Num_Elements": 1, "Rec_Vary": True,
        "Dim_Sizes": list(flat.shape[1:]), "Compress": 0,
    }  # fmt: skip
    file.write_var(spec, var_data=flat)
    file.close()


def write_cdfs(root, subjects=TEST, count=30):
    """`S*/MyPoseFeatures/D3_Positions/*.cdf`; two actions bear names, the others numbers."""
    actions = ["Walking 1", "TakingPhoto", *(f"Waiting {i}" for i in range(count - 2))]
    for subject in subjects:
        for action in actions[:count]:
            name = action.replace("TakingPhoto", "Photo")
            path = root / subject / "MyPoseFeatures" / "D3_Positions" / f"{action}.cdf"
            write_cdf(path, in_32(motion(subject, name)) * 1000)


def write_mmpose(path, subjects=TEST, actions=("Walking 1", "Photo"), step=5, cameras=CAMERA_IDS):
    """`h36m_test.npz`: of every camera, every fifth frame, poses in the camera's frame."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names, solid, flat = [], [], []
    for subject in subjects:
        of_id = dict(zip(CAMERA_IDS, human36m_cameras(subject), strict=True))
        for action in actions:
            for number in cameras:
                world = motion(subject, action)[::step]
                base = f"{subject}_{action.replace(' ', '_')}.{number}"
                frames = range(1, step * len(world) + 1, step)
                names += [f"{subject}/{base}/{base}_{i:06d}.jpg" for i in frames]
                solid.append(of_id[number].to_camera(world))
                flat.append(of_id[number].project(world))
    write_annotations(path, names, np.concatenate(solid), np.concatenate(flat))


def write_annotations(path, names, solid, flat):
    ones = np.ones((len(names), 17, 1))
    np.savez(
        path, imgname=np.array(names), center=np.zeros((len(names), 2)), scale=np.ones(len(names)),
        part=np.concatenate([flat, ones], -1), S=np.concatenate([solid, ones], -1),
    )  # fmt: skip


def mpi_extrinsics():
    """Camera -> (4, 4), world in millimetres with y up to camera, around the room."""
    matrices = []
    for i in range(14):
        angle, height = 2 * np.pi * i / 14, 1.2 + 0.1 * i
        centre = np.array([4 * np.cos(angle), 4 * np.sin(angle), height])
        rotation = look_at(centre, np.array([0.0, 0.0, 0.9]))
        matrix = np.eye(4)
        matrix[:3, :3] = rotation @ np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
        matrix[:3, 3] = -rotation @ centre * 1000
        matrices.append(matrix)
    return matrices


def mpi_intrinsics(camera):
    matrix = np.diag([1497.5 + camera, 1496.5, 1, 1])
    matrix[:2, 2] = 1024.7, 1051.4 - camera
    return matrix


def write_calibration(path):
    lines = ["Skeletool Camera Calibration File V1.0"]
    for i, outer in enumerate(mpi_extrinsics()):
        lines += [
            f"name          {i}", "  sensor      10 10", "  size        2048 2048",
            "  animated    0",
            "  intrinsic   " + " ".join(f"{v:.7g}" for v in mpi_intrinsics(i).ravel()) + " ",
            "  extrinsic   " + " ".join(f"{v:.9g}" for v in outer.ravel()) + " ",
            "  radial      0",
        ]  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def mpi_motion(sequence, frames=10):
    """(frames, 28, 3) metres, world, z up; joints without a role are put at the pelvis."""
    poses = moving(MPI, frames, seed=sum(map(ord, sequence)))
    pelvis = poses.joint("pelvis")[:, None]
    return np.where(np.isnan(poses.positions), pelvis, poses.positions).astype(np.float64)


def mpi_views(world):
    """Each camera's (F, 28, 3) millimetres in its frame and (F, 28, 2) pixels."""
    up = np.stack([world[..., 0], world[..., 2], -world[..., 1]], -1) * 1000
    views = []
    for i, outer in enumerate(mpi_extrinsics()):
        seen = up @ outer[:3, :3].T + outer[:3, 3]
        pixels = (seen / seen[..., 2:]) @ mpi_intrinsics(i)[:3, :3].T
        views.append((seen, pixels[..., :2]))
    return views


def cell(values):
    out = np.empty((len(values), 1), object)
    out[:, 0] = values
    return out


def write_annot(path, world):
    """`annot.mat`, MATLAB 5."""
    from scipy.io import savemat

    views = mpi_views(world)
    flat = [pixels.reshape(len(world), -1) for _, pixels in views]
    solid = [seen.reshape(len(world), -1) for seen, _ in views]
    path.parent.mkdir(parents=True, exist_ok=True)
    savemat(path, {
        "annot2": cell(flat), "annot3": cell(solid), "univ_annot3": cell([1.1 * s for s in solid]),
        "cameras": np.arange(14, dtype=np.uint8)[None], "frames": np.arange(len(world))[:, None],
    })  # fmt: skip


def write_mpi(root, sequences=SEQUENCES):
    for sequence in sequences:
        write_annot(root / sequence / "annot.mat", mpi_motion(sequence))
        write_calibration(root / sequence / "camera.calibration")


def write_annot_data(path, world, valid):
    """`annot_data.mat`, MATLAB 7.3: HDF5 behind 512 bytes, dimensions the other way round."""
    import h5py

    seen, pixels = (v[:, None, MPI_COLUMNS] for v in mpi_views(world)[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w", userblock_size=512) as file:
        file["annot2"], file["annot3"], file["univ_annot3"] = pixels, seen, 1.1 * seen
        file["valid_frame"] = valid.astype(float)[:, None]
        file["activity_annotation"] = np.ones((len(world), 1))
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file")


def write_mpi_test(root):
    for i in range(1, 7):
        valid = np.arange(10) % 3 > 0
        write_annot_data(root / f"TS{i}" / "annot_data.mat", mpi_motion(f"TS{i}"), valid)
