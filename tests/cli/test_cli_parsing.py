import pytest

from vvipe.cli import embed, generate, train
from vvipe.cli.parsing import parse
from vvipe.errors import VvipeError


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "missing -o PATH, --out PATH; see vvipe embed --help"),
        (["a", "-o", "y.npz", "--modle", "m"], "unknown option '--modle'; did you mean --model?"),
        (["a", "--qqq=3"], "unknown option '--qqq'; see vvipe embed --help"),
    ],
)
def test_errors_are_short(words, said):
    with pytest.raises(VvipeError) as caught:
        parse(embed.Options, "embed", words)
    assert str(caught.value).startswith(said)
    assert "│" not in str(caught.value)


@pytest.mark.parametrize(
    ("words", "said"), [(["a", "-o"], "--out"), (["a", "-o", "y.npz", "-q"], "-q")]
)
def test_what_the_parser_says_is_one_line(words, said):
    with pytest.raises(VvipeError, match="see vvipe embed --help") as caught:
        parse(embed.Options, "embed", words)
    assert said in str(caught.value) and "│" not in str(caught.value)


def test_every_missing_word_is_named():
    with pytest.raises(VvipeError, match="missing MODEL and --out PATH"):
        parse(train.Options, "train", [])


def test_number_that_is_none():
    with pytest.raises(VvipeError, match="--frame") as caught:
        parse(generate.Options, "generate", ["x", "-o", "y.npz", "--frame", "soon"])
    assert "'soon'" in str(caught.value)


def test_what_is_parsed():
    words = ["x", "-o", "y.npz", "--alpha", "0.1", "1", "--frame", "-3", "--json"]
    options = parse(generate.Options, "generate", words)
    assert (options.pose, str(options.out), options.frame) == ("x", "y.npz", -3)
    assert (options.alpha, options.json, options.directions) == ((0.1, 1.0), True, 2)


def test_underscores_are_dashes():
    options = parse(train.Options, "train", ["vvipe", "--out", "r", "--steps_vae", "5"])
    assert options.steps_vae == 5


def test_repeated_settings():
    words = ["vvipe", "--out", "r", "--set", "a=1", "--set", "b.c=x", "--no-triplet"]
    options = parse(train.Options, "train", words)
    assert options.set == ("a=1", "b.c=x") and options.no_triplet and not options.no_align


@pytest.mark.parametrize("utf8", [True, False])
def test_boxes_of_either_kind(monkeypatch, utf8):
    """On a terminal without UTF-8 tyro frames its errors with blanks and dashes."""
    from tyro import _fmtlib

    monkeypatch.setattr(_fmtlib, "_should_use_utf8_drawing_chars", lambda: utf8)
    with pytest.raises(VvipeError, match=r"^missing -o PATH, --out PATH; see"):
        parse(embed.Options, "embed", ["a"])
    with pytest.raises(VvipeError, match=r"'-o/--out'. Expected 1 values; see|--out.*; see"):
        parse(embed.Options, "embed", ["a", "-o"])
