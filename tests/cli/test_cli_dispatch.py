import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import vvipe
from vvipe.cli import dispatch
from vvipe.cli.verbs import VERBS

SRC = Path(vvipe.__file__).parents[1]


def process(*words: str, code: str = "-m") -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": str(SRC)}
    call = [sys.executable, code, *(["vvipe"] if code == "-m" else []), *words]
    return subprocess.run(call, capture_output=True, text=True, env=env, check=False)


def test_overview_lists_the_verbs(cli):
    for words in ((), ("--help",), ("-h",)):
        result = cli(*words)
        assert result.code == 0
        lines = result.out.splitlines()[4 : 4 + len(VERBS)]
        assert [line.split()[0] for line in lines] == list(VERBS)


def test_version(cli):
    assert cli("--version").out == f"{vvipe.__version__}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("embd",), "did you mean embed?"),
        (("qqqq",), "verbs: demo, doctor"),
        (("--json", "embed"), "options follow the verb"),
        (("sing", "x"), "unknown verb 'sing'"),
    ],
)
def test_unknown_first_words(cli, words, said):
    assert said in cli(*words).error()


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_each_verb(cli, verb):
    result = cli(verb, "--help")
    assert (result.code, result.err) == (0, "")
    assert "--json" in result.out and f"usage: vvipe {verb}" in result.out
    assert "None" not in result.out


def test_help_loads_nothing_heavy():
    script = (
        "import sys; from vvipe.cli import main\n"
        "for verb in sys.argv[1:]:\n"
        "    assert main([verb, '--help']) == 0\n"
        "    heavy = {'numpy', 'torch', 'matplotlib', 'pyarrow', 'rich'} & set(sys.modules)\n"
        "    assert not heavy, (verb, heavy)"
    )
    result = process(script, *VERBS, code="-c")
    assert (result.returncode, result.stderr) == (0, "")


def test_overview_does_not_even_load_the_parser():
    script = (
        "import sys; from vvipe.cli import main; main(['--help']); print('tyro' in sys.modules)"
    )
    assert process(script, code="-c").stdout.endswith("False\n")


def test_error_in_a_process_is_one_line(tmp_path):
    result = process("lift", "nowhere.npz", "-o", str(tmp_path / "y.npz"))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "vvipe: error: nowhere.npz: no such file or folder\n"


def test_processes_say_nothing_beside_the_answer(tiny, keypoints, tmp_path):
    """No warnings of libraries: on a good file, and on one in which nobody is seen."""
    out = tmp_path / "e.npz"
    words = ("-o", str(out), "--model", str(tiny), "--json")
    result = process("embed", str(keypoints), *words)
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["rows"] == 12
    before = out.read_bytes()
    np.savez(tmp_path / "nan.npz", keypoints=np.full((3, 17, 2), np.nan), skeleton="coco17")
    result = process("embed", str(tmp_path / "nan.npz"), *words)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("vvipe: error: ") and result.stderr.count("\n") == 1
    assert out.read_bytes() == before


def test_reader_that_goes_away_is_no_error():
    env = os.environ | {"PYTHONPATH": str(SRC)}
    call = [sys.executable, "-m", "vvipe", "--help"]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as running:
        assert running.stdout and running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == dispatch.BROKEN_PIPE


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (KeyboardInterrupt(), 130, ""),
        (OSError(28, "No space left on device", "y.npz"), 2, "y.npz: No space left on device"),
        (vvipe.VvipeError("bad", where="x\ny"), 2, "x y: bad"),
    ],
)
def test_what_a_verb_raises(cli, monkeypatch, raised, code, said):
    from vvipe.cli import models

    def fail(options):
        raise raised

    monkeypatch.setattr(models, "run", fail)
    result = cli("models")
    assert (result.code, result.out) == (code, "")
    assert result.err == (f"vvipe: error: {said}\n" if said else "")


def test_our_own_mistakes_are_not_hidden(cli, monkeypatch):
    from vvipe.cli import models

    def fail(options):
        raise ZeroDivisionError

    monkeypatch.setattr(models, "run", fail)
    with pytest.raises(ZeroDivisionError):
        cli("models")
