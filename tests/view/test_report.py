import base64
import io
import re
from html.parser import HTMLParser

import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from vvipe.errors import VvipeError
from vvipe.view.report import Picture, Section, Table, report_html, write_report
from vvipe.view.save import picture_bytes

EVIL = "<script>alert(\"x\")</script> & 'y'"


class Page(HTMLParser):
    """Collects tags with their attributes, and text by tag; checks that tags nest."""

    VOID = ("meta", "img", "br", "link")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip():
            self.texts.append((self.open[-1], data))

    def of(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]


def figure() -> Figure:
    fig = Figure(figsize=(1, 1))
    fig.add_subplot().plot([0, 1])
    return fig


def sections() -> list[Section]:
    table = Table(
        ("model", "hit@1", "n"),
        [("V-VIPE", 92.345, 3), ("2D", float("nan"), None)],
        caption="Two `models`",
        best=[0],
    )
    pictures = (Picture(figure(), 'A "pose"'), Picture(picture_bytes(figure()), alt="raw"))
    return [
        Section("Tables", "One.\n\nTwo `a<b`.", [table]),
        Section("Pictures", "", pictures),
        Section("End"),
    ]


def test_everything_is_inside_the_file():
    text = report_html("Report", sections(), "Summary")
    for tag, attributes in Page(text).tags:
        assert tag not in ("script", "link", "iframe", "object", "base")
        for name in ("src", "href", "srcset", "data", "poster", "action"):
            target = attributes.get(name) or "#"
            assert target.startswith(("data:image/png;base64,", "#")), target
        assert not any(name.startswith("on") for name in attributes)
    without_pictures = re.sub(r"base64,[^\"]+", "", text)
    assert not re.search(r"https?:|//|url\(|@import", without_pictures)


def test_pictures_are_whole():
    page = Page(report_html("Report", sections()))
    images = [attributes for tag, attributes in page.tags if tag == "img"]
    assert [i["alt"] for i in images] == ['A "pose"', "raw"]
    assert [i.get("class") for i in images] == ["drawn", None]
    for image in images:
        png = base64.b64decode(image["src"].split(",")[1], validate=True)
        assert imread(io.BytesIO(png)).shape[:2] == (160, 160)


def test_tables_hold_their_cells():
    page = Page(report_html("Report", sections()))
    assert page.of("th") == ["model", "hit@1", "n"]
    assert page.of("td") == ["V-VIPE", "92.3", "3", "2D", "–", "–"]
    classes = [a.get("class") for tag, a in page.tags if tag in ("tr", "td")]
    assert classes == [None, "best", None, "number", "number", None, None, "number", "number"]


def test_text_is_escaped_wherever_it_stands():
    table = Table((EVIL, "b"), [(EVIL, 1)], caption=EVIL)
    evil = Section(EVIL, EVIL, [table, Picture(figure(), EVIL, EVIL), Picture(figure(), EVIL)])
    text = report_html(EVIL, [evil] * 3, EVIL)
    page = Page(text)
    assert "<script" not in text
    assert all(tag != "script" for tag, _ in page.tags)
    for tag in ("title", "h1", "h2", "p", "th", "td", "figcaption", "a"):
        assert set(page.of(tag)) >= {EVIL}, tag
    assert {a["alt"] for tag, a in page.tags if tag == "img"} == {EVIL}


def test_paragraphs_and_code():
    page = Page(report_html("Report", sections(), "First.\n \nSecond."))
    assert page.of("p") == ["First.", "Second.", "One.", "Two ", "."]
    assert page.of("code") == ["a<b", "models"]


def test_contents_lead_to_the_sections():
    page = Page(report_html("Report", sections()))
    ids = {a["id"] for tag, a in page.tags if tag == "section"}
    assert [a["href"] for tag, a in page.tags if tag == "a"] == ["#s0", "#s1", "#s2"]
    assert ids == {"s0", "s1", "s2"}
    assert not Page(report_html("Short", sections()[:2])).of("a")


def test_the_page_is_for_light_and_dark_and_for_small_screens():
    text = report_html("Report", [])
    assert "prefers-color-scheme: dark" in text and "width=device-width" in text


def test_writing(tmp_path):
    path = write_report(tmp_path / "out" / "report.html", "Grüße", sections())
    assert path.read_text(encoding="utf-8") == report_html("Grüße", sections())
    assert list(path.parent.iterdir()) == [path]
    with pytest.raises(VvipeError, match="cannot be written"):
        write_report(path / "below.html", "Report", [])
