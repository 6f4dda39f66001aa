"""The viewer in a real browser without a window; pictures are kept in `VVIPE_SHOTS`."""

import json

import numpy as np
import pytest
from browser import FLAGS, Tab, chromium, shots_folder

import vvipe
from vvipe.models.inputs import H36M17
from vvipe.viewer.server import Viewer

# Threads of viser may send a last word to a page that has just been closed.
pytestmark = pytest.mark.filterwarnings("ignore:Queued a:UserWarning")


@pytest.fixture(scope="module")
def browser():
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def viewer(shipped, known, film, mocap):
    chromium()
    served = Viewer(shipped, known, [film, mocap], port=8190)
    yield served
    served.stop()


@pytest.fixture
def visit(browser, viewer, tmp_path):
    shots, tabs = shots_folder(tmp_path), []

    def open_tab():
        tabs.append(Tab(browser, viewer, shots))
        return tabs[-1]

    yield open_tab
    for tab in tabs:
        tab.page.close()
        assert tab.problems == []
        outside = [u for u in tab.requests if not u.startswith((viewer.url, "data:", "blob:"))]
        assert outside == []


def test_scrub_play_and_step(visit):
    tab = visit()
    session = tab.visitor.session
    tab.shot("opened")
    drawn = tab.page.locator(".vv-picture").inner_html()
    assert drawn.count("<polygon") > 15
    tab.draw(tab.on_slider(0.02), tab.on_slider(0.5))
    tab.until(lambda: 35 <= session.head.row <= 55 and not session.head.moving, "scrubbed")
    assert np.array_equal(session.query.vector, session.recording.embeddings[session.head.row])
    tab.until(lambda: f"row {session.head.row} of 90" in tab.page.inner_text("body"), "told")
    assert tab.page.locator(".vv-picture").inner_html() != drawn
    row = session.head.row
    tab.key("ArrowRight")
    tab.until(lambda: session.head.row == row + 1, "stepped")
    before = np.array(tab.visitor.client.camera.position)
    tab.key("Shift+ArrowLeft")
    tab.until(lambda: session.head.row == row - 9, "ten back")
    assert np.allclose(tab.visitor.client.camera.position, before)  # arrows are for time alone
    tab.key("Space")
    tab.until(lambda: session.head.playing and session.head.row > row, "played")
    tab.key("Space")
    tab.until(lambda: not session.head.playing, "paused")


def test_drag_a_joint_and_see_other_matches(visit):
    tab = visit()
    session, stage = tab.visitor.session, tab.visitor.stage
    before = [m.hit.id for m in session.matches]
    tab.key("j")
    tab.until(lambda: tab.visitor.query_panel.dragging.value, "handles")
    tab.page.wait_for_timeout(500)
    wrist = stage.body[H36M17.index("right_wrist")]
    x, y = tab.on_screen(wrist)
    tab.draw((x, y), (x - 60, y - 150))
    tab.until(lambda: session.edited, "edited")
    tab.until(lambda: [m.hit.id for m in session.matches] != before, "other matches")
    tab.shot("dragged")
    assert stage.body[H36M17.index("right_wrist"), 2] > wrist[2] + 0.1
    assert "drawn by hand" in tab.page.inner_text("body")
    tab.key("u")
    tab.until(lambda: not session.edited, "undone")
    tab.until(lambda: [m.hit.id for m in session.matches] == before, "matches as before")


def test_matches_open_beside_over_and_all(visit):
    tab = visit()
    visitor = tab.visitor
    tab.page.locator(".vv-card").nth(2).click()
    tab.until(lambda: visitor.matches.opened == 2, "opened by its picture")
    tab.key("4")
    tab.until(lambda: visitor.matches.opened == 3, "opened by a key")
    tab.until(lambda: tab.page.locator(".vv-card.open").count() == 1, "marked")
    tab.key("v")
    tab.until(lambda: visitor.matches.arrangement == "Overlaid", "over")
    tab.shot("overlaid")
    tab.button("All")
    tab.until(lambda: visitor.matches.arrangement == "All", "all")
    tab.shot("all")
    third = visitor.stage.others[2]
    tab.page.mouse.click(*tab.on_screen(third[H36M17.index("spine")]))
    tab.until(lambda: visitor.matches.opened == 2 and visitor.matches.arrangement == "Beside",
              "opened on the stage")  # fmt: skip
    vector = visitor.matches.match.vector
    tab.key("n")
    tab.until(lambda: np.array_equal(visitor.session.query.vector, vector), "is the query")


