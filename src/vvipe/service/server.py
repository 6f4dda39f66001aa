"""Listens on an address until it is told to stop."""

from __future__ import annotations

import errno
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from vvipe.errors import VvipeError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

GRACE_S = 10  # for what is being answered when the service is told to stop


def serve(app: ASGIApp, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Answers until SIGINT or SIGTERM; what is being answered then comes to its end.

    Args:
        app: The application.
        listening: As `listen` gives it.
        ready: Called when requests are answered from now on.
    """
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, ws="none", lifespan="on",
        timeout_graceful_shutdown=GRACE_S, proxy_headers=False,
    )  # fmt: skip
    with listening, _ended_by_signals():
        _Server(config, ready).run([listening])


def listen(host: str, port: int) -> socket.socket:
    """A socket on an address; port 0 takes one that is free.

    Raises:
        VvipeError: No such address, or the port is taken or not allowed.
    """
    where = f"{host}:{port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # Without the protocol asyncio does not switch Nagle's delay off: 40 ms an answer.
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        hints = {
            errno.EADDRINUSE: ("the port is in use", "another --port, or 0 for any that is free"),
            errno.EACCES: ("the port may not be used", "a --port from 1024 on"),
        }
        what, hint = hints.get(
            error.errno or 0, (f"no address to listen on ({error.strerror})", None)
        )
        raise VvipeError(what, where=where, hint=hint) from None
    return listening


def url_of(listening: socket.socket) -> str:
    """Where a browser finds it."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


@contextmanager
def _ended_by_signals() -> Generator[None]:
    """Uvicorn raises the signal that ended it once more: to have been told so is no failure."""
    both = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: None) for number in both}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
