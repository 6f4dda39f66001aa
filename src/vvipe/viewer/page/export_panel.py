"""The tab of exports: what is shown, as files in the browser's downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vvipe.viewer import exports

if TYPE_CHECKING:
    from vvipe.viewer.page.visitor import Visitor

PICTURES = {
    "Stage as PNG": "stage.png", "Matches as a sheet": "matches.png",
    "Recording as a sheet": "recording.png",
}  # fmt: skip
DATA = {
    "Bodies as npz": "bodies.npz", "Bodies as BVH": "bodies.bvh", "Query as npz": "query.npz",
    "Matches as CSV": "matches.csv", "Matches as JSON": "matches.json",
    "Passages as JSON": "passages.json",
}  # fmt: skip


class ExportPanel:
    """Builds the tab in the container that is open."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor, gui = visitor, visitor.client.gui
        for title, kinds in (("Pictures", PICTURES), ("Data", DATA)):
            with gui.add_folder(title):
                for label, name in kinds.items():
                    button = gui.add_button(label)
                    button.on_click(lambda _, name=name: self._export(name))

    def _export(self, name: str) -> None:
        visitor = self._visitor
        session = visitor.session
        makers = {
            "stage.png": lambda: exports.png(self._stage()),
            "matches.png": lambda: exports.matches_sheet(session),
            "recording.png": lambda: exports.recording_sheet(session),
            "bodies.npz": lambda: exports.bodies(visitor.placed_bodies(), session, ".npz"),
            "bodies.bvh": lambda: exports.bodies(visitor.placed_bodies(), session, ".bvh"),
            "query.npz": lambda: exports.query(session),
            "matches.csv": lambda: exports.matches_csv(session.matches),
            "matches.json": lambda: exports.matches_json(session.matches),
            "passages.json": lambda: exports.passages_json(visitor.motions.hits),
        }
        visitor.jobs.away(f"export {name}", makers[name], lambda made: self._send(name, made))

    def _stage(self) -> np.ndarray:
        """The stage as the visitor sees it."""
        camera = self._visitor.client.camera
        return self._visitor.client.get_render(
            camera.image_height, camera.image_width, transport_format="png", timeout=30.0
        )

    def _send(self, name: str, content: bytes) -> None:
        self._visitor.client.send_file_download(name, content, save_immediately=True)
