"""Workers of a Ray cluster that kill themselves, by SIGKILL, where a test wants it."""

import os
import signal
from pathlib import Path

BULLETS = "VVIPE_TEST_BULLETS"  # the folder of bullets; each file in it kills one worker


def load(folder: Path, method: str, count: int) -> None:
    """Makes so many workers die in a method of `Source`, each on its second file."""
    for i in range(count):
        (folder / f"{method}.{i}").touch()


def arm() -> None:
    """Is called in every worker before it works."""
    from vvipe.library.sources import Source

    for method in ("content", "embedded"):
        setattr(Source, method, _deadly(getattr(Source, method), method))


def _deadly(plain, method):
    calls = 0

    def deadly(*args):
        nonlocal calls
        calls += 1
        if calls > 1:
            for bullet in Path(os.environ[BULLETS]).glob(f"{method}.*"):
                try:
                    bullet.unlink()
                except FileNotFoundError:  # it hit somebody else
                    continue
                os.kill(os.getpid(), signal.SIGKILL)
        return plain(*args)

    return deadly
