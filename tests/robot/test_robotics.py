import subprocess
import sys

import pytest


def test_its_import_tells_nothing():
    pytest.importorskip("gymnasium_robotics")
    words = [sys.executable, "-c", "from vvipe.robot.robotics import register; register()"]
    told = subprocess.run(words, capture_output=True, text=True, check=True)
    assert (told.stdout, told.stderr) == ("", "")
