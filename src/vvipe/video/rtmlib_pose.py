"""RTMO, and RTMPose with YOLOX, from their ONNX files by rtmlib."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.extras import need
from vvipe.skeletons import get_skeleton
from vvipe.video.model_files import file_sha256

# What a model is, by the ranks of its outputs: boxes and keypoints of people; a distribution along
# x and one along y; boxes and their classes; boxes yet to be sifted.
_KIND_OF: dict[tuple[int, ...], str] = {
    (3, 4): "RTMO", (3, 3): "RTMPose", (3, 2): "YOLOX", (3,): "YOLOX",
}  # fmt: skip
_TOGETHER = ({"RTMO"}, {"RTMPose"}, {"RTMPose", "YOLOX"})
_SKELETON_OF = {17: "coco17", 26: "halpe26", 133: "coco17"}  # the whole body begins with COCO's 17


class RtmLib:
    """Several people an image by RTMO, or by YOLOX and RTMPose; RTMPose alone sees one fill it.

    Args:
        files: ONNX files, which tell what they are.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self.files = tuple(files)

    @property
    def name(self) -> str:
        """The release, and the content of the files."""
        try:
            library = f"rtmlib {version('rtmlib')}"
        except PackageNotFoundError:
            library = "rtmlib"
        return ", ".join([library, *self._digests])

    @property
    def skeleton(self) -> str:
        """By the number of joints.

        Raises:
            VvipeError: No skeleton has as many.
        """
        if "RTMO" in self._models:
            joints = self._models["RTMO"].session.get_outputs()[1].shape[2]
        else:
            joints = self._models["RTMPose"].session.get_outputs()[0].shape[1]
        if joints not in _SKELETON_OF:
            raise VvipeError(
                "no skeleton is known for this model", where=self.files[0],
                expected=f"{', '.join(map(str, _SKELETON_OF))} joints", got=joints,
            )  # fmt: skip
        return _SKELETON_OF[joints]

    @property
    def several(self) -> bool:
        """True but for RTMPose alone."""
        return set(self._models) != {"RTMPose"}

    def detect(self, image: np.ndarray) -> np.ndarray:
        """(P, J, 3)."""
        joints = len(get_skeleton(self.skeleton))
        points, scores = self._found(image)
        people = np.concatenate([points, np.clip(scores, 0, 1)[..., None]], -1)[:, :joints]
        return people[(people[..., 2] > 0).any(-1)]  # nobody is a person of zeros in rtmlib

    def _found(self, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points (P, J, 2) and scores (P, J); a person of zeros where there is nobody."""
        bgr = np.ascontiguousarray(image[..., ::-1])  # as RTMO and YOLOX were trained
        if "RTMO" in self._models:
            return self._models["RTMO"](bgr)
        boxes = self._models["YOLOX"](bgr) if self.several else [[0, 0, *image.shape[1::-1]]]
        if not len(boxes):
            return np.zeros((1, 133, 2)), np.zeros((1, 133))
        return self._models["RTMPose"](image, boxes)  # trained on RGB, as its means in rtmlib are

    @cached_property
    def _digests(self) -> list[str]:
        return [file_sha256(file)[:16] for file in self.files]

    @cached_property
    def _models(self) -> dict[str, Any]:
        loaded = [_loaded(file) for file in self.files]
        models = dict(loaded)
        if len(models) < len(loaded) or set(models) not in _TOGETHER:
            raise VvipeError(
                "these models do not go together", where=" and ".join(map(str, self.files)),
                expected="an RTMO, an RTMPose, or an RTMPose and a YOLOX",
                got=" and ".join(kind for kind, _ in loaded),
            )  # fmt: skip
        return models


def _loaded(file: Path) -> tuple[str, Any]:
    """What a model is, and rtmlib's tool that runs it."""
    rtmlib, runtime = need("rtmlib", "video", file), need("onnxruntime", "video", file)
    try:
        session = runtime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    except Exception:  # onnxruntime's errors have no base of their own
        raise VvipeError("not an ONNX model", where=file) from None
    outputs = session.get_outputs()
    kind = _KIND_OF.get(tuple(len(o.shape) for o in outputs))
    if kind is None:
        raise VvipeError(
            "not a model that rtmlib runs", where=file, expected="an RTMO, RTMPose or YOLOX",
            got=", ".join(f"{o.name} {o.shape}" for o in outputs),
        )  # fmt: skip
    size = session.get_inputs()[0].shape[2:]
    fixed = {"model_input_size": tuple(size[::-1] if kind == "RTMPose" else size)}
    on_gpu = "CUDAExecutionProvider" in runtime.get_available_providers()
    with contextlib.redirect_stdout(io.StringIO()):  # it tells of each file that it loads
        tool = getattr(rtmlib, kind)(
            str(file), backend="onnxruntime", device="cuda" if on_gpu else "cpu",
            **(fixed if all(isinstance(s, int) for s in size) else {}),
        )  # fmt: skip
    return kind, tool
