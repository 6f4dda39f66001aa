"""The documentation page: complete, and without a word to anybody else."""

import re
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def test_every_request_and_object_is_told(http):
    openapi, text = http.get("/openapi.json").json(), http.get("/docs").text
    for path, methods in openapi["paths"].items():
        for operation in methods.values():
            assert f"<code>{path}</code>" in text and operation["summary"] in text
    links = set(re.findall(r'href="#([\w-]+)"', text))
    assert (
        {"Poses", "Embedded", "Where", "PoseHit"} < links <= set(re.findall(r'id="([\w-]+)"', text))
    )
    assert "ValidationError" not in text


def test_nothing_comes_from_elsewhere(http):
    page = http.get("/docs")
    assert not re.findall(r"(?:src|href)=\"(?!#|openapi\.json)", page.text)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_the_examples_can_be_sent_as_they_stand(http):
    openapi = http.get("/openapi.json").json()
    schemas, sent = openapi["components"]["schemas"], 0
    for path, methods in openapi["paths"].items():
        body = methods.get("post", {}).get("requestBody", {}).get("content", {})
        if schema := body.get("application/json", {}).get("schema"):
            (example,) = schemas[schema["$ref"].rpartition("/")[2]]["examples"]
            assert http.post(path, json=example).status_code == 200, path
            sent += 1
    assert sent == 7


def test_start(http):
    assert http.get("/").headers["location"] == "/docs"


@pytest.mark.skipif(not CHROMIUM, reason="no chromium")
def test_a_browser_shows_it_and_sends_a_request(running, tmp_path):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{running}/docs")
        trial = page.locator("#post-search .trial")
        trial.locator("summary").click()
        trial.locator(".send").click()
        answer = trial.locator("pre")
        answer.wait_for()
        assert answer.inner_text().startswith("200") and '"hits"' in answer.inner_text()
        page.screenshot(path=tmp_path / "docs.png")
        browser.close()
    assert asked == [f"{running}/docs", f"{running}/search"] and not said
