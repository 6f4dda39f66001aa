"""The application: routes, documentation, and what stands before them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse
from fastapi.security import HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.middleware.cors import CORSMiddleware

from vvipe import __version__
from vvipe.errors import VvipeError
from vvipe.service import answers
from vvipe.service.desk import AGAIN, Desk, WorkRoute
from vvipe.service.engine import Engine, columns_of
from vvipe.service.gate import Gate
from vvipe.service.limits import Limits
from vvipe.service.metrics import Counted, Metrics
from vvipe.service.page import HEADERS, page
from vvipe.service.refusals import RefusedError, described
from vvipe.service.upload import read_upload

ABOUT = (
    "Human poses as points of one view-invariant space: embed, lift, search, compare and align. "
    "Row i out is row i in; null stands for what is not seen."
)
_WORK = described(400, 408, 413, 415, 422, 503)
_SEARCH = _WORK | described(404)
BYTES = "application/octet-stream"
_BINARY = {"schema": {"type": "string", "format": "binary"}}


def application(
    engine: Engine, limits: Limits | None = None, host: str = "127.0.0.1",
    token: str | None = None, origins: Sequence[str] = (),
) -> FastAPI:  # fmt: skip
    """The service as an ASGI application.

    Args:
        engine: The model and the libraries.
        limits: What a request may ask for.
        host: The address that will be listened on.
        token: What callers must show; needed where `host` is not a loopback address.
        origins: Web pages that may call it (CORS), such as `https://poses.example`; none by
            default.
    """
    metrics = Metrics()
    desk = Desk(limits or Limits(), metrics)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncGenerator[None]:
        yield
        desk.close()

    app = FastAPI(
        title="vvipe", version=__version__, description=ABOUT, docs_url=None, redoc_url=None,
        lifespan=living, redirect_slashes=False,
        responses=described(400, 401) if token else described(400),
        dependencies=[Depends(HTTPBearer(auto_error=False))] if token else [],
    )  # fmt: skip
    app.state.desk = desk
    app.include_router(_work(engine))
    app.include_router(_told(engine, desk, metrics))
    app.include_router(_pages(app))
    for kind, answer in _ANSWERS.items():
        app.add_exception_handler(kind, answer)
    app.add_middleware(Gate, token=token, host=host)
    if origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=list(origins), allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
        )  # fmt: skip
    app.add_middleware(Counted, metrics=metrics)
    return app


def _work(engine: Engine) -> APIRouter:
    """What is asked in JSON and worked on in threads."""
    router = APIRouter(route_class=WorkRoute)
    add = partial(router.post, tags=["poses"], responses=_WORK)
    add("/embed", summary="A vector a pose")(engine.embed)
    add("/lift", summary="2D keypoints to 3D poses")(engine.lift)
    add("/compare", summary="How alike two poses or motions are")(engine.compare)
    add("/align", summary="By how much the clocks of cameras are apart")(engine.align)
    add = partial(router.post, tags=["libraries"], responses=_SEARCH)
    add("/search", summary="The poses that are like one")(engine.search)
    add("/search/batch", summary="The poses that are like each row")(engine.search_batch)
    add("/search/motion", summary="The passages that are like a motion")(engine.search_motion)
    return router


def _told(engine: Engine, desk: Desk, metrics: Metrics) -> APIRouter:
    """What is told without being sent poses, and the reading of files."""
    router = APIRouter()

    @router.post(
        "/read", tags=["poses"], summary="A file of poses as JSON", responses=_WORK,
        openapi_extra={"requestBody": {"required": True, "content": {BYTES: _BINARY}}},
    )  # fmt: skip
    async def read(
        request: Request,
        name: Annotated[str, Query(min_length=1, max_length=200, examples=["clip.npz"])],
        skeleton: Annotated[str | None, Query(max_length=100)] = None,
        person: Annotated[int | None, Query(ge=0, le=10_000)] = None,
    ) -> answers.PosesReply:
        """Reads npz, BVH, AMC and the JSON of detectors; a zip where several files belong together.

        What it gives is what the other requests take as poses.
        """

        def work(body: bytes) -> bytes:
            poses = read_upload(body, name, skeleton, person, desk.limits)
            return answers.PosesReply(**columns_of(poses)).to_bytes()

        return _json(await desk.take(request, BYTES, work))  # pyright: ignore[reportReturnType]

    @router.get(
        "/libraries", tags=["libraries"], summary="All libraries", responses=described(404, 503)
    )
    async def libraries() -> answers.LibrariesReply:
        """What is in the libraries that can be searched."""
        return await desk.run(engine.libraries)

    @router.get(
        "/libraries/{name}", tags=["libraries"], summary="One library",
        responses=described(404, 422, 503),
    )  # fmt: skip
    async def library(name: str) -> answers.LibraryReply:
        """What is in one library."""
        return await desk.run(lambda: engine.library(name))

    @router.get("/model", tags=["service"], summary="The model")
    async def model() -> answers.ModelReply:
        """The model that embeds and lifts."""
        return engine.about_model()

    @router.get("/health", tags=["service"], summary="Liveness")
    async def health() -> answers.HealthReply:
        """That the service lives."""
        return engine.health(desk.has_room)

    @router.get("/health/ready", tags=["service"], summary="Readiness", responses=described(503))
    async def ready() -> answers.HealthReply:
        """Whether there is room for another request; else 503."""
        if not desk.has_room:
            raise RefusedError(503, "too many requests at once; come again", AGAIN)
        return engine.health(True)

    @router.get("/metrics", tags=["service"], summary="Metrics", response_class=PlainTextResponse)
    async def prometheus() -> Response:
        """Requests, latencies and poses, for Prometheus."""
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router


def _pages(app: FastAPI) -> APIRouter:
    """What people look at."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def start() -> Response:
        return RedirectResponse("/docs")

    @router.get("/docs")
    async def docs() -> Response:
        return HTMLResponse(page(app.openapi()), headers=HEADERS)

    return router


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return JSONResponse({"detail": error.detail}, error.status, error.headers)


def _mistake(_: Request, error: Exception) -> Response:
    return JSONResponse({"detail": str(error)}, 422)


def _wrong_query(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return JSONResponse({"detail": f"{where}: {first['msg'].lower()}"}, 422)


_ANSWERS: dict[Any, Callable[[Request, Exception], Response]] = {
    RefusedError: _refused, VvipeError: _mistake, RequestValidationError: _wrong_query,
}  # fmt: skip
