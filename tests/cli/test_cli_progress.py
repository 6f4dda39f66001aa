import io

import pytest

from vvipe.cli import progress
from vvipe.training import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_come_every_few_seconds_and_at_the_end(capsys, monkeypatch):
    now = iter([100.0, 101, 104, 106, 107])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(now))
    with progress.training_progress() as show:
        for step in (1, 2, 3, 4, 5):
            show(Progress("vae", step, 5, 1234.5, {"mse": 0.25}, 65.4))
    err = capsys.readouterr().err.splitlines()
    assert [line.split(",")[0] for line in err] == [
        "vvipe: pose VAE 1/5", "vvipe: pose VAE 4/5", "vvipe: pose VAE 5/5",
    ]  # fmt: skip
    assert err[0].endswith("1,234 poses/s, mse 0.25, 1:05 left")


@pytest.mark.parametrize("stage", ["vae", "map"])
def test_bar_on_a_terminal(monkeypatch, stage):
    terminal = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "200")
    with progress.training_progress() as show:
        show(Progress(stage, 20, 40, 5000.0, {"mse": 0.5}, 3.0))
    assert "20/40" in terminal.getvalue() and "5,000 poses/s" in terminal.getvalue()
