"""The unsupervised lifter in use: learnt from 2D poses alone (Budaraju, KTH 2020)."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from vvipe.embeddings import Embeddings, euclidean
from vvipe.errors import VvipeError
from vvipe.geometry.bones import bone_lengths, fill_missing, universal_lengths
from vvipe.geometry.canonical import to_canonical
from vvipe.geometry.keypoints import COLUMNS, KEYPOINTS
from vvipe.models.inputs import H36M17, as_keypoints, keypoint_inputs, torso_m
from vvipe.models.placing import check_frame, placed
from vvipe.models.running import run
from vvipe.models.trained import Trained
from vvipe.models.vae_gan_networks import VaeGanNetworks
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import Skeleton


class VaeGan(Trained):
    """A trained unsupervised lifter as a representation.

    Attributes:
        ranking: `canonical`, by Euclidean distance of the 51 numbers of the lifted canonical pose;
            `latent`, by that of the bottleneck's means.
    """

    def __init__(
        self, networks: VaeGanNetworks, config: dict[str, Any], folder: Path,
        ranking: str = "canonical",
    ) -> None:  # fmt: skip
        super().__init__(config, folder)
        self.name += "" if ranking == "canonical" else f" ({ranking})"
        self.arch, self.ranking = networks.arch, ranking
        # A copy: a training that is measured on its way goes on with its own.
        self._networks = deepcopy(networks).cpu().eval().requires_grad_(False)
        self._known = self._networks.known.numpy() > 0

    @property
    def dim(self) -> int:
        """Dimensions of the embedding."""
        return len(H36M17) * 3 if self.ranking == "canonical" else self.arch.latent

    def others(self) -> tuple[VaeGan, ...]:
        """The same lifter, its latent the vector: a row of its own in tables."""
        return (VaeGan(self._networks, self.config, self.folder, "latent"),)

    def embed(
        self, poses: Any, skeleton: str | Skeleton | None = None, dims: int | None = None
    ) -> Embeddings:
        """Embeds 2D keypoints, arguments and NaN rows as `VVipe.embed`.

        The variance is that of a variational latent where the latent is the vector, else zero.

        Raises:
            VvipeError: 3D poses, which need no lifting.
        """
        poses = as_keypoints(poses, skeleton, dims)
        body, mean, log_variance = self._lifted(poses)
        if self.ranking == "latent":
            spread = float(self.arch.variational)  # else nothing has taught it
            vectors, variance = mean, spread * np.exp(log_variance)
        else:
            canonical, _ = to_canonical(body, universal_lengths(), H36M17)
            vectors = (canonical / torso_m()).reshape(len(body), -1)
            variance = np.zeros_like(vectors)
        shape = (*poses.coords.shape[:-2], self.dim)
        return Embeddings(
            vectors.reshape(shape), variance.reshape(shape), poses.frame, poses.source, self.id
        )

    def lift(
        self, poses: Any, skeleton: str | Skeleton | None = None, frame: str = "canonical",
        focal_px: float | None = None,
    ) -> Poses3D:  # fmt: skip
        """Lifts 2D keypoints, as `VVipe.lift`; the size is that of the universal skeleton.

        One view without 3D labels tells no size: the body's bones are as long, all together, as
        the universal skeleton's. (The thesis multiplies by the true root-head distance.)

        Raises:
            VvipeError: 3D poses, which need no lifting.
        """
        check_frame(frame)
        poses = as_keypoints(poses, skeleton, dims=2)
        return placed(self._lifted(poses)[0], poses, frame, focal_px)

    def hypotheses(
        self, poses: Any, count: int = 8, seed: int = 0, scale: float = 1.0,
        skeleton: str | Skeleton | None = None, frame: str = "camera",
        focal_px: float | None = None,
    ) -> Poses3D:  # fmt: skip
        """Bodies that the keypoints may mean: the bottleneck drawn from its Gaussian.

        Seen joints keep to their keypoints and differ in depth. (Models that tell whole positions,
        as the thesis', let them go.) Hypothesis k has the same noise in every row: those of a
        motion are motions.

        Args:
            poses: As for `lift`; so are `skeleton`, `frame` and `focal_px`.
            count: How many.
            seed: Of the noise.
            scale: Of the noise; 1 is the Gaussian itself, 0 its mean.

        Returns:
            Poses3D (count, ..., 17, 3); NaN rows stay NaN.

        Raises:
            VvipeError: The bottleneck is a point, or `count` is not positive.
        """
        check_frame(frame)
        if not self.arch.variational:
            raise VvipeError(
                "has one lift a view, no hypotheses", where=self.folder,
                hint="train with --set architecture.variational=true",
            )  # fmt: skip
        if count < 1:
            raise VvipeError("no hypothesis asked for", expected="count >= 1", got=count)
        poses = as_keypoints(poses, skeleton, dims=2)
        points, mask, usable = keypoint_inputs(poses, self.arch.normaliser)
        _, mean, log_variance = run(self._run, usable, points, mask)
        noise = np.random.default_rng(seed).standard_normal((count, 1, self.arch.latent))
        latents = mean + scale * np.exp(log_variance / 2) * noise
        bodies = [run(self._decode, usable, latent, points, mask)[0] for latent in latents]
        coords = np.broadcast_to(poses.coords, (count, *poses.coords.shape))
        many = replace(poses, coords=coords, confidence=None, frame=None, stamp_s=None)
        return placed(self._sized(np.concatenate(bodies)), many, frame, focal_px)

    def elevation(self, poses: Any, skeleton: str | Skeleton | None = None) -> np.ndarray:
        """(...) radians by which the camera looks down at each person, along the ray to them.

        NaN where nobody is seen; 0 of models that are not to tell (`arch.elevation`).
        """
        poses = as_keypoints(poses, skeleton, dims=2)
        points, mask, usable = keypoint_inputs(poses, self.arch.normaliser)
        (told,) = run(lambda *view: self._networks(*view).elevation, usable, points, mask)
        return told.reshape(poses.coords.shape[:-2])

    def distance(self, a: Any, b: Any) -> np.ndarray:
        """(n, D) and (m, D) to (n, m) Euclidean distances."""
        return euclidean(a, b).astype(np.float32)

    def _lifted(self, poses: Poses2D) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(N, 17, 3) bodies in the camera's axes, metres, hip at the origin; the latents."""
        points, mask, usable = keypoint_inputs(poses, self.arch.normaliser)
        body, mean, log_variance = run(self._run, usable, points, mask)
        return self._sized(body), mean, log_variance

    def _sized(self, body: np.ndarray) -> np.ndarray:
        """(N, 17, 3) whole bodies in metres, hip at the origin."""
        body = self._completed(body)
        lengths = bone_lengths(body, H36M17)
        usual = (universal_lengths() * (lengths > 1e-6)).sum(-1)  # a joint may lie on its parent
        size = usual / np.maximum(lengths.sum(-1), 1e-9)
        return (body - body[:, :1]) * size[:, None, None]

    def _run(self, points: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        lifted = self._networks(points, mask)
        return lifted.body, lifted.mean, lifted.log_variance

    def _decode(self, latent: Tensor, points: Tensor, mask: Tensor) -> Tensor:
        return self._networks.decode(latent, points, mask)[0]

    def _completed(self, body: np.ndarray) -> np.ndarray:
        """With joints that the training data never told made from the others."""
        if self._known.all():
            return body
        told = np.where(self._known[:, None], body, np.nan)
        from_others = Poses3D(told[:, COLUMNS], KEYPOINTS).to_skeleton(H36M17).positions
        filled, _ = fill_missing(from_others, universal_lengths(), H36M17)
        return np.where(self._known[:, None], body, filled)
