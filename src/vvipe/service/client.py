"""A client: the service as if its model and libraries were here."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from vvipe.embeddings import Embeddings
from vvipe.errors import VvipeError
from vvipe.extras import need
from vvipe.formats.columns import as_rows, poses_to_columns
from vvipe.models.inputs import as_poses
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import Skeleton, skeleton_from_joints

if TYPE_CHECKING:
    import httpx

    from vvipe.library import Filter
    from vvipe.service import answers

Query = Embeddings | Poses2D | Poses3D


class Client:
    """Calls a service that `vvipe serve` runs.

    Example:
        with Client("http://127.0.0.1:8000") as client:
            z = client.embed(poses)

    Args:
        url: Of the service.
        token: What it asks for, if it does.
        timeout_s: How long to wait for an answer.
        transport: Of httpx, where it is none of the network.

    Raises:
        VvipeError: From every method: what the service refuses, or that there is none.
    """

    def __init__(
        self, url: str = "http://127.0.0.1:8000", token: str | None = None,
        timeout_s: float = 120.0, transport: httpx.BaseTransport | None = None,
    ) -> None:  # fmt: skip
        self._httpx = need("httpx", "serve", "Client")
        need("pydantic", "serve", "Client")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http: httpx.Client = self._httpx.Client(
            base_url=url, headers=headers, timeout=timeout_s, transport=transport, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        self._http.close()

    def embed(
        self, poses: Any, skeleton: str | Skeleton | None = None, dims: int | None = None
    ) -> Embeddings:
        """What `model.embed` gives of the same arguments."""
        poses = as_poses(poses, skeleton, dims)
        got = self._post("/embed", {"poses": _sent(poses)})
        leading, row = poses.coords.shape[:-2], (got["dim"],)
        vectors, variance = (_rows(got[k], leading, row) for k in ("embeddings", "variance"))
        return Embeddings(vectors, variance, poses.frame, poses.source, got["model"])

    def lift(
        self, poses: Any, skeleton: str | Skeleton | None = None, frame: str = "canonical",
        focal_px: float | None = None,
    ) -> Poses3D:  # fmt: skip
        """What `model.lift` gives of the same arguments."""
        poses = as_poses(poses, skeleton, dims=2)
        asked = {"poses": _sent(poses), "frame_of_reference": frame, "focal_px": focal_px}
        got = self._post("/lift", asked)
        positions = _rows(got["positions"], poses.coords.shape[:-2], (len(got["joints"]), 3))
        return Poses3D(
            positions, got["skeleton"], poses.frame, poses.fps, poses.source,
            stamp_s=poses.stamp_s, frame_of_reference=got["frame_of_reference"],
        )  # fmt: skip

    def search(
        self, query: Query, k: int = 10, library: str | None = None, where: Filter | None = None,
        every_frame: bool = False, approximate: bool = False,
    ) -> answers.SearchReply:  # fmt: skip
        """The poses of a library that are like one: the first row that can be embedded.

        Args:
            query: Poses or embeddings.
            k: How many hits.
            library: Its name; needs not be given where there is one only.
            where: What may be found.
            every_frame: Each frame is a hit of its own.
            approximate: Ask the library's graph.
        """
        from vvipe.service.answers import SearchReply

        asked = _asked(query, k, library, where, approximate)
        return SearchReply(**self._post("/search", asked | {"every_frame": every_frame}))

    def search_batch(
        self, query: Query, k: int = 10, library: str | None = None, where: Filter | None = None,
        every_frame: bool = False, approximate: bool = False,
    ) -> list[answers.SearchReply | None]:  # fmt: skip
        """As `search` for each row, None where too little is seen."""
        from vvipe.service.answers import BatchReply

        asked = _asked(query, k, library, where, approximate)
        got = self._post("/search/batch", asked | {"every_frame": every_frame})
        return BatchReply(**got).results

    def search_motion(
        self, query: Query, k: int = 10, library: str | None = None, where: Filter | None = None,
        mirrored: bool = False, fps: float | None = None, approximate: bool = False,
    ) -> answers.MotionReply:  # fmt: skip
        """The passages of a library that are like a motion.

        Args:
            query: Poses, or their embeddings.
            k: How many hits.
            library: As for `search`.
            where: What may be found.
            mirrored: The mirror image of poses will do too.
            fps: Frames per second where the poses do not say.
            approximate: Ask the library's graph.
        """
        from vvipe.service.answers import MotionReply

        asked = _asked(query, k, library, where, approximate)
        return MotionReply(
            **self._post("/search/motion", asked | {"mirrored": mirrored, "fps": fps})
        )

    def compare(
        self, a: Poses2D | Poses3D, b: Poses2D | Poses3D, worst: int = 5,
        timing: Literal["auto", "frames", "warp", "stretch"] = "auto",
    ) -> answers.CompareReply:  # fmt: skip
        """What `vvipe compare --json` prints of two poses or motions."""
        from vvipe.service.answers import CompareReply

        asked = {"a": _sent(a), "b": _sent(b), "worst": worst, "timing": timing}
        return CompareReply(**self._post("/compare", asked))

    def align(
        self, recordings: Sequence[Poses2D | Poses3D], fps: float | None = None,
        max_offset_s: float | None = None, drift: bool = False, warp: bool = False,
    ) -> list[answers.AlignedPair]:  # fmt: skip
        """The `pairs` that `vvipe align --json` prints; recordings are called by their source."""
        from vvipe.service.answers import AlignReply

        asked = {"recordings": [_sent(r) | {"source": r.source} for r in recordings], "fps": fps}
        asked |= {"max_offset_s": max_offset_s, "drift": drift, "warp": warp}
        return AlignReply(**self._post("/align", asked)).pairs

    def _post(self, path: str, content: dict[str, Any]) -> dict[str, Any]:
        from pydantic_core import to_json

        given = {k: v for k, v in content.items() if v is not None}
        body = to_json(given, inf_nan_mode="null")
        try:
            answer = self._http.post(
                path, content=body, headers={"Content-Type": "application/json"}
            )
        except self._httpx.HTTPError as error:
            where = self._http.base_url
            hint = "is `vvipe serve` running there?"
            raise VvipeError(f"no answer ({error})", where=where, hint=hint) from error
        return _content(answer)


def _content(answer: httpx.Response) -> dict[str, Any]:
    """The object that was answered.

    Raises:
        VvipeError: The request was refused, or this is no such service.
    """
    try:
        content = answer.json()
    except ValueError:
        content = None
    if answer.is_success and isinstance(content, dict):
        return content
    detail = content.get("detail") if isinstance(content, dict) else None
    if detail is None:
        raise VvipeError(
            "not the answer of a pose service", where=answer.url, got=f"status {answer.status_code}"
        )
    raise VvipeError(str(detail))


def _sent(poses: Poses2D | Poses3D) -> dict[str, Any]:
    """Poses as requests have them, NaN as NaN."""
    poses = as_rows(poses)
    if not _told_by_names(poses.skeleton):
        # Joints that only their own skeleton knows: what the models take from it is sent instead.
        poses = poses.to_skeleton("coco13" if isinstance(poses, Poses2D) else "h36m17")
    columns = poses_to_columns(poses)
    del columns["source"]
    return {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in columns.items()}


def _told_by_names(skeleton: Skeleton) -> bool:
    """Whether the names of its joints suffice to make a skeleton again."""
    try:
        return skeleton_from_joints(skeleton.joints, skeleton.dims) == skeleton
    except VvipeError:
        return False


def _asked(
    query: Query, k: int, library: str | None, where: Filter | None, approximate: bool
) -> dict[str, Any]:
    asked: dict[str, Any] = {"k": k, "approximate": approximate, "library": library}
    if isinstance(query, Embeddings):
        rows = query.vectors.reshape(-1, query.vectors.shape[-1])
        asked["embeddings"] = {
            "embeddings": rows.tolist(), "variance": query.variance.reshape(rows.shape).tolist(),
            "model": query.model,
        }  # fmt: skip
        if query.frame is not None and np.size(query.frame) == len(rows):
            asked["embeddings"]["frame"] = np.ravel(query.frame).tolist()
    else:
        asked["poses"] = _sent(query)
    if where is not None:
        names = {"clip": where.clips, "source": where.sources, "camera": where.cameras}
        given: dict[str, Any] = {k: list(v) for k, v in (names | {"tag": where.tags}).items()}
        asked["where"] = given | {"from_s": where.from_s, "to_s": where.to_s}
    return asked


def _rows(lists: list[Any], leading: tuple[int, ...], row: tuple[int, ...]) -> np.ndarray:
    """Nested lists as (*leading, *row) float32; null, for a row too, is NaN."""
    nothing = np.full(row, np.nan, np.float32)
    rows = [nothing if x is None else np.array(x, np.float32) for x in lists]
    return np.stack(rows).reshape(*leading, *row)
