import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from vvipe.errors import VvipeError
from vvipe.view.save import picture_bytes, save_figure


def figure() -> Figure:
    fig = Figure(figsize=(1, 2))
    fig.add_subplot().plot([0, 1], [1, 0])
    return fig


def test_the_file_holds_the_picture(tmp_path):
    path = save_figure(figure(), tmp_path / "new" / "a.png", dpi=50)
    assert imread(path).shape == (100, 50, 4)
    np.testing.assert_array_equal(imread(path), imread(io.BytesIO(picture_bytes(figure(), dpi=50))))


def test_the_same_figure_gives_the_same_bytes():
    fig = figure()
    assert picture_bytes(fig) == picture_bytes(fig) == picture_bytes(figure())


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = save_figure(figure(), tmp_path / "a.png")
    before = path.read_bytes()

    def full_disk(self, content):
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full_disk)
    with pytest.raises(VvipeError, match="No space left"):
        save_figure(Figure(), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(VvipeError, match=r"a\.png: cannot be written"):
        save_figure(figure(), tmp_path / "file" / "a.png")
