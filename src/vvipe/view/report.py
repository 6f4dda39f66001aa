"""One self-contained HTML page: headings, text, tables and pictures; no script, no network."""

from __future__ import annotations

import base64
import html
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from vvipe.view.report_style import CSS
from vvipe.view.save import picture_bytes, write_atomically

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """A table: numbers to the right, text to the left.

    Attributes:
        header: Names of the columns.
        rows: Cells; a float is written with `decimals`, None as a dash.
        caption: What it shows.
        best: Rows to print bold, by index.
        decimals: Digits after the point.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    best: Sequence[int] = ()
    decimals: int = 1


@dataclass(frozen=True)
class Picture:
    """A figure of this package, or PNG bytes, with its caption.

    Attributes:
        image: What to show; a `Figure` turns dark where the reader's page is dark.
        caption: Beneath it.
        alt: For who cannot see it; the caption if empty.
    """

    image: Figure | bytes
    caption: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Section:
    """One section of a report.

    Attributes:
        heading: Its title.
        text: Paragraphs, parted by empty lines; `code` between backticks.
        blocks: Tables and pictures, in order.
    """

    heading: str
    text: str = ""
    blocks: Sequence[Table | Picture] = ()


def write_report(
    path: str | os.PathLike[str], title: str, sections: Sequence[Section], summary: str = ""
) -> Path:
    """Writes the page, atomically; all text is escaped and every picture is inside the file.

    Args:
        path: The HTML file; missing folders are made.
        title: Of the page.
        sections: In order.
        summary: Paragraphs beneath the title.

    Raises:
        VvipeError: The file cannot be written.
    """
    return write_atomically(path, report_html(title, sections, summary).encode())


def report_html(title: str, sections: Sequence[Section], summary: str = "") -> str:
    """The page as text; see `write_report`."""
    links = "".join(f'<a href="#s{i}">{html.escape(s.heading)}</a>' for i, s in enumerate(sections))
    contents = f"<nav>{links}</nav>\n" if len(sections) > 2 else ""
    body = "\n".join(_section(i, s) for i, s in enumerate(sections))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{CSS}</style>\n</head>\n<body>\n<main>\n"
        f"<header>\n<h1>{html.escape(title)}</h1>\n{_paragraphs(summary)}{contents}</header>\n"
        f"{body}\n</main>\n</body>\n</html>\n"
    )


def _section(index: int, section: Section) -> str:
    blocks = "".join(
        _table(block) if isinstance(block, Table) else _picture(block) for block in section.blocks
    )
    content = f"<h2>{html.escape(section.heading)}</h2>\n{_paragraphs(section.text)}{blocks}"
    return f'<section id="s{index}">\n{content}</section>'


def _paragraphs(text: str) -> str:
    paragraphs = [p.strip() for p in re.split(r"\n\s*\n", text) if p.strip()]
    return "".join(f"<p>{_inline(p)}</p>\n" for p in paragraphs)


def _inline(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _table(table: Table) -> str:
    numeric = [
        all(not isinstance(row[i], str) for row in table.rows) for i in range(len(table.header))
    ]
    sides = ["number" if n else "" for n in numeric]
    names = zip(table.header, sides, strict=True)
    head = "".join(_tag("th", _inline(name), side) for name, side in names)
    rows = "".join(
        _tag(
            "tr",
            "".join(
                _tag("td", _inline(_text(cell, table.decimals)), side)
                for cell, side in zip(row, sides, strict=True)
            ),
            "best" if index in table.best else "",
        )
        + "\n"
        for index, row in enumerate(table.rows)
    )
    body = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>"
    return _figure(_tag("div", f"<table>\n{body}\n</table>", "scroll"), table.caption)


def _text(cell: Cell, decimals: int) -> str:
    if cell is None or cell != cell:  # NaN is the only value that differs from itself
        return "–"
    return f"{cell:.{decimals}f}" if isinstance(cell, float) else str(cell)


def _picture(picture: Picture) -> str:
    image = picture.image
    drawn = ' class="drawn"' if isinstance(image, Figure) else ""
    png = picture_bytes(image) if isinstance(image, Figure) else image
    data = base64.b64encode(png).decode()
    alt = html.escape(picture.alt or picture.caption, quote=True)
    return _figure(f'<img{drawn} alt="{alt}" src="data:image/png;base64,{data}">', picture.caption)


def _figure(content: str, caption: str) -> str:
    below = f"<figcaption>{_inline(caption)}</figcaption>\n" if caption else ""
    return f"<figure>\n{content}\n{below}</figure>\n"


def _tag(name: str, content: str, css_class: str = "") -> str:
    attribute = f' class="{css_class}"' if css_class else ""
    return f"<{name}{attribute}>{content}</{name}>"
