"""Looks and keys of the page beyond what viser gives: a fragment of HTML, nothing from outside."""

from __future__ import annotations

from vvipe.view.palette import FAINT_INK, HIT, INK, LEFT, LINE, PANEL, SOFT_INK

CSS = f"""
.vv {{ padding: 0 0.65rem 0.5rem; font-size: 0.8rem; color: {SOFT_INK}; line-height: 1.35; }}
.vv b {{ color: {INK}; font-weight: 600; }}
.vv-picture {{ margin: 0 0.65rem 0.4rem; background: {PANEL}; border-radius: 8px; height: 264px;
  display: flex; justify-content: center; }}
.vv-picture svg {{ height: 100%; max-width: 100%; }}
.vv-over {{ position: relative; height: 0; }}
.vv-over svg {{ position: absolute; left: 0.65rem; bottom: 0.5rem; width: calc(100% - 1.3rem);
  max-height: 264px; pointer-events: none; }}
img[src^="blob:"] {{ max-height: 264px; margin: 0 auto; border-radius: 8px; }}
.vv-cards {{ display: grid; grid-template-columns: repeat(4, 1fr); gap: 6px;
  padding: 0 0.65rem 0.5rem; }}
.vv-cards.wide {{ grid-template-columns: repeat(2, 1fr); }}
.vv-card {{ border: 1px solid {LINE}; border-radius: 8px; background: #fff; padding: 3px 2px 4px;
  cursor: pointer; font: inherit; font-size: 0.66rem; line-height: 1.25; color: {SOFT_INK};
  overflow: hidden; min-width: 0; }}
.vv-card svg {{ display: block; width: 100%; background: {PANEL}; border-radius: 6px; }}
.vv-card:hover, .vv-card:focus-visible {{ border-color: {LEFT}; outline: none; }}
.vv-card.open {{ border-color: {HIT}; box-shadow: 0 0 0 1px {HIT}; }}
.vv-card span {{ display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }}
.vv-card .d {{ color: {INK}; font-weight: 600; }}
.vv-table {{ width: 100%; border-collapse: collapse; }}
.vv-table td {{ padding: 1px 0; }} .vv-table td + td {{ text-align: right; color: {INK}; }}
.vv kbd {{ border: 1px solid {LINE}; border-bottom-width: 2px; border-radius: 4px; color: {INK};
  padding: 0 0.35em; font: inherit; font-size: 0.95em; background: {PANEL}; }}
.vv-faint {{ color: {FAINT_INK}; }}
"""

# Arrow keys step through time: they must not reach viser's camera, which listens on the document.
# A space on a focused button would both press it and play.
SCRIPT = """
if (!window.vvipe) {
  document.title = 'vvipe';
  window.vvipe = {
    press: (key, modifiers) => document.documentElement.dispatchEvent(new KeyboardEvent(
      'keydown', {key, code: 'Digit' + key, bubbles: true, ...modifiers})),
  };
  const root = document.documentElement;
  root.addEventListener('keydown', e => { if (/^Arrow/.test(e.code)) e.stopPropagation(); });
  root.addEventListener('keyup', e => {
    if (e.code === 'Space' && e.target.tagName === 'BUTTON') e.preventDefault(); });
}
"""


def head() -> str:
    """What makes the page look and listen as it should; goes in once."""
    script = SCRIPT.replace("&", "&amp;").replace('"', "&quot;").replace("\n", " ")
    empty = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
    return f'<style>{CSS}</style><img src="{empty}" onload="{script}" style="display:none">'


def card(picture: str, lines: tuple[str, str], key: str, opened: bool, shift: str = "") -> str:
    """A picture that opens something: a button that presses a key."""
    press = f"vvipe.press('{key}', {{{shift}}})"
    first, second = lines
    return (
        f'<button class="vv-card{" open" if opened else ""}" onclick="{press}" title="{first}">'
        f'{picture}<span>{first}</span><span class="d">{second}</span></button>'
    )
