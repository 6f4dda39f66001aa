"""Kills `library add` at random moments: the library must open, with whole clips and no doubles."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from common import options, report

from vvipe.errors import VvipeError
from vvipe.library import Library

KILLS, FILES, POSES = 200, 24, 400
_CHILD = """
import sys
from pathlib import Path
import vvipe
from vvipe.library import Library, adding
adding.COMMIT_ROWS = 1500
library, model = Library.open(sys.argv[1]), vvipe.load()
print("ready", flush=True)
def show(added):
    if added.committed:
        print(len(library.store.contents()), flush=True)
adding.add_files(library, model, [Path(sys.argv[2])], progress=show)
print("done", flush=True)
"""


def main() -> None:
    chosen = options(__doc__)
    draw, kills = random.Random(0), 5 if chosen.quick else KILLS
    counted = "kills", "ran to the end", "not opened", "clips lost", "in part", "rows doubled"
    row = dict.fromkeys(counted, 0)
    with tempfile.TemporaryDirectory() as name:
        films, uri = Path(name) / "films", str(Path(name) / "lib")
        write_films(films)
        longest_s = 1.0
        while row["kills"] < kills:
            if not Path(uri).exists():
                Library.create(uri)
            acknowledged, done, seconds = killed(uri, films, draw.uniform(0, longest_s))
            row["ran to the end" if done else "kills"] += 1
            try:
                library = Library.open(uri)
                clips = library.clips()
                ids = library.store.read("id")["id"].to_pylist()
            except VvipeError as error:
                row["not opened"] += 1
                print(error, file=sys.stderr)
                shutil.rmtree(uri)
                continue
            expected = FILES if done else acknowledged
            whole = sum(clip["rows"] == POSES for clip in clips)
            row["clips lost"] += max(0, expected - whole)
            row["in part"] += len(clips) - whole
            row["rows doubled"] += len(ids) - len(set(ids))
            if done:
                longest_s = max(0.2, seconds)
                shutil.rmtree(uri)
    report("library_kill", [row], chosen)


def write_films(folder: Path) -> None:
    """Files of made-up keypoints, all different."""
    rng = np.random.default_rng(0)
    folder.mkdir()
    for i in range(FILES):
        keypoints = rng.normal(500, 100, (POSES, 13, 2)).astype(np.float32)
        np.savez(folder / f"{i:03}.npz", keypoints=keypoints, skeleton="coco13")


def killed(uri: str, films: Path, after_s: float) -> tuple[int, bool, float]:
    """Adds in a process that is killed; how many clips it said are in, and whether it ended."""
    call = [sys.executable, "-c", _CHILD, uri, str(films)]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        child.stdout.readline()
        started = time.monotonic()
        try:
            said = child.communicate(timeout=after_s)[0].split()
        except subprocess.TimeoutExpired:
            child.kill()
            said = child.communicate()[0].split()
        seconds = time.monotonic() - started
    counts = [int(word) for word in said if word.isdigit()]
    return max(counts, default=0), "done" in said, seconds


if __name__ == "__main__":
    main()
