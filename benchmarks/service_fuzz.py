"""Calls that nobody would make: what schemathesis thinks up, and how many end in a 5xx.

Half of the requests are mended so that their poses fit a skeleton: else hardly one would get as far
as the model.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from copy import deepcopy
from itertools import islice
from pathlib import Path
from typing import Any

import requests
import schemathesis
from common import options, report
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

import vvipe

CALLS = 5000
POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance, negative_data_rejection,
]  # fmt: skip
USUAL = st.floats(-2000, 2000, width=32)
NUMBERS = [
    USUAL, st.integers(0, 900), USUAL | st.none(), USUAL | st.sampled_from([0, 1e-30, 1e9, -1e9]),
    st.floats(-1, 1), st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
]  # fmt: skip


def main() -> None:
    chosen = options(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        make_library(Path(folder) / "moves")
        command = [sys.executable, "-m", "vvipe", "serve", "--port", "0", "--json"]
        command += ["--library", f"{folder}/moves"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
            try:
                assert service.stdout
                url = vvipe_url(service.stdout.readline())
                statuses, wrong = fuzz(url, 300 if chosen.quick else CALLS)
            finally:
                service.send_signal(signal.SIGTERM)
    rows = [
        {"request": request, "calls": sum(found.values()), "2xx": count(found, 2),
         "4xx": count(found, 4), "5xx": count(found, 5)}
        for request, found in statuses.items()
    ]  # fmt: skip
    total = {k: sum(row[k] for row in rows) for k in ("calls", "2xx", "4xx", "5xx")}
    report("service_fuzz", [*rows, {"request": "all", **total}], chosen)
    print(*wrong[:5], f"answers that are not as described: {len(wrong)}", sep="\n\n")
    sys.exit(bool(wrong))


def vvipe_url(line: str) -> str:
    """The address that a service says when it is ready."""
    return json.loads(line)["url"]


def make_library(uri: Path) -> None:
    """A few thousand rows of what one camera saw."""
    import numpy as np
    from films import cmu_motions, filmed

    model, rng = vvipe.load(), np.random.default_rng(0)
    library = vvipe.Library.create(uri, model)
    for number, (_, _, motion) in enumerate(islice(cmu_motions(1.0), 8)):
        poses = filmed(motion, 0.5 * number, rng, True)
        library.add(model.embed(poses), poses, clip=f"clip{number}", tags=("cmu",))


def fuzz(url: str, calls: int) -> tuple[dict[str, Counter[int]], list[str]]:
    """Statuses by request, and what schemathesis finds wrong in answers."""
    warnings.simplefilter("ignore")
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    asked = [operation for operation in operations if operation.method == "post"]
    told = [operation for operation in operations if operation not in asked]
    statuses: dict[str, Counter[int]] = {}
    wrong: list[str] = []
    with requests.Session() as session:
        for operation in operations:
            part, among = (0.9, len(asked)) if operation in asked else (0.1, len(told))
            share = math.ceil(part * calls / among)
            found = statuses[f"{operation.method.upper()} {operation.path}"] = Counter()
            for round_ in range(400):
                if (left := share - found.total()) > 0:
                    mode = NEGATIVE if round_ % 4 == 3 else POSITIVE
                    call(operation, mode, min(left, share // 8 + 1), round_, session, found, wrong)
    return statuses, wrong


def call(
    operation: Any, mode: GenerationMode, calls: int, number: int, session: requests.Session,
    found: Counter[int], wrong: list[str],
) -> None:  # fmt: skip
    """Up to so many calls of one operation; those without input are soon all made."""

    @seed(number)
    @settings(
        max_examples=calls, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), derandomize=False,
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def one(case: Any, data: st.DataObject) -> None:
        checks = CHECKS
        if operation.body and data.draw(st.booleans()):
            mend(case, data)  # what was to be refused may be right by now
            checks = [check for check in CHECKS if check is not negative_data_rejection]
        response = case.call(session=session, timeout=120)
        found[response.status_code] += 1
        try:
            case.validate_response(response, checks=checks)
        except FailureGroup as failures:
            wrong.append(f"{failures}\n{case.body!r}"[:3000])

    with contextlib.suppress(Unsatisfiable):  # no input at all: none of it can be wrong
        one()


def mend(case: Any, data: st.DataObject) -> None:
    """Makes what a request holds fit together, so that it comes further; not all that is in it."""
    if case.path == "/read":
        case.body = json.dumps(some_poses(["positions"], data)).encode()
    else:
        case.body = deepcopy(case.body)  # it may be drawn again
        mend_object(case.body, data)


def mend_object(value: Any, data: st.DataObject) -> None:
    for part in value if isinstance(value, list) else ():
        mend_object(part, data)
    if not isinstance(value, dict):
        return
    if {"poses", "embeddings"} <= value.keys():
        del value[data.draw(st.sampled_from(["poses", "embeddings"]))]
    if data.draw(st.booleans()):
        value.pop("library", None)
    for part in value.values():
        mend_object(part, data)
    if fields := [field for field in ("keypoints", "positions") if field in value]:
        value.clear()
        value |= some_poses(fields, data)
    elif isinstance(value.get("embeddings"), list):
        numbers = data.draw(st.lists(st.floats(-9, 9, width=32), min_size=1, max_size=40))
        row = [numbers[i % len(numbers)] for i in range(32)]
        value.clear()
        value["embeddings"] = [row] * data.draw(st.integers(1, 6))


def some_poses(fields: list[str], data: st.DataObject) -> dict[str, Any]:
    """Poses that fit their skeleton, with numbers of all kinds."""
    field = data.draw(st.sampled_from(fields))
    width = 3 if field == "positions" else data.draw(st.sampled_from([2, 3]))
    skeleton = vvipe.get_skeleton(data.draw(st.sampled_from(vvipe.skeleton_names())))
    rows = data.draw(st.integers(1, 6))
    numbers = data.draw(st.lists(data.draw(st.sampled_from(NUMBERS)), min_size=1, max_size=60))
    flat = [numbers[i % len(numbers)] for i in range(rows * len(skeleton) * width)]
    points = [flat[i : i + width] for i in range(0, len(flat), width)]
    lists = [points[i : i + len(skeleton)] for i in range(0, len(points), len(skeleton))]
    poses: dict[str, Any] = {field: lists, "skeleton": skeleton.name}
    if data.draw(st.booleans()):
        poses["fps"] = data.draw(st.floats(0.1, 1000))
    if data.draw(st.booleans()):
        times = data.draw(st.lists(st.floats(-100, 1000), min_size=rows, max_size=rows))
        poses["time_s"] = sorted(times) if data.draw(st.booleans()) else times
    return poses


def count(found: Counter[int], hundreds: int) -> int:
    return sum(n for status, n in found.items() if status // 100 == hundreds)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
