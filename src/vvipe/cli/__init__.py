"""The command line: one file a verb, loaded when its verb is called."""

from vvipe.cli.dispatch import main

__all__ = ["main"]
