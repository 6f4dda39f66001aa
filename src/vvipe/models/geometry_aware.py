"""The geometry-aware representation in use: G, points in 3D, and bodies read from them.

Learnt from pairs of views and few 3D labels (Chen et al., CVPR 2019).
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from vvipe.embeddings import Embeddings, euclidean
from vvipe.errors import VvipeError
from vvipe.geometry.bones import universal_lengths
from vvipe.geometry.canonical import rotate, to_canonical
from vvipe.geometry.skeleton_images import CHANNELS
from vvipe.geometry.skeleton_maps import SIZE
from vvipe.models.generators import KEYPOINTS
from vvipe.models.geometry_networks import GeometryNetworks, Regressed, picture_of
from vvipe.models.inputs import H36M17, as_keypoints, keypoint_inputs, torso_m
from vvipe.models.placing import check_frame, placed
from vvipe.models.recent import Recent
from vvipe.models.running import CHUNK, run
from vvipe.models.trained import Trained
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import Skeleton

LIFTER, LINEAR, INTEGRAL, POINTS = "lifter", "linear", "integral", "points"
FEW = 256  # views at once where they are drawn: a thousand take a gigabyte
HEADS = (LIFTER, LINEAR, INTEGRAL)


class GeometryAware(Trained):
    """A trained geometry-aware representation.

    Attributes:
        ranking: What the vector is: `lifter`, `linear` or `integral`, the 51 numbers of the
            canonical pose that this head reads, which is the one that lifts; `points`, G in the
            person's own axes, as the lifter tells them.
    """

    def __init__(
        self, networks: GeometryNetworks, config: dict[str, Any], folder: Path,
        ranking: str = LIFTER, recent: Recent | None = None,
    ) -> None:  # fmt: skip
        super().__init__(config, folder)
        self._recent = recent or Recent()
        self.name += "" if ranking == LIFTER else f" ({ranking})"
        self.arch, self.ranking = networks.arch, ranking
        # A copy: a training that is measured on its way goes on with its own.
        self._networks = deepcopy(networks).cpu().float().eval().requires_grad_(False)

    @property
    def dim(self) -> int:
        """Dimensions of the embedding."""
        return (self.arch.points if self.ranking == POINTS else len(H36M17)) * 3

    def others(self) -> tuple[GeometryAware, ...]:
        """The same networks under the other rankings, rows of their own in tables."""
        rankings = [LINEAR]
        rankings += [INTEGRAL] if self.arch.picture else []
        rankings += [POINTS] if self.arch.inject else []
        return tuple(
            GeometryAware(self._networks, self.config, self.folder, ranking, self._recent)
            for ranking in rankings
        )

    def embed(
        self, poses: Any, skeleton: str | Skeleton | None = None, dims: int | None = None
    ) -> Embeddings:
        """Embeds 2D keypoints, arguments and NaN rows as `VVipe.embed`; the variance is zero.

        Raises:
            VvipeError: 3D poses, which need no lifting.
        """
        poses = as_keypoints(poses, skeleton, dims)
        points, body = self._found(poses)
        canonical, removed = to_canonical(body, universal_lengths(), H36M17)
        own = rotate(removed.rotation, points) if self.ranking == POINTS else canonical / torso_m()
        vectors = own.reshape(*poses.coords.shape[:-2], self.dim).astype(np.float32)
        return Embeddings(vectors, np.zeros_like(vectors), poses.frame, poses.source, self.id)

    def lift(
        self, poses: Any, skeleton: str | Skeleton | None = None, frame: str = "canonical",
        focal_px: float | None = None, pictures: np.ndarray | None = None,
    ) -> Poses3D:  # fmt: skip
        """Lifts 2D keypoints, as `VVipe.lift`, with the universal skeleton's bones.

        Args:
            poses: As for `VVipe.lift`; so are `skeleton`, `frame` and `focal_px`.
            pictures: (N, 3, 64, 64) for regression 3, as `person_pictures` cuts them out of
                photographs; by default the keypoints painted, which it is taught on.

        Raises:
            VvipeError: 3D poses, which need no lifting; pictures for a head that looks at none, or
                not one for each pose.
        """
        check_frame(frame)
        poses = as_keypoints(poses, skeleton, dims=2)
        return placed(self._found(poses, pictures)[1], poses, frame, focal_px)

    def points(self, poses: Any, skeleton: str | Skeleton | None = None) -> np.ndarray:
        """(..., M, 3) G of 2D keypoints in the axes of a camera that faces the person.

        Of mean squared distance 1 from their origin; x right, y down, z away. NaN where nobody is
        seen.
        """
        poses = as_keypoints(poses, skeleton, dims=2)
        return self._found(poses)[0].reshape(*poses.coords.shape[:-2], self.arch.points, 3)

    def turned_views(
        self, poses: Any, rotation: np.ndarray, skeleton: str | Skeleton | None = None
    ) -> np.ndarray:
        """What another camera would see of one pose each, as the decoder makes it.

        Args:
            poses: (...) as for `points`.
            rotation: (3, 3) or (..., 3, 3) from the axes of the camera to those of the other one.
            skeleton: As for `embed`.

        Returns:
            (..., 15, 64, 64) maps, or (..., 13, 2) normalised keypoints.
        """
        points = self.points(poses, skeleton)
        if rotation.shape not in ((3, 3), (*points.shape[:-2], 3, 3)):
            raise VvipeError(
                "one rotation, or one for each pose", where="rotation",
                expected=f"(3, 3) or {(*points.shape[:-2], 3, 3)}", got=rotation.shape,
            )  # fmt: skip
        turned = rotate(rotation, points).reshape(-1, self.arch.points, 3)
        usable = np.isfinite(turned).all((1, 2))
        (views,) = run(
            self._networks.synthesise, usable, turned.astype(np.float32), at_once=self._at_once
        )
        return views.reshape(*points.shape[:-2], *views.shape[1:])

    def distance(self, a: Any, b: Any) -> np.ndarray:
        """(n, D) and (m, D) to (n, m) Euclidean distances."""
        return euclidean(a, b).astype(np.float32)

    def _found(
        self, poses: Poses2D, pictures: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """(N, M, 3) G and (N, 17, 3) bodies, metres, in the axes of the camera."""
        points, mask, usable = keypoint_inputs(poses, self.arch.normaliser)
        shown = [] if pictures is None else [self._checked(pictures, len(points))]
        painted = "painted" if self.ranking == INTEGRAL else ""
        told, *bodies = self._recent(self._made, painted, usable, points, mask, *shown)
        head = self.ranking if self.ranking in HEADS else LIFTER
        return told.copy(), bodies[Regressed._fields.index(head)] * torso_m()

    def _made(self, usable: np.ndarray, *views: np.ndarray) -> list[np.ndarray]:
        return run(self._run, usable, *views, at_once=self._at_once)

    @property
    def _at_once(self) -> int:
        drawn = self.arch.generator != KEYPOINTS or self.ranking == INTEGRAL
        return FEW if drawn else CHUNK

    def _checked(self, pictures: np.ndarray, count: int) -> np.ndarray:
        pictures = np.asarray(pictures, np.float32)
        expected = (count, CHANNELS, SIZE, SIZE)
        if self.ranking != INTEGRAL or pictures.shape != expected:
            raise VvipeError(
                "only regression 3 looks at pictures, one for each pose", where=self.name,
                expected=expected, got=pictures.shape,
            )  # fmt: skip
        return pictures

    def _run(
        self, points: Tensor, mask: Tensor, picture: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        if picture is None and self.ranking == INTEGRAL:
            picture = picture_of(points, mask)
        told, bodies = self._networks(points, mask, picture)
        return told, *(body for body in bodies if body is not None)
