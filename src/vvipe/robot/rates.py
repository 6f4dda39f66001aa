"""How often something succeeded, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

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
