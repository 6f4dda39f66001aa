"""How many requests are worked on at once, how long, and what is counted."""

import asyncio
import re
import threading

import httpx
import pytest
from bodies import filmed

from vvipe.service import answers, requests
from vvipe.service.engine import Engine
from vvipe.service.examples import EMBED
from vvipe.service.limits import Limits


class Held:
    """A stand-in for the engine's `embed` that waits until it is let go."""

    def __init__(self):
        self.go, self.begun = threading.Event(), threading.Semaphore(0)

    def __call__(self):
        self.begun.release()
        assert self.go.wait(20)
        return answers.EmbedReply(embeddings=[], variance=[], frame=[], source="", model="", dim=1)


@pytest.fixture
def held(monkeypatch):
    held = Held()

    def embed(self, request: requests.EmbedRequest) -> answers.EmbedReply:
        return held()

    monkeypatch.setattr(Engine, "embed", embed)
    yield held
    held.go.set()


def together(app, talk):
    """Runs `talk(client)` in one event loop."""

    async def run():
        transport = httpx.ASGITransport(app)
        client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
        async with asyncio.timeout(60), client:
            return await talk(client)

    return asyncio.run(run())


def test_more_than_may_wait_are_told_to_come_again(served, held):
    async def talk(client):
        first = [asyncio.create_task(client.post("/embed", json=EMBED)) for _ in range(3)]
        await asyncio.to_thread(held.begun.acquire)
        while not (await client.get("/metrics")).text.count("vvipe_requests_inside 3.0"):
            await asyncio.sleep(0)
        alive, ready = await client.get("/health"), await client.get("/health/ready")
        assert (alive.status_code, alive.json()["ready"], ready.status_code) == (200, False, 503)
        refused = await client.post("/embed", json=EMBED)
        assert refused.status_code == 503 and int(refused.headers["Retry-After"]) > 0
        assert refused.json() == {"detail": "too many requests at once; come again"}
        held.go.set()
        return [answer.status_code for answer in await asyncio.gather(*first)]

    app = served(limits=Limits(threads=1, waiting=2))
    assert together(app, talk) == [200, 200, 200]

    async def again(client):
        return (await client.post("/embed", json=EMBED)).status_code

    assert together(app, again) == 200


def test_what_takes_too_long_is_given_up_but_keeps_its_place(served, held):
    async def talk(client):
        slow = await client.post("/embed", json=EMBED)
        assert slow.status_code == 503 and "took longer than 0.05 s" in slow.json()["detail"]
        assert (await client.post("/embed", json=EMBED)).json()["detail"].startswith("too many")
        held.go.set()
        while not (await client.get("/health")).json()["ready"]:
            await asyncio.sleep(0)

    together(served(limits=Limits(threads=1, waiting=0, seconds=0.05)), talk)


def test_a_body_that_does_not_come(served):
    async def body():
        yield b"{"
        await asyncio.sleep(60)

    async def talk(client):
        head = {"Content-Type": "application/json"}
        answer = await client.post("/embed", content=body(), headers=head)
        assert (answer.status_code, answer.json()["detail"]) == (
            408,
            "the body did not come in time",
        )

    together(served(limits=Limits(threads=1, seconds=0.05)), talk)


def test_answers_do_not_change_with_what_else_is_asked(served, model):
    films = [filmed(frames=1 + n % 3, seed=n) for n in range(12)]
    bodies = [
        {"poses": {"keypoints": f.keypoints.astype(float).tolist(), "skeleton": "coco17"}}
        for f in films
    ]

    async def talk(client):
        return await asyncio.gather(*(client.post("/embed", json=body) for body in bodies))

    found = together(served(limits=Limits(threads=4)), talk)
    for answer, poses in zip(found, films, strict=True):
        assert answer.json()["embeddings"] == model.embed(poses).vectors.tolist()


def test_metrics(http):
    for body in (EMBED, EMBED, {}):
        http.post("/embed", json=body)
    http.get("/secret/path"), http.get("/libraries/other")
    text = http.get("/metrics").text
    for line in (
        'vvipe_requests_total{route="/embed",status="200"} 2.0',
        'vvipe_requests_total{route="/embed",status="422"} 1.0',
        'vvipe_requests_total{route="other",status="404"} 1.0',
        'vvipe_requests_total{route="/libraries/{name}",status="404"} 1.0',
        'vvipe_request_seconds_count{route="/embed"} 3.0',
        'vvipe_poses_total{route="/embed"} 2.0',
        "vvipe_requests_inside 0.0",
    ):
        assert line in text.splitlines()
    assert "secret" not in text and re.search(r"^process_resident_memory_bytes \d", text, re.M)


@pytest.mark.parametrize("about", [{"poses": 0}, {"seconds": 0}, {"threads": -1}, {"waiting": -1}])
def test_limits_that_are_none(about):
    with pytest.raises(ValueError, match="not a limit"):
        Limits(**about)
