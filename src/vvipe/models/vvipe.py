"""V-VIPE in use: embeds 2D and 3D poses into one space, lifts, generates and interpolates."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.embeddings import Embeddings, euclidean, matching_distance
from vvipe.errors import VvipeError
from vvipe.geometry.bones import universal_lengths, with_bone_lengths
from vvipe.geometry.canonical import from_canonical
from vvipe.models.folding import fold
from vvipe.models.inputs import (
    H36M17,
    as_keypoints,
    as_poses,
    keypoint_inputs,
    own_lengths,
    pose_inputs,
    torso_m,
    whole_lengths,
)
from vvipe.models.networks import Networks
from vvipe.models.placing import check_frame, in_camera
from vvipe.models.running import run
from vvipe.models.trained import Trained
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import Skeleton

ALPHAS = (0.2, 0.3, 0.4, 0.5)  # magnitudes of noise in the paper's figure 7


class VVipe(Trained):
    """A trained V-VIPE (methods: V-VIPE, Levy and Shrivastava 2024).

    Attributes:
        ranking: `matching`, of models whose variances learnt to say how far to trust a dimension
            (`arch.matching`); `euclidean` of the others.
    """

    embeds_3d = True

    def __init__(self, networks: Networks, config: dict[str, Any], folder: Path) -> None:
        super().__init__(config, folder)
        self.arch = networks.arch
        self.ranking = "matching" if self.arch.matching else "euclidean"
        self._encoder_2d, self._encoder_3d = fold(networks.encoder_2d), fold(networks.encoder_3d)
        self._decoder = fold(networks.decoder)
        training = config.get("training", {}).get("config", {})
        self._universal: bool = training.get("universal", True)

    @property
    def dim(self) -> int:
        """Dimensions of the embedding."""
        return self.arch.latent

    def embed(
        self, poses: Any, skeleton: str | Skeleton | None = None, dims: int | None = None
    ) -> Embeddings:
        """Embeds poses of any skeleton: 2D keypoints or 3D positions, joints may be missing.

        Args:
            poses: Poses2D, Poses3D, or an array (..., J, 2 or 3) with its `skeleton`.
            skeleton: Name of the array's skeleton.
            dims: As for `as_poses`, where an array of width 3 is not what the skeleton suggests.

        Returns:
            Embeddings (..., D); NaN where too few joints are seen: fewer than four of the thirteen
            in 2D, no hips or thorax in 3D.
        """
        return self._encoded(as_poses(poses, skeleton, dims))[0]

    def _encoded(self, poses: Poses2D | Poses3D) -> tuple[Embeddings, np.ndarray | None]:
        """Embeddings, and the person's bone lengths (..., 17) in metres, where they are told."""
        if isinstance(poses, Poses2D):
            points, mask, usable = keypoint_inputs(poses, self.arch.normaliser)
            encoder = self._encoder_2d
        else:
            points, mask, usable, _ = pose_inputs(poses)
            encoder = self._encoder_3d
        vectors, log_variance, *bones = run(encoder, usable, points, mask)
        leading = poses.coords.shape[:-2]
        embeddings = Embeddings(
            vectors.reshape(*leading, self.dim), np.exp(log_variance).reshape(*leading, self.dim),
            poses.frame, poses.source, self.id,
        )  # fmt: skip
        return embeddings, own_lengths(bones[0]).reshape(*leading, -1) if bones else None

    def decode(self, embeddings: Any) -> Poses3D:
        """The canonical pose of each embedding: Embeddings or (..., D) to (..., 17, 3) metres.

        Bones have the universal skeleton's lengths, exactly, and the hip is the origin: of what the
        decoder draws the directions count. (The ablation without a universal skeleton draws bones
        of any length, and keeps them.)
        """
        vectors = self._vectors(embeddings)
        flat = vectors.reshape(-1, self.dim)
        (poses,) = run(self._decoder, np.isfinite(flat.sum(axis=1)), flat)
        positions = poses.reshape(*vectors.shape[:-1], len(H36M17), 3) * torso_m()
        if self._universal:
            positions = with_bone_lengths(positions, universal_lengths(), H36M17)
        return Poses3D(
            positions, H36M17, frame=getattr(embeddings, "frame", None),
            source=getattr(embeddings, "source", self.id), frame_of_reference="canonical",
        )  # fmt: skip

    def lift(
        self, poses: Any, skeleton: str | Skeleton | None = None, frame: str = "canonical",
        focal_px: float | None = None,
    ) -> Poses3D:  # fmt: skip
        """Lifts 2D keypoints to 3D poses on Human3.6M-17, metres.

        Args:
            poses: Poses2D, or an array (..., J, 2 or 3) with its `skeleton`.
            skeleton: Name of the array's skeleton.
            frame: `canonical`, with the universal bone lengths, or `camera`: in the person's own
                proportions, turned and placed to project onto its keypoints, then each joint drawn
                near its ray (OpenCV axes). A person's size cannot be seen in one image: the torso
                is about as long as the universal skeleton's. (A model whose 2D encoder tells no
                bone lengths starts from the universal ones there too.)
            focal_px: Focal length for `camera`; without it that of `placing.intrinsics`.

        Returns:
            Poses3D, row i of row i; NaN rows stay NaN.
        """
        check_frame(frame)
        poses = as_keypoints(poses, skeleton, dims=2)
        embeddings, lengths = self._encoded(poses)
        lifted = replace(self.decode(embeddings), fps=poses.fps, stamp_s=poses.stamp_s)
        if frame == "canonical":
            return lifted
        if lengths is not None:
            lifted = replace(lifted, coords=with_bone_lengths(lifted.coords, lengths, H36M17))
        return in_camera(lifted, poses, focal_px)

    def complete(self, poses: Any, skeleton: str | Skeleton | None = None) -> Poses3D:
        """3D poses as the space knows them, in their own frame, position and bone lengths.

        A bone that is not seen gets its length from the universal skeleton, at the person's size.
        """
        poses = as_poses(poses, skeleton, dims=3)
        if not isinstance(poses, Poses3D):
            raise VvipeError("needs 3D poses", where=poses.source, hint="lift 2D keypoints instead")
        poses = poses.to_skeleton(H36M17)
        _, mask, _, removed = pose_inputs(poses)
        removed = replace(removed, lengths=whole_lengths(removed.lengths, mask))
        canonical = self.decode(self.embed(poses)).positions.reshape(-1, len(H36M17), 3)
        positions = from_canonical(canonical, removed, H36M17)
        return replace(poses, coords=positions.reshape(poses.coords.shape))

    def distance(self, a: Any, b: Any) -> np.ndarray:
        """(n, D) and (m, D) to (n, m) distances; NaN rows give NaN.

        Under the `matching` ranking embeddings are compared by `matching_distance`; plain vectors,
        which have no variances, are always compared by Euclidean distance.
        """
        embedded = isinstance(a, Embeddings) and isinstance(b, Embeddings)
        distance = matching_distance if embedded and self.ranking == "matching" else euclidean
        return distance(a, b).astype(np.float32)

    def others(self) -> tuple[VVipe, ...]:
        """The same model ranking by Euclidean distance alone, a row of its own in tables."""
        if self.ranking == "euclidean":
            return ()
        other = copy(self)
        other.ranking, other.name = "euclidean", f"{self.name} (euclidean)"
        return (other,)

    def generate(
        self,
        embeddings: Any,
        alphas: tuple[float, ...] = ALPHAS,
        directions: int = 2,
        seed: int = 0,
    ) -> np.ndarray:
        """New points around each embedding: z + α·noise, one noise for all α (V-VIPE fig. 7).

        Returns:
            (..., directions, len(alphas), D); `decode` turns them into poses.
        """
        vectors = self._vectors(embeddings)
        noise = np.random.default_rng(seed).standard_normal((directions, 1, self.dim), np.float32)
        steps = np.asarray(alphas, np.float32)[:, None] * noise
        return vectors[..., None, None, :] + steps * self._spread

    def _vectors(self, embeddings: Any) -> np.ndarray:
        vectors = np.asarray(getattr(embeddings, "vectors", embeddings), np.float32)
        if vectors.shape[-1:] != (self.dim,):
            raise VvipeError(
                "not embeddings of this model", where=self.name,
                expected=f"(..., {self.dim})", got=vectors.shape,
            )  # fmt: skip
        return vectors

    @property
    def _spread(self) -> np.ndarray:
        return np.asarray(self.config.get("latent_std", 1.0), np.float32)

    def interpolate(self, start: Any, end: Any, steps: int = 8) -> np.ndarray:
        """(..., steps, D) points on the line between two embeddings (..., D), ends included."""
        if steps < 2:
            raise VvipeError(
                "an interpolation needs its two ends", expected="steps >= 2", got=steps
            )
        a, b = self._vectors(start), self._vectors(end)
        t = np.linspace(0, 1, steps, dtype=np.float32)[:, None]
        return (1 - t) * a[..., None, :] + t * b[..., None, :]
