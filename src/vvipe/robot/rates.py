"""How often something succeeded, and how sure that is."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from vvipe.errors import VvipeError
from vvipe.formats.atomic import write_text

RATES = "rates.json"
Z95 = 1.959964  # of the normal distribution


@dataclass(frozen=True)
class Rate:
    """Successes of independent trials."""

    successes: int
    trials: int

    @classmethod
    def pooled(cls, rates: Iterable[Rate]) -> Rate:
        """All trials together."""
        every = list(rates)
        return cls(sum(r.successes for r in every), sum(r.trials for r in every))

    @property
    def share(self) -> float:
        """Successes a trial, 0 to 1; NaN for no trial."""
        return self.successes / self.trials if self.trials else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """95 % score interval (Wilson, 1927), 0 to 1."""
        n = self.trials
        if not n:
            return 0.0, 1.0
        spread = Z95 * math.sqrt(self.share * (1 - self.share) / n + Z95**2 / (4 * n * n))
        middle, width = self.share + Z95**2 / (2 * n), 1 + Z95**2 / n
        return max(0.0, (middle - spread) / width), min(1.0, (middle + spread) / width)

    def row(self, name: str = "success") -> dict[str, float]:
        """`success`, `success_low`, `success_high` in percent, and `episodes`."""
        low, high = self.interval
        percent = {name: self.share, f"{name}_low": low, f"{name}_high": high}
        return {**{k: round(100 * v, 1) for k, v in percent.items()}, "episodes": self.trials}


def kept_rate(folder: Path, test: str, run: Callable[[], Rate]) -> Rate:
    """A rate that stands in a folder's `rates.json`, or is measured and put there.

    Args:
        folder: Of what is tested.
        test: All that tells it from the folder's other tests.
        run: Measures it.

    Raises:
        VvipeError: What is kept is damaged.
    """
    path = folder / RATES
    rates: dict[str, dict[str, int]] = {}
    if path.is_file():
        try:
            rates = json.loads(path.read_text())
        except ValueError as error:
            raise VvipeError("is not JSON", where=path, hint=f"{error}; remove it") from None
    if test not in rates:
        rates[test] = asdict(run())
        write_text(path, json.dumps(rates, indent=2) + "\n")
    return Rate(**rates[test])
