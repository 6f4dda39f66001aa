"""The entry: the first word picks the verb; errors become one line and an exit code."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Collection, Sequence
from importlib import import_module

from vvipe import __version__
from vvipe.cli.verbs import ACTIONS, VERBS, actions_overview, overview
from vvipe.errors import VvipeError

BAD_INPUT, INTERRUPTED, BROKEN_PIPE = 2, 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Runs `vvipe VERB ...`.

    Args:
        argv: The words after `vvipe`; by default those of this process.

    Returns:
        The exit code: 0, 1 if `doctor` finds something broken, 2 for bad input, 130 if interrupted.
    """
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
        return code
    except SystemExit as stop:  # the parser's, after it printed the help
        return int(stop.code or 0)
    except VvipeError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has gone; the interpreter must not find out again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _fail(f"{place}{error.strerror or error}")


def _run(args: list[str]) -> int:
    if not args or args[0] in ("-h", "--help"):
        print(overview(__version__))
        return 0
    if args[0] == "--version":
        print(__version__)
        return 0
    verb, rest = args[0], args[1:]
    if verb not in VERBS:
        raise _unknown("verb", verb, VERBS)
    name = verb
    if verb in ACTIONS:
        if not rest or rest[0] in ("-h", "--help"):
            print(actions_overview(verb))
            return 0
        action, rest = rest[0], rest[1:]
        if action not in ACTIONS[verb]:
            raise _unknown("action", action, ACTIONS[verb])
        name = f"{verb} {action}"
    from vvipe.cli.parsing import parse

    module = import_module(f"vvipe.cli.{name.replace(' ', '_')}")
    options = parse(module.Options, name, rest)
    answer = module.run(options)
    if answer is None:  # of a verb that runs until it is stopped, and spoke when it was ready
        return 0
    print(answer.to_json() if options.json else answer.text)
    return answer.code


def _unknown(kind: str, word: str, known: Collection[str]) -> VvipeError:
    if word.startswith("-"):
        return VvipeError(f"unknown option {word!r}", hint=f"options follow the {kind}")
    near = difflib.get_close_matches(word.lower(), known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"{kind}s: {', '.join(known)}"
    return VvipeError(f"unknown {kind} {word!r}", hint=hint)


def _fail(message: str) -> int:
    print(f"vvipe: error: {message}", file=sys.stderr)
    return BAD_INPUT
