import threading

import pytest

from vvipe.viewer.page.jobs import Jobs


@pytest.fixture
def jobs():
    made = []

    def make(fail=lambda error: None, tick=lambda passed_s: False):
        made.append(Jobs(fail, tick))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def test_the_newest_of_a_key_wins_and_the_rest_keeps_its_order(jobs):
    one, ran, hold, done = jobs(), [], threading.Event(), threading.Event()
    one.post("hold", hold.wait)
    for number in range(5):
        one.post("row", lambda number=number: ran.append(number))
    one.post("other", lambda: ran.append("other"))
    one.post("end", done.set)
    hold.set()
    assert done.wait(10) and ran == [4, "other"]


def test_long_work_comes_back_and_is_not_done_twice_at_once(jobs):
    one, results, done = jobs(), [], threading.Event()
    hold, began = threading.Event(), threading.Event()

    def first():
        began.set()
        hold.wait(10)
        return "first"

    one.away("search", first, results.append)
    assert began.wait(10)
    one.away("search", lambda: "never", results.append)
    one.away("search", lambda: "last", lambda r: (results.append(r), done.set()))
    hold.set()
    assert done.wait(10) and results in (["first", "last"], ["last"])


def test_what_breaks_is_told_and_the_next_job_runs(jobs):
    errors, done = [], threading.Event()
    one = jobs(errors.append)
    one.post("bad", lambda: 1 / 0)
    one.away("bad work", lambda: {}["nothing"], lambda result: None)
    one.post("wait", lambda: None)
    while len(errors) < 2:
        one.post("end", done.set)
        assert done.wait(10)
    assert {type(e) for e in errors} == {ZeroDivisionError, KeyError}


def test_time_passes_until_nothing_moves(jobs):
    passed, done = [], threading.Event()

    def tick(passed_s):
        passed.append(passed_s)
        if len(passed) == 5:
            done.set()
        return len(passed) < 5

    jobs(tick=tick).wake()
    assert done.wait(10) and len(passed) == 5 and all(0 < p <= 0.1 for p in passed)
