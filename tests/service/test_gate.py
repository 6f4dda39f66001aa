"""Who may call the service."""

import pytest
from inside import caller

from vvipe.service.gate import is_loopback

TOKEN = "a-token-of-some-length"


@pytest.mark.parametrize(
    ("host", "may"),
    [
        ("127.0.0.1", True), ("127.0.0.1:8000", True), ("localhost:8000", True), ("[::1]", True),
        ("[::1]:8000", True), ("LOCALHOST", True), ("evil.example", False), ("", False),
        ("127.0.0.1.evil.example", False), ("localhost.evil.example:8000", False),
        ("10.0.0.1", False), ("127.0.0.1:x", False), ("[::1", False),
    ],
)  # fmt: skip
def test_a_page_of_another_name_does_not_get_in(http, host, may):
    answer = http.get("/health", headers={"Host": host})
    assert answer.status_code == (200 if may else 400)
    assert may or answer.json() == {"detail": "the Host header names another host"}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (None, 401), ("", 401), (TOKEN, 401), (f"Basic {TOKEN}", 401), (f"Bearer {TOKEN}x", 401),
        (f"Bearer {TOKEN[:-1]}", 401), ("Bearer", 401), (f"Bearer {TOKEN}", 200),
        (f"bearer  {TOKEN}", 200),
    ],
)  # fmt: skip
def test_token(served, said, status):
    with caller(served(host="0.0.0.0", token=TOKEN), "http://poses.example") as http:
        answer = http.get("/model", headers={} if said is None else {"Authorization": said})
        assert answer.status_code == status
        if status == 401:
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert "Authorization: Bearer" in answer.json()["detail"]


def test_what_needs_no_token(served):
    with caller(served(token=TOKEN)) as http:
        paths = [path for path in http.get("/openapi.json").json()["paths"] if "{" not in path]
        free = {p for p in paths if http.request("GET", p).status_code != 401}
        assert free == {"/health", "/health/ready"} and len(paths) > 10
        assert http.get("/docs").is_success
        assert "HTTPBearer" in http.get("/openapi.json").text


def test_pages_of_other_origins_are_let_in_only_if_named(served):
    asking = {
        "Origin": "https://poses.example", "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }  # fmt: skip
    with caller(served()) as http:
        assert not http.options("/embed", headers=asking).is_success
        assert "access-control-allow-origin" not in http.get("/health", headers=asking).headers
    with caller(served(origins=["https://poses.example"], token=TOKEN)) as http:
        answer = http.options("/embed", headers=asking)
        assert answer.headers["access-control-allow-origin"] == "https://poses.example"
        other = http.options("/embed", headers=asking | {"Origin": "https://evil.example"})
        assert not other.is_success


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("192.168.0.2", False), ("moves.example", False)],
)  # fmt: skip
def test_loopback(host, loopback):
    assert is_loopback(host) is loopback
