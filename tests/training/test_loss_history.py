import pytest

from vvipe import VvipeError
from vvipe.training.loss_history import FILE, append_losses, keep_losses, read_losses

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
    keep_losses(folder, STAGES, stage, step)
    assert places(folder) == before[:kept]


def test_a_new_training_begins_a_new_file_whatever_was_there(folder):
    (folder / FILE).write_text("not json\n")
    keep_losses(folder, ("other",), 0, 0)
    assert not (folder / FILE).exists()
    keep_losses(folder, STAGES, 1, 30)  # of a checkpoint from before there were losses
    assert not (folder / FILE).exists()


def test_a_line_that_was_cut_off_is_left_out(folder):
    text = (folder / FILE).read_text()
    (folder / FILE).write_text(text[:-9])
    assert len(read_losses(folder)) == 5
    keep_losses(folder, STAGES, 1, 300)
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
