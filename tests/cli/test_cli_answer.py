import json
from pathlib import Path

import numpy as np

from vvipe.cli.answer import Answer


def test_json_of_what_verbs_return():
    answer = Answer(
        {
            "path": Path("a/b"), "array": np.array([1.5, np.nan, np.inf]), "count": np.int64(3),
            "yes": np.bool_(True), "nested": [{"x": (float("nan"), 2)}], "name": "é", "none": None,
        },
        "",
    )  # fmt: skip
    assert json.loads(answer.to_json()) == {
        "path": "a/b", "array": [1.5, None, None], "count": 3, "yes": True,
        "nested": [{"x": [None, 2]}], "name": "é", "none": None,
    }  # fmt: skip
    assert "\n" not in answer.to_json() and "é" in answer.to_json()
