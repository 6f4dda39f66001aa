import json

import pytest

from vvipe import VvipeError
from vvipe.training.loss_history import (
    FILE,
    VALIDATED,
    append_figures,
    append_losses,
    keep_history,
    read_losses,
)

STAGES = ("first", "second")


@pytest.fixture
def folder(tmp_path):
    """Two stages of three lines."""
    for stage in STAGES:
        for step in (100, 200, 300):
            append_losses(tmp_path, stage, step, 1.26, {"mse": 1 / 3, "back view": 2e-12})
    return tmp_path


def places(folder):
    return [(line["stage"], line["step"]) for line in read_losses(folder)]


def test_lines_come_back_short(folder):
    assert read_losses(folder)[4] == {
        "stage": "second", "step": 200, "seconds": 1.3,
        "losses": {"mse": 0.333333, "back view": 2e-12},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "step", "kept"), [(0, 199, 1), (0, 200, 2), (1, 0, 3), (1, 250, 5), (1, 300, 6)]
)
def test_steps_that_are_done_again_are_dropped(folder, stage, step, kept):
    before = places(folder)
    keep_history(folder, STAGES, stage, step)
    assert places(folder) == before[:kept]


@pytest.mark.parametrize(
    ("stage", "step", "kept"),
    [(0, 0, None), (0, 200, ""), (1, 0, ""), (1, 150, "1"), (1, 200, "12")],
)
def test_figures_of_steps_that_are_done_again_are_dropped(folder, stage, step, kept):
    for number in (1, 2, 3):
        append_figures(folder, 100 * number, {"hit@1": float(number)})
    path = folder / VALIDATED
    path.write_text(path.read_text()[:-4])  # the last was cut off
    keep_history(folder, STAGES, stage, step)
    if kept is None:
        assert not path.exists()
    else:
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        assert lines == [{"step": 100 * int(n), "hit@1": float(n)} for n in kept]


def test_a_new_training_begins_a_new_file_whatever_was_there(folder):
    (folder / FILE).write_text("not json\n")
    keep_history(folder, ("other",), 0, 0)
    assert not (folder / FILE).exists()
    keep_history(folder, STAGES, 1, 30)  # of a checkpoint from before there were losses
    assert not (folder / FILE).exists()


def test_a_line_that_was_cut_off_is_left_out(folder):
    text = (folder / FILE).read_text()
    (folder / FILE).write_text(text[:-9])
    assert len(read_losses(folder)) == 5
    keep_history(folder, STAGES, 1, 300)
    append_losses(folder, "second", 300, 2.0, {"mse": 1.0})
    assert len(read_losses(folder)) == 6


@pytest.mark.parametrize("line", ["{", "[1]", '{"stage": "a", "step": 1}', "null"])
def test_damaged_lines_are_named(folder, line):
    first, *rest = (folder / FILE).read_text().splitlines(keepends=True)
    (folder / FILE).write_text("".join([first, line + "\n", *rest]))
    with pytest.raises(VvipeError, match=r"losses.jsonl:2: damaged line; remove it"):
        read_losses(folder)


def test_no_file(tmp_path):
    with pytest.raises(VvipeError, match="no losses; expected a folder that `vvipe train` wrote"):
        read_losses(tmp_path)
