"""Keys of the page, which are commands of viser too (Ctrl+K lists them)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from vvipe.viewer.page.help import tell
from vvipe.viewer.page.matches_panel import MOST

if TYPE_CHECKING:
    from vvipe.viewer.page.visitor import Visitor


def bind(visitor: Visitor) -> None:
    """Binds all keys of a visitor's page."""
    commands: list[tuple[str, str, str | None, Callable[[], object]]] = [
        ("Play or pause", "space", None, visitor.toggle),
        ("Next row", "arrowright", None, lambda: visitor.step(1)),
        ("Row before", "arrowleft", None, lambda: visitor.step(-1)),
        ("Ten rows on", "arrowright", "shift", lambda: visitor.step(10)),
        ("Ten rows back", "arrowleft", "shift", lambda: visitor.step(-10)),
        ("Drag joints, or stop", "J", None, visitor.toggle_handles),
        ("Undo", "U", None, visitor.undo),
        ("Undo, as elsewhere", "Z", "cmd/ctrl", visitor.undo),
        ("Reset the pose", "R", None, visitor.reset),
        ("Beside, overlaid, all", "V", None, visitor.arrange_next),
        ("Use the opened match as query", "N", None, visitor.use_opened),
        ("Find this passage", "F", None, visitor.motions.find),
        ("Map of the space", "M", None, visitor.map.toggle),
        ("Camera back", "C", None, visitor.look_again),
        ("Keys", "H", None, lambda: tell(visitor)),
    ]
    for i in range(MOST):
        digit, modifier = str((i + 1) % 10), "shift" if i >= 10 else None
        commands.append((f"Open match {i + 1}", digit, modifier, lambda i=i: visitor.opens(i)))
    for i in range(10):
        digit = str((i + 1) % 10)
        opens = (f"Open passage {i + 1}", digit, "alt+shift", lambda i=i: visitor.motions.play(i))
        commands.append(opens)
    gui: Any = visitor.client.gui
    for label, key, modifier, action in commands:
        command = gui.add_command(label, hotkey=key, modifier=modifier)
        command.on_trigger(
            lambda _, label=label, action=action: visitor.jobs.post(f"key {label}", action)
        )
