import pytest

from vvipe.errors import VvipeError
from vvipe.formats.atomic import replacing, write_text


def test_whole_or_not_at_all(tmp_path):
    path = tmp_path / "new" / "file.txt"
    write_text(path, "first, é")
    assert path.read_text(encoding="utf-8") == "first, é"
    with pytest.raises(ZeroDivisionError), replacing(path) as partial:
        partial.write_text("half")
        raise ZeroDivisionError
    assert path.read_text(encoding="utf-8") == "first, é"
    assert [p.name for p in path.parent.iterdir()] == ["file.txt"]


def test_places_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "x.txt", tmp_path / "folder"):
        with pytest.raises(VvipeError, match="cannot be written"):
            write_text(path, "x")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]
