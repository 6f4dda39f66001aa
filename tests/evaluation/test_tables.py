import io
import statistics

import pytest
from rich.console import Console

from vvipe import VvipeError
from vvipe.evaluation.tables import aggregate, cells, markdown_table, plain_table, rich_table


def result(seed, hit, mpjpe=None, **changes):
    rows = [
        {"model": "ours", "views": "all", "hit@1": hit, "mpjpe_mm": mpjpe, "auc": None},
        {"model": "2D keypoints", "views": "all", "hit@1": 17.0, "mpjpe_mm": None, "auc": None},
    ]
    return {"protocol": "cmu-seen", "rows": rows, "data_hash": "ab", "seed": seed} | changes


RESULTS = [result(0, 80.0, 60.0), result(1, 83.0, 62.0), result(2, 81.55, 64.0)]


def test_mean_and_deviation_over_seeds():
    ours = aggregate(RESULTS)["ours", "all"]
    assert ours["hit@1"].mean == pytest.approx((80 + 83 + 81.55) / 3)
    assert ours["hit@1"].deviation == pytest.approx(statistics.stdev([80, 83, 81.55]))
    assert str(ours["mpjpe_mm"]) == "62.0 ± 2.0"
    assert aggregate(RESULTS)["2D keypoints", "all"]["hit@1"].deviation == 0


def test_one_seed_has_no_deviation():
    assert str(aggregate(RESULTS[:1])["ours", "all"]["hit@1"]) == "80.0"


def test_columns_without_values_are_left_out_and_gaps_are_marked():
    head, ours, keypoints = cells(RESULTS)
    assert head == ["model", "views", "Hit@1", "MPJPE"]
    assert ours == ["ours", "all", "81.5 ± 1.5", "62.0 ± 2.0"]
    assert keypoints == ["2D keypoints", "all", "17.0 ± 0.0", "–"]


def test_rows_of_before_a_column_was_there_are_shown_without_it():
    new = {"model": "new", "views": "all", "hit@1": 50.0, "lifted": 100.0, "flipped": 3.14}
    old = {"model": "old", "views": "all", "hit@1": 60.0, "lifted": 100.0, "keypoints": "exact"}
    head, *lines = cells([result(0, 1.0, rows=[old, new])])
    assert head == ["model", "views", "Hit@1", "lifted %", "flipped %"]
    assert [line[-1] for line in lines] == ["–", "3.1"]


def test_plain_table_lines_up():
    lines = plain_table(RESULTS).splitlines()
    assert lines[1].startswith("ours          all")
    end = lines[0].index("Hit@1") + len("Hit@1")
    assert lines[1][:end].endswith("81.5 ± 1.5") and lines[2][:end].endswith("17.0 ± 0.0")


def test_markdown_table():
    assert markdown_table(RESULTS[:1]).splitlines() == [
        "| model | views | Hit@1 | MPJPE |",
        "| --- | --- | ---: | ---: |",
        "| ours | all | 80.0 | 60.0 |",
        "| 2D keypoints | all | 17.0 | – |",
    ]


def test_terminal_table():
    out = io.StringIO()
    Console(file=out, width=100).print(rich_table(RESULTS))
    text = out.getvalue()
    assert "cmu-seen, 3 seeds, mean ± deviation" in text
    assert "81.5 ± 1.5" in text and "2D keypoints" in text


@pytest.mark.parametrize("change", [{"protocol": "cmu-cross"}, {"data_hash": "cd"}])
def test_results_of_different_data_are_not_averaged(change):
    with pytest.raises(VvipeError, match=f"their {next(iter(change))} differs"):
        aggregate([RESULTS[0], result(1, 83.0, **change)])


def test_detections_and_exact_keypoints_are_not_averaged():
    found = result(0, 70.0)
    found["rows"] = [row | {"keypoints": "detections"} for row in found["rows"]]
    exact = result(0, 80.0)
    exact["rows"] = [row | {"keypoints": "exact"} for row in exact["rows"]]
    rows = aggregate([exact, found])
    assert rows["ours", "all"]["hit@1"].mean == 80
    assert rows["ours", "all, detections"]["hit@1"].mean == 70
    assert cells([exact, found])[0] == ["model", "views", "Hit@1"]
