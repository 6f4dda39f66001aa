"""What schemathesis thinks up ends in no 5xx; `benchmarks/service_fuzz.py` makes 5,000 calls."""

import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
CALLS = 150


def test_no_call_breaks_the_service(running, monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    from service_fuzz import count, fuzz

    statuses, wrong = fuzz(running, CALLS)
    assert not wrong, wrong[0]
    assert sum(found.total() for found in statuses.values()) >= CALLS
    assert sum(count(found, 5) for found in statuses.values()) == 0
    assert sum(count(found, 2) for found in statuses.values()) > 20
    sys.modules.pop("service_fuzz")
