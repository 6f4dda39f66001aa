"""Options of a verb: frozen dataclasses read by tyro, its errors shortened to one line."""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import io
import re
from pathlib import Path
from typing import Annotated, TypeVar

import tyro

from vvipe.errors import VvipeError

T = TypeVar("T")

_HINT = ""  # instead of "(default: None)", which says nothing

Json = Annotated[
    bool,
    tyro.conf.arg(help="Print one JSON object on standard output.", help_behavior_hint=_HINT),
]
Model = Annotated[
    str, tyro.conf.arg(help="Name of a model that ships, or a folder that `train` wrote.")
]
Out = Annotated[Path, tyro.conf.arg(aliases=["-o"])]
Flag = Annotated[bool, tyro.conf.arg(help_behavior_hint=_HINT)]
Number = Annotated[float | None, tyro.conf.arg(metavar="FLOAT", help_behavior_hint=_HINT)]
Seconds = Annotated[float | None, tyro.conf.arg(metavar="SECONDS", help_behavior_hint=_HINT)]
Whole = Annotated[int | None, tyro.conf.arg(metavar="INT", help_behavior_hint=_HINT)]
Name = Annotated[str | None, tyro.conf.arg(metavar="NAME", help_behavior_hint=_HINT)]
Several = Annotated[tuple[str, ...], tyro.conf.UseAppendAction]  # an option given several times
WidthMm = Annotated[
    float | None,
    tyro.conf.arg(
        metavar="FLOAT", help_behavior_hint=_HINT,
        help="Width of the picture on a page, such as 85 for one column; letters stay readable.",
    ),
]  # fmt: skip
File = Annotated[Path | None, tyro.conf.arg(metavar="PATH", help_behavior_hint=_HINT)]


def parse(kind: type[T], verb: str, args: list[str]) -> T:
    """The options of a verb.

    Raises:
        VvipeError: The words do not fit the options.
        SystemExit: After the help was printed.
    """
    _check_names(kind, verb, args)
    said = io.StringIO()
    markers = (tyro.conf.FlagCreatePairsOff, tyro.conf.PositionalMetavarFromFieldName)
    try:
        with contextlib.redirect_stderr(said):
            return tyro.cli(kind, prog=f"vvipe {verb}", args=args, config=markers)
    except SystemExit as stop:
        if not stop.code:
            raise
        raise VvipeError(_shortened(said.getvalue()), hint=_see(verb)) from None


def _see(verb: str) -> str:
    return f"see vvipe {verb} --help"


def _check_names(kind: type, verb: str, args: list[str]) -> None:
    known = ["--help", *(f"--{f.name.replace('_', '-')}" for f in dataclasses.fields(kind))]
    for word in args:
        name = word.partition("=")[0].replace("_", "-")
        if word.startswith("--") and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else _see(verb)
            raise VvipeError(f"unknown option {word.partition('=')[0]!r}", hint=hint)


def _shortened(box: str) -> str:
    """The first thing that tyro's box says; its frame may be drawn with lines or with blanks."""
    colourless = re.sub(r"\x1b\[[0-9;]*m", "", box)
    lines = [line[1:].rstrip(" │") for line in colourless.splitlines()[1:]]
    sections = re.split(r"^ *[─-]+$", "\n".join(lines), flags=re.M)
    said = next((s.strip("\n") for s in sections if s.strip()), "options that do not fit")
    message = " ".join(said.partition("\n\n")[0].split())
    if message.startswith("Missing from"):
        # Names of options are indented once, their help twice.
        names = re.findall(r"^ {5}(\S.*)", said, re.M)
        return f"missing {' and '.join(names)}"
    return message[:1].lower() + message[1:].rstrip(".")
