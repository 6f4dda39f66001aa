import os
from pathlib import Path

import pytest
import torch

from vvipe import VvipeError
from vvipe.robot.side_by_side import side_by_side


def note(folder: Path, name: str, told) -> None:
    told("begins")
    (folder / name).write_text(f"{os.getpid()} {torch.get_num_threads()}")


def fail(folder: Path, name: str, told) -> None:
    if name == "first":
        raise VvipeError("is damaged", where=folder / name)
    note(folder, name, told)


def vanish(told) -> None:
    os._exit(1)


@pytest.mark.parametrize("jobs", [1, 2])
def test_works_are_made_in_other_processes_on_one_thread(tmp_path, jobs):
    told = []
    names = ["a", "b", "c"]
    side_by_side(note, {n: (tmp_path, n) for n in names}, jobs, told.append)
    made = [(tmp_path / n).read_text().split() for n in names]
    assert {threads for _, threads in made} == {"1"}
    processes = {int(process) for process, _ in made}
    assert os.getpid() not in processes and len(processes) <= jobs
    assert sorted(line for line in told if "begins" in line) == [f"{n}: begins" for n in names]
    done = [line.split(": ")[1] for line in told if "done" in line]
    assert done == ["done, 1 of 3", "done, 2 of 3", "done, 3 of 3"]


def test_an_error_comes_as_it_was_and_ends_what_has_not_begun(tmp_path):
    works = {n: (tmp_path, n) for n in ["first", *(f"later {i}" for i in range(50))]}
    with pytest.raises(VvipeError, match="first: is damaged"):
        side_by_side(fail, works, jobs=1)
    assert len(list(tmp_path.iterdir())) < 50


def test_a_process_that_is_ended_is_told(tmp_path):
    with pytest.raises(VvipeError, match="ended from outside"):
        side_by_side(vanish, {"one": ()}, 1)


def test_nothing_to_make_begins_no_process(tmp_path):
    side_by_side(note, {}, 2)