def test_the_space(visit):
    tab = visit()
    visitor, session = tab.visitor, tab.visitor.session
    tab.tab("Space")
    tab.key("m")
    tab.until(lambda: visitor.showing is visitor.map.shown, "map")
    tab.page.wait_for_timeout(500)
    tab.shot("map")
    space = visitor.map.shown.space
    far = np.argsort(-np.linalg.norm(space.plane, axis=1))
    point = next(i for i in far if i not in space.keys)
    place = tab.on_screen(np.array([*space.plane[point], 0.02]))
    assert 340 < place[0] < 1020  # all of the map lies between the panels
    tab.page.mouse.click(*place)
    tab.until(lambda: session.edited, "a point was picked")
    picked = np.linalg.norm(space.vectors - session.query.vector, axis=1).argmin()
    assert np.linalg.norm(space.plane[picked] - space.plane[point]) < 0.16
    before = session.directions.coordinates(session.query.vector)
    tab.page.mouse.click(*tab.on_slider(0.15, right=True))
    tab.until(lambda: session.query.title == "steered", "steered")
    after = session.directions.coordinates(session.query.vector)
    assert np.flatnonzero(np.abs(after - before) > 0.1).tolist() == [0]
    assert after[0] == pytest.approx(-2.1, abs=0.3)
    tab.button("A")
    tab.key("ArrowRight")
    tab.until(lambda: not session.edited, "a row again")
    tab.button("B")
    tab.until(lambda: len(visitor.stage.others) == 7, "a path")
    tab.shot("path")
    tab.button("New variants")
    tab.until(lambda: len(visitor.stage.others) == 6, "variants")
    tab.shot("variants")
    tab.page.mouse.click(*tab.on_screen(visitor.stage.others[1][H36M17.index("spine")]))
    tab.until(lambda: session.query.title == "a variant", "a variant was picked")


def test_motions_are_found_and_compared(visit):
    tab = visit()
    visitor = tab.visitor
    tab.tab("Motion")
    tab.button("Find this passage")
    tab.until(lambda: visitor.motions.hits and visitor.session.head.playing, "passages")
    tab.until(lambda: len(visitor.stage.others) == 1, "plays beside")
    tab.shot("passage")
    tab.button("Align and compare")
    tab.until(lambda: "aligned" in tab.page.inner_text("body"), "compared")
    tab.until(lambda: " mm" in tab.page.inner_text("body"), "joints")
    tab.shot("compared")


def downloaded(tab, button):
    with tab.page.expect_download(timeout=60_000) as waiting:
        tab.button(button)
    return waiting.value.path()


def test_what_is_shown_is_exported(visit, tmp_path):
    tab = visit()
    session = tab.visitor.session
    tab.tab("Export")
    tab.shot("export")
    assert downloaded(tab, "Stage as PNG").read_bytes().startswith(b"\x89PNG")
    assert downloaded(tab, "Matches as a sheet").stat().st_size > 5000
    hits = json.loads(downloaded(tab, "Matches as JSON").read_text())["hits"]
    assert [hit["id"] for hit in hits] == [m.hit.id for m in session.matches]
    path = tmp_path / "bodies.bvh"
    path.write_bytes(downloaded(tab, "Bodies as BVH").read_bytes())
    assert len(vvipe.read(path)) == len(session.recording)


def test_a_broken_file_is_told_in_the_page_and_a_good_one_opens(visit, tmp_path):
    tab = visit()
    bad, good = tmp_path / "bad.npz", tmp_path / "good.npz"
    bad.write_bytes(b"PK\x03\x04 no zip")
    np.savez(good, keypoints=tab.visitor.session.recording.poses.coords[:20], skeleton="coco17")
    files = tab.page.locator("input[type=file]")
    files.set_input_files(bad)
    tab.until(lambda: "That did not work" in tab.page.inner_text("body"), "told")
    assert str(tmp_path) not in tab.page.inner_text("body")
    tab.shot("told")
    files.set_input_files(good)
    tab.until(lambda: tab.visitor.session.recording.name == "good", "opened")


def test_two_visitors_do_not_meet(visit):
    first, second = visit(), visit()
    first.key("ArrowRight")
    first.until(lambda: first.visitor.session.head.row == 1, "stepped")
    assert second.visitor.session.head.row == 0
    first.key("v")
    first.until(lambda: first.visitor.matches.arrangement == "Overlaid", "overlaid")
    assert second.visitor.matches.arrangement == "Beside"
    assert "row 0 of 90" in second.page.inner_text("body")
