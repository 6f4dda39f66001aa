"""The list of keys, as the page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vvipe.viewer.page.visitor import Visitor

HELP = (
    ("Space", "play, pause"), ("← →", "one row back, on; with Shift ten"), ("J", "drag joints"),
    ("U", "undo"), ("R", "reset the pose"), ("1 … 9", "open a match"),
    ("V", "beside, overlaid, all"), ("N", "the opened match is the query"),
    ("F", "find this passage"), ("M", "the map"), ("C", "camera back"), ("H", "this list"),
)  # fmt: skip


def tell(visitor: Visitor) -> None:
    """Lists the keys."""
    rows = "".join(f"<tr><td><kbd>{keys}</kbd></td><td>{what}</td></tr>" for keys, what in HELP)
    gui = visitor.client.gui
    modal = gui.add_modal("Keys")
    with modal:
        gui.add_html(f'<div class="vv"><table class="vv-table">{rows}</table></div>')
        gui.add_button("Close").on_click(lambda _: modal.close())
