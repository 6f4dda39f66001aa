"""Figures at the width of a page's column: what was drawn is all there, and can be read."""

import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from vvipe.view.figures import interpolation_figure, lifting_figure, retrieval_figure
from vvipe.view.page import at_width
from vvipe.view.save import picture_bytes, save_figure


def drawn(person, film):
    bodies, keypoints = person("h36m17"), film("coco17")
    three = np.repeat(bodies.coords[None], 4, 0)
    two = np.repeat(keypoints.coords[None], 4, 0)
    many, seen = (replace(p, coords=c, frame=None) for p, c in ((bodies, three), (keypoints, two)))
    yield interpolation_figure(many)
    yield lifting_figure(seen, many, many)
    found = replace(keypoints, coords=np.repeat(two[:, None], 3, 1), frame=None)
    yield retrieval_figure(seen, found, np.ones((4, 3)), errors_mm=np.full((4, 3), 123.4))


def written(figure: Figure) -> list[Text]:
    return [t for t in figure.findobj(Text) if t.get_text() and t.get_visible()]


@pytest.mark.parametrize("width_mm", [85, 170])
def test_letters_stay_readable_and_apart(person, film, width_mm):
    for figure in drawn(person, film):
        at_width(figure, width_mm)
        assert figure.get_figwidth() == pytest.approx(width_mm / 25.4)
        renderer = FigureCanvasAgg(figure).get_renderer()
        boxes = [t.get_window_extent(renderer) for t in figure.texts]
        assert all(6 <= t.get_fontsize() <= 15 for t in written(figure))
        width, height = figure.get_size_inches() * figure.dpi
        for i, a in enumerate(boxes):
            assert a.x0 >= -1 and a.x1 <= width + 1 and a.y0 >= -1 and a.y1 <= height + 1
            for b in boxes[:i]:
                assert not (a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1)


def test_a_wider_page_makes_letters_no_larger(person, film):
    figure = next(drawn(person, film))
    before = [t.get_fontsize() for t in figure.texts]
    at_width(figure, 500)
    assert [t.get_fontsize() for t in figure.texts] == before


def test_a_page_of_a_plain_chart():
    figure = Figure(figsize=(10, 4))
    axes = figure.add_subplot()
    (line,) = axes.plot([0, 1], lw=2.0)
    axes.set_title("title", size=9)
    at_width(figure, 127)
    assert figure.get_figwidth() == pytest.approx(5)
    assert line.get_linewidth() == 1.0 and axes.title.get_fontsize() == 6


def chart() -> Figure:
    figure = Figure(figsize=(2, 2))
    axes = figure.add_subplot()
    axes.plot([0, 1], [1, 0])
    axes.set_title("A title", family="DejaVu Sans")
    return figure


def test_pdf_has_its_letters_inside_and_no_date(tmp_path):
    content = save_figure(chart(), tmp_path / "a.pdf").read_bytes()
    assert content.startswith(b"%PDF") and b"/FontFile2" in content
    assert not re.search(rb"/Type3|/CreationDate|/Producer", content)


def test_svg_needs_no_fonts_and_tells_no_date(tmp_path):
    content = save_figure(chart(), tmp_path / "a.SVG").read_text()
    assert "<svg" in content and "<text" not in content and "<dc:date>" not in content


@pytest.mark.parametrize("kind", ["png", "pdf", "svg"])
def test_the_same_figure_gives_the_same_bytes_as_any_kind(kind):
    assert picture_bytes(chart(), kind) == picture_bytes(chart(), kind)


def test_width_and_resolution_of_a_page(tmp_path):
    from matplotlib.image import imread

    assert imread(save_figure(chart(), tmp_path / "a.png", width_mm=25.4)).shape[1] == 300
