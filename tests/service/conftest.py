"""The service within the test's process, and on a port of its own."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from bodies import moving
from inside import caller

import vvipe
from vvipe.service.app import application
from vvipe.service.engine import Engine
from vvipe.service.limits import Limits
from vvipe.service.server import listen, url_of
from vvipe.service.shelf import Shelf


@pytest.fixture(scope="session")
def model() -> Any:
    return vvipe.load()


@pytest.fixture(scope="session")
def moves(tmp_path_factory: pytest.TempPathFactory, model: Any) -> Path:
    """A library of two clips; not to be changed."""
    uri = tmp_path_factory.mktemp("libraries") / "moves"
    library = vvipe.Library.create(uri, model)
    for seed, tag in ((3, "dance"), (4, "sport")):
        poses = moving(frames=120, seed=seed)
        library.add(model.embed(poses), poses, clip=f"clip{seed}", camera="front", tags=(tag,))
    return uri


@pytest.fixture
def served(model: Any) -> Callable[..., Any]:
    """Makes an application that searches libraries."""

    def make(*libraries: object, limits: Limits | None = None, **about: Any) -> Any:
        shelf = Shelf([str(library) for library in libraries], {model.id: model})
        return application(Engine(model, shelf), limits or Limits(threads=1), **about)

    return make


@pytest.fixture
def http(served: Callable[..., Any], moves: Path) -> Iterator[httpx.Client]:
    """What calls a service of `moves`."""
    with caller(served(moves)) as client:
        yield client


@pytest.fixture
def running(served: Callable[..., Any], moves: Path) -> Iterator[str]:
    """The address of a service on a port of its own, in a thread."""
    with listen("127.0.0.1", 0) as listening:
        config = uvicorn.Config(served(moves), log_level="warning", ws="none")
        server = uvicorn.Server(config)
        listening.listen()  # who calls before the server runs waits
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield url_of(listening)
        server.should_exit = True
        thread.join()


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with listen("127.0.0.1", 0) as listening:
        return listening.getsockname()[1]
