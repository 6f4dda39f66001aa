"""Takes requests in within limits, and has them worked on in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, get_type_hints

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from vvipe.service.answers import Reply
from vvipe.service.body import Body
from vvipe.service.limits import Limits
from vvipe.service.metrics import Metrics
from vvipe.service.refusals import RefusedError

T = TypeVar("T")
AGAIN = {"Retry-After": "1"}


class Desk:
    """So many requests at once, so many that wait, and no more.

    Args:
        limits: How many, how large, how long.
        metrics: Where the poses of requests are counted.
    """

    def __init__(self, limits: Limits, metrics: Metrics) -> None:
        self.limits, self._metrics = limits, metrics
        self._threads = ThreadPoolExecutor(limits.threads, "vvipe")
        self._inside = 0
        metrics.show("vvipe_requests_inside", "Worked on or waiting.", lambda: self._inside)

    @property
    def has_room(self) -> bool:
        """Whether another request would be taken in."""
        return self._inside < self.limits.threads + self.limits.waiting

    def close(self) -> None:
        """Lets go of what waits; what is worked on comes to its end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def work(self, request: Request, kind: type[Body], work: Callable[[Any], Reply]) -> bytes:
        """Reads a JSON request, parses it and answers it in a thread.

        Raises:
            RefusedError: Too large, too slow, too many at once, or no JSON.
            VvipeError: What the work raises.
        """
        route: str = request.scope["route"].path

        def parsed_and_done(body: bytes) -> bytes:
            asked = kind.parse(body)
            if asked.rows > self.limits.poses:
                most = f"{asked.rows} poses in one request; this service takes {self.limits.poses}"
                raise RefusedError(413, f"{most}; send them in parts")
            self._metrics.poses.labels(route).inc(asked.rows)
            return work(asked).to_bytes()

        return await self.take(request, "application/json", parsed_and_done)

    async def take(self, request: Request, media: str, work: Callable[[bytes], T]) -> T:
        """Reads a body of some type and hands it to a thread."""
        self._check_head(request, media)
        return await self._within(self._body(request), work)

    async def run(self, work: Callable[[], T]) -> T:
        """Has work without a body done in a thread."""
        return await self._within(_nothing(), lambda _: work())

    async def _within(self, reading: Coroutine[Any, Any, bytes], work: Callable[[bytes], T]) -> T:
        if not self.has_room:
            reading.close()
            raise RefusedError(503, "too many requests at once; come again", AGAIN)
        self._inside += 1
        try:
            body = await reading
            running = self._threads.submit(work, body)
        except BaseException:
            self._inside -= 1
            raise
        done = asyncio.wrap_future(running)
        done.add_done_callback(self._left)  # threads cannot be ended: a place is free when one is
        try:
            return await asyncio.wait_for(asyncio.shield(done), self.limits.seconds)
        except TimeoutError:
            running.cancel()
            text = f"took longer than {self.limits.seconds:g} s; send less at once"
            raise RefusedError(503, text, AGAIN) from None
        except MemoryError:
            raise RefusedError(413, "takes more memory than there is; send less at once") from None

    def _left(self, done: asyncio.Future[Any]) -> None:
        self._inside -= 1
        if not done.cancelled():
            done.exception()  # of a request that was given up nobody else asks

    def _check_head(self, request: Request, media: str) -> None:
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        # Also keeps web pages of other origins out: browsers ask before they send these types.
        if given != media:
            raise RefusedError(415, f"Content-Type: expected {media}; got {given[:60] or 'none'}")
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self.limits.body_bytes:
            raise self._too_large()

    async def _body(self, request: Request) -> bytes:
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self.limits.seconds):
                async for part in request.stream():
                    size += len(part)
                    if size > self.limits.body_bytes:
                        raise self._too_large()
                    parts.append(part)
        except TimeoutError:
            raise RefusedError(408, "the body did not come in time") from None
        except ClientDisconnect:
            raise RefusedError(400, "the body was cut short") from None
        return b"".join(parts)

    def _too_large(self) -> RefusedError:
        return RefusedError(
            413, f"the body is larger than {self.limits.body_mb:g} MB; send less at once"
        )


async def _nothing() -> bytes:
    return b""


class WorkRoute(APIRoute):
    """A route whose function takes one `Body`, runs in a thread of the desk and gives a `Reply`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What FastAPI calls; the function's types are in the documentation all the same."""
        types = get_type_hints(self.endpoint)
        (body,) = (kind for name, kind in types.items() if name != "return")

        async def handle(request: Request) -> Response:
            desk: Desk = request.app.state.desk
            content = await desk.work(request, body, self.endpoint)
            return Response(content, media_type="application/json")

        return handle
