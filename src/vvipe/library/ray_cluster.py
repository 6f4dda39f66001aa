"""The Ray cluster that works for a command: one that is there, or one of this machine."""

from __future__ import annotations

import logging
import os
import pickle
import socket
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from vvipe.errors import VvipeError

ANSWERS_S = 10.0
_OBJECTS_BYTES = 256 << 20  # what passes between processes is names, hashes and counts


@contextmanager
def ray_cluster(workers: int | None = None) -> Generator[int]:
    """Joins the cluster of `RAY_ADDRESS`, or starts one of this machine's cores and ends it again.

    A program that has joined a cluster already stays in it.

    Args:
        workers: How many there are to be.

    Yields:
        How many there are to be, by default one a processor of the cluster.

    Raises:
        VvipeError: Ray is not installed, no cluster answers, or it is lost.
    """
    ray = _ray()
    ours = not ray.is_initialized()
    if ours:
        _join_or_start(ray, workers)
    try:
        with _quiet(ray):
            yield workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
    except ray.exceptions.RayError as error:
        raise VvipeError(f"the Ray cluster failed ({_first(error)})") from error
    finally:
        if ours:
            ray.shutdown()


def on_workers(
    work: Callable[..., Any], items: Sequence[Any], *, actors: int | None = None,
    arguments: tuple[Any, ...] = (),
) -> Iterator[Any]:  # fmt: skip
    """What workers make of items, each as soon as it is done, in no order.

    What a worker had in hands when it died is done anew by another.

    Args:
        work: A function of what `packed` made of an item, and of the arguments, that gives
            something packed; or a class whose objects are made of the arguments and are such
            functions.
        items: What can be pickled.
        actors: How many objects of the class there are, each in a process of its own.
        arguments: The same for all.
    """
    ray = _ray()
    how: dict[str, Any] = {"fn_args": arguments}
    if actors:
        # Nothing waits at a busy worker while another has nothing to do.
        pool = ray.data.ActorPoolStrategy(size=actors, max_tasks_in_flight_per_actor=1)
        how = {"fn_constructor_args": arguments, "compute": pool}
    # A block each, as blocks are what Ray hands out and does anew.
    data = ray.data.from_items([packed(item) for item in items], override_num_blocks=len(items))
    for row in data.map(work, num_cpus=1, **how).iter_rows():
        yield unpacked(row)


def packed(value: Any) -> dict[str, bytes]:
    """Anything as a row of a Ray dataset: Arrow, which its columns are of, has no paths."""
    return {"packed": pickle.dumps(value)}


def unpacked(row: dict[str, bytes]) -> Any:
    """What was packed."""
    return pickle.loads(row["packed"])


def _ray() -> Any:
    """Ray, imported; without `RAY_ADDRESS` it will listen to this machine alone."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if not os.environ.get("RAY_ADDRESS"):
        # What it is by default on other systems: else Linux takes the address that others see,
        # even where 127.0.0.1 is asked for, and the ports are open to them.
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    try:
        for name in ("lance_ray", "ray.data"):
            import_module(name)
    except ImportError as error:
        raise VvipeError("Ray is not installed", hint="pip install 'vvipe[ray]'") from error
    return import_module("ray")


def _join_or_start(ray: Any, workers: int | None) -> None:
    address = os.environ.get("RAY_ADDRESS")
    here: dict[str, Any] = {
        "num_cpus": max(os.cpu_count() or 1, workers or 1), "include_dashboard": False,
        "object_store_memory": _OBJECTS_BYTES, "_node_ip_address": "127.0.0.1",
    }  # fmt: skip
    try:
        if address:
            _check_answers(address)
        with _nothing_written():
            ray.init(
                address or "local", log_to_driver=False, logging_level=logging.ERROR,
                **({} if address else here),
            )  # fmt: skip
    except (OSError, ValueError, RuntimeError) as error:
        where = f"RAY_ADDRESS={address}" if address else None
        raise VvipeError(f"no Ray cluster ({_first(error)})", where=where) from error


def _check_answers(address: str) -> None:
    """Ray itself asks for minutes.

    Raises:
        OSError: Nobody listens there.
    """
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=ANSWERS_S).close()


@contextmanager
def _nothing_written() -> Generator[None]:
    """Without what Ray's core writes over standard error, even to say that it will be silent."""
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        with warnings.catch_warnings():
            # Ray forks to start other programs at once, which leaves Lance alone.
            warnings.filterwarnings("ignore", "lance is not fork-safe")
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@contextmanager
def _quiet(ray: Any) -> Generator[None]:
    """Without Ray Data's own bars and messages, which would stand between ours."""
    context, log = ray.data.DataContext.get_current(), logging.getLogger("ray.data")
    before = context.enable_progress_bars, log.level
    context.enable_progress_bars = False
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        context.enable_progress_bars = before[0]
        log.setLevel(before[1])


def _first(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]
