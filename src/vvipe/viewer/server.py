"""The viewer as a web server of this machine: every visitor has a session of its own."""

from __future__ import annotations

import contextlib
import io
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvipe.errors import VvipeError
from vvipe.extras import need
from vvipe.viewer.collection import Collection
from vvipe.viewer.film import Film
from vvipe.viewer.recording import Recording, read_recording
from vvipe.viewer.session import Session

if TYPE_CHECKING:
    from vvipe.viewer.page.visitor import Visitor


class Viewer:
    """Serves the page until `stop`.

    Args:
        model: A representation.
        collection: What is searched, None for nothing.
        recordings: What can be opened; the first one is.
        host: Address to listen on; other machines can reach only another than the default.
        port: Where to listen; the next free one is taken where it is in use.

    Attributes:
        url: Of the page.
        visitors: Client number -> what that browser tab sees.

    Raises:
        VvipeError: viser is not installed, or the address cannot be listened on.
    """

    def __init__(
        self, model: Any, collection: Collection | None, recordings: Sequence[Recording],
        host: str = "127.0.0.1", port: int = 8090,
    ) -> None:  # fmt: skip
        viser = need("viser", "view")
        from vvipe.viewer.page.visitor import Visitor

        self._film, self.visitors = Film(), dict[int, Visitor]()
        self._model, self._recordings = model, list(recordings)
        self._reading: list[Path] = []
        self._errors: list[Exception] = []
        port = _free_port(host, port)
        with contextlib.redirect_stdout(io.StringIO()):  # it prints a banner
            self._server = viser.ViserServer(host=host, port=port, verbose=False)
        self.url = f"http://{host}:{self._server.get_port()}"
        self._server.scene.world_axes.visible = False
        # A page cannot ask for a tunnel to the outside, whatever it sends.
        self._server.request_share_url = lambda verbose=True: None

        @self._server.on_client_connect
        def _(client: Any) -> None:
            visitor = Visitor(client, Session(model, collection, self._recordings), self._film)
            self.visitors[client.client_id] = visitor
            visitor.start(tuple(self._reading), tuple(self._errors))

        @self._server.on_client_disconnect
        def _(client: Any) -> None:
            visitor = self.visitors.pop(client.client_id, None)
            if visitor is not None:
                visitor.jobs.stop()

    def read(self, paths: Sequence[Path], skeleton: str | None = None) -> None:
        """Reads files beside the page: the first one is opened when it is there, all are offered.

        What cannot be read is told in every page.
        """
        self._reading = list(paths)
        threading.Thread(target=self._read, args=(skeleton,), daemon=True).start()

    def _read(self, skeleton: str | None) -> None:
        first = True
        while self._reading:
            path = self._reading[0]
            try:
                recording = read_recording(self._model, path, skeleton)
            except (VvipeError, OSError) as error:
                self._errors.append(error)
                self._each(lambda visitor, error=error: visitor.fail(error))
            else:
                self._recordings.insert(0 if first else len(self._recordings), recording)
                self._each(lambda visitor, r=recording, f=first: visitor.offer(r, f))
                first = False
            self._reading.pop(0)
        self._each(lambda visitor: visitor.read_all())

    def _each(self, job: Callable[[Visitor], object]) -> None:
        for visitor in list(self.visitors.values()):
            visitor.jobs.post(f"{id(job)}", lambda visitor=visitor: job(visitor))

    def stop(self) -> None:
        """Ends the server and all visits."""
        for visitor in list(self.visitors.values()):
            visitor.jobs.stop()
        with contextlib.redirect_stdout(io.StringIO()):
            self._server.stop()

    def wait(self) -> None:
        """Serves until the process is interrupted."""
        threading.Event().wait()


def _free_port(host: str, port: int) -> int:
    for candidate in [*range(port, port + 20), 0]:
        with socket.socket() as probe:
            try:
                probe.bind((host, candidate))
                return int(probe.getsockname()[1])
            except PermissionError as error:
                raise VvipeError("no permission to listen there", where=f"{host}:{port}") from error
            except OSError as error:
                if candidate == 0:
                    raise VvipeError(
                        f"cannot be listened on ({error.strerror})", where=host,
                        expected="an address of this machine",
                    ) from error  # fmt: skip
    raise AssertionError
