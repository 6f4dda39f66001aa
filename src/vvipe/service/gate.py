"""Who may come in: on a loopback address those who call it by its name, else those with a token."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterable

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

OPEN = frozenset({"/", "/docs", "/openapi.json", "/health", "/health/ready"})
"""Paths that need no token: they tell nothing but what the service is, and that it lives."""


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class Gate:
    """Refuses requests before anything of them is read.

    Args:
        app: What it stands before.
        token: What `Authorization: Bearer` must say; None for anyone.
        host: The address that is listened on. On a loopback address the Host header must name one
            too: a web page whose name was made to lead here (DNS rebinding) does not.
    """

    def __init__(self, app: ASGIApp, token: str | None, host: str) -> None:
        self._app, self._loopback = app, is_loopback(host)
        self._token = None if token is None else token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or refuses it."""
        if scope["type"] == "http":
            if self._loopback and not _names_loopback(_values(scope, b"host")):
                refusal = JSONResponse({"detail": "the Host header names another host"}, 400)
                return await refusal(scope, receive, send)
            if scope["path"] not in OPEN and not self._knows(_values(scope, b"authorization")):
                text = "a token is needed: Authorization: Bearer TOKEN"
                refusal = JSONResponse({"detail": text}, 401, {"WWW-Authenticate": "Bearer"})
                return await refusal(scope, receive, send)
        return await self._app(scope, receive, send)

    def _knows(self, values: list[bytes]) -> bool:
        if self._token is None:
            return True
        scheme, _, said = (values[0] if len(values) == 1 else b"").partition(b" ")
        # Compared whatever came, in a time that does not tell how much of it was right.
        right = hmac.compare_digest(said.strip(), self._token)
        return right and scheme.lower() == b"bearer"


def _values(scope: Scope, name: bytes) -> list[bytes]:
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return [value for key, value in headers if key == name]


def _names_loopback(values: list[bytes]) -> bool:
    if len(values) != 1:
        return False
    host = values[0].decode("latin-1")
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        name, port = host, ""
    return is_loopback(name) and (not port or port.isdecimal())
