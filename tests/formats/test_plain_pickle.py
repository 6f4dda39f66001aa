"""Plain data comes back as it was; nothing that a pickle names is ever run."""

import io
import os
import pickle
import subprocess
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from vvipe import VvipeError
from vvipe.formats.plain_pickle import load_object, load_plain

NESTED = {
    "S1": {"Walking 1": np.arange(24.0, dtype=">f4").reshape(2, 4, 3), "fortran": np.eye(3, 2).T},
    "views": [np.zeros((0, 17, 2)), np.array([b"a", b"bc"]), np.array(["x", "yz"])],
    ("S9", "54138969"): (1, 2.5, None, True, "é", b"\xff", np.float32(3.5), np.int64(-2)),
}


def loaded(data):
    return load_plain(io.BytesIO(data), "here")


def same(a, b):
    if isinstance(b, np.ndarray):
        return isinstance(a, np.ndarray) and a.dtype == b.dtype and np.array_equal(a, b)
    if isinstance(b, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in b)
    if isinstance(b, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    return a == b


@pytest.mark.parametrize("protocol", range(6))
def test_plain_data_comes_back(protocol):
    assert same(loaded(pickle.dumps(NESTED, protocol)), NESTED)


def test_arrays_of_objects_become_lists():
    ragged = np.empty(2, object)
    ragged[:] = [np.ones(2), np.ones(3)]
    assert same(loaded(pickle.dumps(ragged)), [np.ones(2), np.ones(3)])
    assert same(loaded(pickle.dumps(np.array({"a": 1}, object))), {"a": 1})


@given(arrays.arrays(st.sampled_from(["<f8", ">f4", "<i2", "u1", "?", "<U3"]), st.integers(0, 5)))
def test_any_array_is_that_of_numpy(array):
    assert same(loaded(pickle.dumps([array])), [array])


def test_a_dict_in_an_npz(tmp_path):
    np.savez_compressed(tmp_path / "in.npz", positions=NESTED, numbers=np.ones(3))
    assert same(load_object(tmp_path / "in.npz", "positions"), NESTED)
    with pytest.raises(VvipeError, match=r"in\.npz: array 'numbers': holds no objects"):
        load_object(tmp_path / "in.npz", "numbers")
    with pytest.raises(VvipeError, match=r"in\.npz: no array 'nothing'"):
        load_object(tmp_path / "in.npz", "nothing")


def test_what_python_2_wrote():
    """Text is bytes there, and so are the bytes of an array."""
    old = (
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
        b"(K\x01K\x02\x85cnumpy\ndtype\nU\x02f4K\x00K\x01\x87R"
        b"(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x08" +
        np.array([1.5, -2], "<f4").tobytes() + b"tb."
    )  # fmt: skip
    np.testing.assert_array_equal(loaded(old), np.array([1.5, -2], "<f4"))


class Calls:
    """Pickles to a call of a function."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("function", [
    os.system, subprocess.run, eval, exec, open, getattr, __import__, np.load, np.fromfile,
    np.lib.format.read_array, bytearray, complex, set, print,
])  # fmt: skip
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_no_name_is_called(tmp_path, function, protocol, monkeypatch):
    path = tmp_path / "was_here"
    hostile = {"a": np.ones(2), "b": Calls(function, f"touch {path}")}
    with pytest.raises(VvipeError, match="nothing in it was run") as error:
        loaded(pickle.dumps(hostile, protocol))
    assert "the name" in str(error.value) and function.__name__ in str(error.value)
    assert not path.exists()


def test_a_hostile_npz(tmp_path):
    hostile = np.empty((), object)
    hostile[()] = {"S1": Calls(os.system, f"touch {tmp_path / 'was_here'}")}
    np.savez(tmp_path / "in.npz", positions_3d=hostile)
    with pytest.raises(VvipeError, match=r"in\.npz: array 'positions_3d': not a pickle of plain"):
        load_object(tmp_path / "in.npz", "positions_3d")
    assert not (tmp_path / "was_here").exists()


def array_pickle(dtype=b"f8", state=b"NNN", shape=b"K\x02\x85", content=b"C\x10" + bytes(16)):
    return (
        b"\x80\x03cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R(K\x01"
        + shape + b"cnumpy\ndtype\nX" + len(dtype).to_bytes(4, "little") + dtype
        + b"K\x00K\x01\x87R(K\x03X\x01\x00\x00\x00<" + state
        + b"J\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89" + content + b"tb."
    )  # fmt: skip


def test_forged_arrays():
    np.testing.assert_array_equal(loaded(array_pickle()), np.zeros(2))
    forged = {
        "an unknown type": array_pickle(dtype=b"M8[s]"),
        "a structured type": array_pickle(state=b"N(X\x01\x00\x00\x00at}"),
        "too few bytes": array_pickle(content=b"C\x08" + bytes(8)),
        "a monstrous shape": array_pickle(shape=b"J\xff\xff\xff\x7f\x85"),
        "objects from bytes": array_pickle(dtype=b"O"),
        "a shape of text": array_pickle(shape=b"X\x01\x00\x00\x00a\x85"),
        "numbers from a list": array_pickle(content=b"(K\x01K\x02l"),
    }
    for data in forged.values():
        with pytest.raises(VvipeError, match="not a pickle of plain data"):
            loaded(data)
    for data in (b"cnumpy\nndarray\n.", b"cnumpy\nndarray\n(K\x02tR.", b"c_codecs\nencode\n."):
        with pytest.raises(VvipeError, match="not a pickle of plain data"):
            loaded(data)
    with pytest.raises(VvipeError, match="the encoding 'zip'"):
        loaded(b"c_codecs\nencode\n(Va\nVzip\ntR.")


def test_what_holds_itself_or_grows_without_end():
    itself: list = []
    itself.append(itself)
    with pytest.raises(VvipeError, match="holds itself"):
        loaded(pickle.dumps(itself))
    grown: list = ["laugh"]
    for _ in range(100):
        grown = [grown] * 10
    result = loaded(pickle.dumps(grown))  # 10^100 leaves, but a hundred lists
    assert len(result) == 10 and result[0] is result[9]
    deep = b"]" * 100_000 + b"a" * 99_999 + b"."
    with pytest.raises(VvipeError, match="not a pickle of plain data"):
        loaded(deep)


def test_cut_anywhere(tmp_path):
    data = pickle.dumps(NESTED)
    for end in range(0, len(data), 7):
        with pytest.raises(VvipeError):
            loaded(data[:end])
    np.savez(tmp_path / "in.npz", positions=NESTED)
    whole = (tmp_path / "in.npz").read_bytes()
    for end in (0, 10, len(whole) // 2, len(whole) - 5):
        (tmp_path / "cut.npz").write_bytes(whole[:end])
        with pytest.raises(VvipeError, match=r"cut\.npz: damaged or cut short"):
            load_object(tmp_path / "cut.npz", "positions")
    with zipfile.ZipFile(tmp_path / "odd.npz", "w") as archive:
        archive.writestr("positions.npy", b"nothing of numpy")
    with pytest.raises(VvipeError, match=r"odd\.npz: damaged"):
        load_object(tmp_path / "odd.npz", "positions")


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 60))
def test_noise_within_a_pickle(noise, at, replaced):
    data = pickle.dumps(NESTED)
    try:
        loaded(data[:at] + noise + data[at + replaced :])
    except VvipeError as error:
        assert "\n" not in str(error)
