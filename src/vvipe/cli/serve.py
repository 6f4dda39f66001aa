"""`vvipe serve`: the model and libraries over HTTP."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vvipe.cli.parsing import Json, Model, Name, Several
from vvipe.errors import VvipeError

if TYPE_CHECKING:
    from fastapi import FastAPI

TOKEN, LEAST_TOKEN = "VVIPE_TOKEN", 16


@dataclass(frozen=True)
class Options:
    """Answers over HTTP: embed, lift, search, compare and align as JSON, until it is stopped.

    The page /docs says what can be asked. Only this machine can reach it, unless --host says
    otherwise; then callers must show a token. With --json, the one object is printed when requests
    are answered.

    Example: vvipe serve --library moves --port 0

    Attributes:
        library: A library to search, or NAME=LIBRARY; several may be given.
        host: The address to listen on.
        port: 0 takes one that is free.
        token: What callers must show (Authorization: Bearer); better in the environment variable
            VVIPE_TOKEN, where other users of this machine do not see it.
        allow_origin: A web page that may call the service, such as https://poses.example; several
            may be given.
        max_body_mb: Of a request, megabytes.
        max_poses: Of a request.
        timeout_s: Of a request, seconds.
        threads: Requests that are worked on at once; by default one a core, four at the most.
        queue: Requests that may wait; more are told to come again.
    """

    library: Several = ()
    host: str = "127.0.0.1"
    port: int = 8000
    token: Name = None
    model: Model = "vvipe"
    allow_origin: Several = ()
    max_body_mb: float = 32.0
    max_poses: int = 20_000
    timeout_s: float = 60.0
    threads: int = 0
    queue: int = 64
    json: Json = False


def run(options: Options) -> None:
    """Serves until it is told to stop."""
    from vvipe.extras import need

    for module in ("fastapi", "uvicorn", "prometheus_client"):
        need(module, "serve", "vvipe serve")
    token = options.token if options.token is not None else os.environ.get(TOKEN)
    _check(options, token)
    # Requests are what runs side by side: more threads within each would only fight over cores.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from vvipe.service.server import listen, serve, url_of

    with listen(options.host, options.port) as listening:
        app, about = _application(options, token)
        url = url_of(listening)
        serve(app, listening, lambda: _say(options, {"url": url, "docs": f"{url}/docs", **about}))


def _check(options: Options, token: str | None) -> None:
    from vvipe.service.gate import is_loopback

    if not 0 <= options.port <= 65535:
        raise VvipeError("--port is none", expected="0 to 65535", got=options.port)
    if token is None and not is_loopback(options.host):
        raise VvipeError(
            "other machines need a token", where=f"--host {options.host}",
            hint=f"set {TOKEN}, or --token",
        )  # fmt: skip
    if token is not None and not (len(token) >= LEAST_TOKEN and token.isascii() and _plain(token)):
        raise VvipeError(
            "not a token to rely on", where=f"--token or {TOKEN}",
            expected=f"{LEAST_TOKEN} ASCII characters at least, no blanks",
            hint='such as python -c "import secrets; print(secrets.token_urlsafe())" makes',
        )  # fmt: skip


def _plain(token: str) -> bool:
    return token.isprintable() and " " not in token


def _application(options: Options, token: str | None) -> tuple[FastAPI, dict[str, Any]]:
    from vvipe.models import load
    from vvipe.service.app import application
    from vvipe.service.engine import Engine
    from vvipe.service.limits import Limits
    from vvipe.service.shelf import Shelf

    threads = {"threads": options.threads} if options.threads else {}
    limits = Limits(
        options.max_body_mb, options.max_poses, options.timeout_s, waiting=options.queue, **threads
    )
    model = load(options.model)
    shelf = Shelf(options.library, {model.id: model})
    app = application(Engine(model, shelf), limits, options.host, token, options.allow_origin)
    return app, {"model": model.id, "libraries": shelf.names, "token": token is not None}


def _say(options: Options, about: dict[str, Any]) -> None:
    from vvipe.cli.answer import Answer

    libraries = ", ".join(about["libraries"]) or "none"
    text = f"{about['url']} answers; {about['docs']} says what can be asked\n"
    text += f"model {about['model']}, libraries: {libraries}; Ctrl-C ends it"
    answer = Answer(about, text)
    print(answer.to_json() if options.json else answer.text, flush=True)
