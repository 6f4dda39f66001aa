"""An ASGI application called in this process, as if over HTTP."""

import asyncio
from typing import Any

import httpx


class Inside(httpx.BaseTransport):
    """Hands requests to an application, each in an event loop of its own."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def answered() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            asked = httpx.Request(
                request.method, request.url, headers=request.headers, content=request.read()
            )
            response = await transport.handle_async_request(asked)
            content = await response.aread()
            return httpx.Response(response.status_code, headers=response.headers, content=content)

        return asyncio.run(answered())


def caller(app: Any, url: str = "http://127.0.0.1:8000", **about: Any) -> httpx.Client:
    """A client of an application."""
    return httpx.Client(transport=Inside(app), base_url=url, **about)
