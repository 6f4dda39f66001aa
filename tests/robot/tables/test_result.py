import json

import pytest

pytest.importorskip("matplotlib")

from matplotlib.figure import Figure

from vvipe.robot.tables.result import Part, Table, crossed, markdown_rows


def test_columns_are_those_of_all_rows():
    lines = markdown_rows([{"method": "a", "success_low": 3.25}, {"method": "b", "steps": None}])
    assert lines == [
        "| method | success low | steps |", "|---|---:|---:|", "| a | 3.25 |  |", "| b |  |  |",
    ]  # fmt: skip


def test_rows_are_crossed():
    cell = {"success": 50.0, "success_low": 9.5, "success_high": 90.5}
    rows = [{"policy": p, "shift": s, **cell} for p in "ab" for s in ("none", "light")]
    told = {"none": "50 (10–90)", "light": "50 (10–90)"}
    assert crossed(rows, "policy", "shift") == [{"policy": p, **told} for p in "ab"]


def test_nothing_measured_is_said():
    assert markdown_rows([]) == ["nothing measured"]


def test_files_hold_the_same_rows(tmp_path):
    rows = [{"method": "a", "success": 50.0}]
    table = Table("t", "A title", [Part("One", rows)], {"t-curve": Figure()})
    paths = table.write(tmp_path, {"date": "today"})
    assert [p.name for p in paths] == ["t.json", "t.md", "t-curve.png"]
    assert json.loads(paths[0].read_text()) == {"date": "today", "tables": {"One": rows}}
    page = paths[1].read_text()
    assert page.startswith("# A title\n\ndate: today\n\n## One\n")
    assert page.endswith("| a | 50 |\n\n![t-curve](t-curve.png)\n")
    assert paths[2].read_bytes()[:4] == b"\x89PNG"
