"""Whole tables by one command: every model trained and measured in one run, on the same data."""

from vvipe.bench.accuracy import Plan, run_accuracy
from vvipe.bench.entries import ENTRIES, entries_named
from vvipe.bench.entry import Entry

__all__ = ["ENTRIES", "Entry", "Plan", "entries_named", "run_accuracy"]
