import json
from dataclasses import replace

import pytest
import torch

from vvipe import VvipeError
from vvipe.bench import Plan, accuracy, entries_named, run_accuracy
from vvipe.bench.report import write_report
from vvipe.bench.sweeps import SWEEPS, sweep_panels
from vvipe.evaluation.tables import aggregate
from vvipe.models.storage import load_networks
from vvipe.training import TrainingFailedError

MACHINE = {"date": "2026-01-02", "machine": "an abacus", "commit": "abc"}


@pytest.fixture
def plan(data, tmp_path):
    return Plan(entries_named(["methods"]), 2, data, tmp_path / "out", steps=3)


def test_all_rows_of_all_seeds(plan):
    said = []
    found = run_accuracy(plan, said.append)
    for protocol, results in found["results"].items():
        assert [r["seed"] for r in results] == [0, 1]
        rows = aggregate(results)
        names = [
            "vvipe",
            "vvipe (euclidean)",
            "vvipe-paper",
            "pr-vipe",
            "lifter",
            "lifter (procrustes)",
            "vae-gan",
            "vae-gan (latent)",
            "geometry-aware",
            "geometry-aware (linear)",
            "geometry-aware (points)",
            "vae-gan-paper",
            "vae-gan-paper (latent)",
        ]
        baselines = ["2D keypoints", "random", "oracle"]
        assert [m for m, views in rows if views == "all"] == names + baselines
        assert all((rows[n, "all"]["hit@1"].deviation is None) == (n in baselines)
                   for n in names + baselines)  # fmt: skip
        assert rows["mean pose", "each"]["pa_mpjpe_mm"].mean > 0
        lifters = {model for (model, _), row in rows.items() if "flipped" in row}
        assert lifters == {*names, "2D keypoints", "mean pose"} - {"pr-vipe"}
        noisy = {model for model, views in rows if views == "all, detections"}
        assert noisy == {*names, *baselines}
        assert (protocol == "cmu-cross") == (("vvipe", "unseen") in rows)
        spatial = {model for model, views in rows if views == "3D query"}
        assert spatial == {"vvipe", "vvipe (euclidean)", "vvipe-paper"}
        assert {c["model"] for c in found["curves"][protocol]} == {*names, "2D keypoints"}
    assert [(t["model"], t["seed"]) for t in found["trainings"]] == [
        (entry.name, seed) for seed in (0, 1) for entry in plan.entries
    ]
    assert len([s for s in said if s.endswith("training")]) == 2 * len(plan.entries)


def test_a_second_run_does_nothing_again(plan, monkeypatch):
    few = entries_named(["pr-vipe", "lifter"])
    plan = replace(plan, seeds=1, protocols=("cmu-seen",), entries=few)
    first = run_accuracy(plan, print)
    said = []
    monkeypatch.setattr(accuracy, "load_protocol", None)
    assert run_accuracy(plan, said.append) == first and said == []


def test_labels_are_read_from_what_an_earlier_training_found(plan):
    """It is trained first, wherever it stands; every head has rows."""
    entries = entries_named(["geometry-aware, 5% of the labels"])
    said = []
    found = run_accuracy(
        replace(plan, seeds=1, protocols=("cmu-seen",), entries=entries), said.append
    )
    trained = [s.partition(",")[0] for s in said if s.endswith("training")]
    assert trained == ["geometry-aware", "geometry-aware"]
    before, after = (load_networks(run)[0] for run in sorted((plan.out / "runs").iterdir())[::-1])
    for a, b in zip(before.encoders.parameters(), after.encoders.parameters(), strict=True):
        torch.testing.assert_close(a, b)
    rows = [row for row in found["results"]["cmu-seen"][0]["rows"] if "entry" in row]
    name = entries[0].name
    assert {row["model"] for row in rows} == {name, f"{name} (linear)", f"{name} (points)"}
    assert {row["keypoints"] for row in rows} == {"exact"}


def test_some_entries_are_measured_on_a_protocol_of_their_own(plan):
    """And stand in a table of their own, whatever else is measured."""
    entries = entries_named(["pr-vipe", "geometry-aware, maps, three cameras, baseline"])
    found = run_accuracy(replace(plan, seeds=1, protocols=("cmu-seen",), entries=entries), print)
    by_protocol = {
        name: {row.get("entry") for row in seeds[0]["rows"]} - {None}
        for name, seeds in found["results"].items()
    }
    assert by_protocol == {"cmu-seen": {"pr-vipe"}, "cmu-view": {entries[1].name}}
    write_report(found, MACHINE, plan.out)
    page = (plan.out / "accuracy.md").read_text()
    _, view = page.split("## Protocol 3")
    assert "`cmu-view`" in view and "`cmu-seen`" not in view


def test_it_goes_on_where_it_was_stopped(plan, monkeypatch):
    plan = replace(plan, seeds=1, protocols=("cmu-seen",), entries=entries_named(["lifter"]))
    whole = run_accuracy(replace(plan, out=plan.out.with_name("whole")), print)
    original = accuracy.evaluate

    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(accuracy, "evaluate", stop)
    with pytest.raises(KeyboardInterrupt):
        run_accuracy(plan, print)
    monkeypatch.setattr(accuracy, "evaluate", original)
    said = []
    again = run_accuracy(plan, said.append)
    assert again["results"] == whole["results"]
    assert not [s for s in said if s.endswith("training")]


def test_rows_of_other_weights_are_measured_again(plan):
    plan = replace(plan, seeds=1, protocols=("cmu-seen",), entries=entries_named(["lifter"]))
    run_accuracy(plan, print)
    path = plan.out / "rows" / "cmu-seen-lifter-0.json"
    path.write_text(path.read_text().replace('"sha256": "', '"sha256": "0'))
    said = []
    run_accuracy(plan, said.append)
    assert said == ["lifter-0: measuring on cmu-seen"]


def test_baselines_of_before_are_measured_again(plan):
    plan = replace(plan, seeds=1, protocols=("cmu-seen",), entries=entries_named(["lifter"]))
    whole = run_accuracy(plan, print)
    path = plan.out / "rows" / "cmu-seen-baselines.json"
    known = json.loads(path.read_text())
    known["rows"] = [row for row in known["rows"] if row["model"] != "mean pose"]
    path.write_text(json.dumps(known))
    said = []
    assert run_accuracy(plan, said.append) == whole
    assert said == ["baselines: measuring on cmu-seen"]


def test_a_training_that_fails_costs_its_own_row_alone(plan, monkeypatch):
    names = ["lifter", "vvipe, 8 dimensions"]
    plan = replace(plan, seeds=2, protocols=("cmu-seen",), entries=entries_named(names))
    original = accuracy.train

    def train(config, *words, **options):
        if config.model == "lifter" or config.seed == 1:
            raise TrainingFailedError("training diverged", where="vae step 7", hint="lower lr")
        return original(config, *words, **options)

    monkeypatch.setattr(accuracy, "train", train)
    said = []
    found = run_accuracy(plan, said.append)
    assert sum("training diverged; lower lr" in line for line in said) == 3
    assert {t["model"] for t in found["trainings"] if "failed" not in t} == {names[1]}
    (measured,) = found["results"]["cmu-seen"]
    assert {row["entry"] for row in measured["rows"] if "entry" in row} == {names[1]}
    page = write_report(found, MACHINE, plan.out)[1].read_text()
    assert "| lifter | 0 of 2 | – | – |" in page and "| vvipe, 8 dimensions | 1 of 2 | " in page
    assert "\n\n- lifter, seed 0: vae step 7: training diverged; lower lr\n- lifter, seed 1" in page
    said.clear()
    monkeypatch.setattr(accuracy, "train", None)
    assert run_accuracy(plan, said.append) == found and said == []


def test_runs_of_another_configuration_are_not_taken_for_ours(plan):
    plan = replace(plan, seeds=1, protocols=("cmu-seen",), entries=entries_named(["lifter"]))
    run_accuracy(plan, print)
    with pytest.raises(VvipeError, match=r"lifter-0: was trained with another .*; remove it"):
        run_accuracy(replace(plan, steps=4), print)


def test_the_report(plan):
    few = entries_named(["pr-vipe", "lifter"])
    found = run_accuracy(replace(plan, protocols=("cmu-seen",), entries=few), print)
    paths = write_report(found, MACHINE, plan.out)
    assert [p.name for p in paths] == ["accuracy.json", "accuracy.md", "curves-cmu-seen.png"]
    content = json.loads(paths[0].read_text())
    assert content["machine"] == "an abacus"
    row = next(r for r in content["tables"]["cmu-seen"] if r["model"] == "pr-vipe")
    values = [
        r["hit@10"] for seed in found["results"]["cmu-seen"] for r in seed["rows"]
        if r["model"] == "pr-vipe" and r["keypoints"] == "exact"
    ]  # fmt: skip
    assert row["hit@10"]["mean"] == pytest.approx(sum(values) / 2, abs=1e-3)
    page = paths[1].read_text()
    assert "date: 2026-01-02 · machine: an abacus · commit: abc" in page
    assert "| pr-vipe | 2 | " in page and "| pr-vipe | all | " in page
    assert paths[2].read_bytes().startswith(b"\x89PNG")


def test_the_report_has_a_part_for_each_table_and_draws_sweeps(plan):
    plan = replace(
        plan, entries=entries_named(["data", "ablations"]), seeds=1, protocols=("cmu-seen",)
    )
    found = run_accuracy(plan, print)
    paths = write_report(found, MACHINE, plan.out)
    names = [p.name for p in paths]
    assert "sweep-data.png" in names and "sweep-latent.png" not in names
    page = (plan.out / "accuracy.md").read_text()
    ablations, data = page.split("## Share of the training clips")
    assert "![sweep-data](sweep-data.png)" in data and "sweep" not in ablations
    assert "| vvipe, 25% of the data | all | " in data and "| vvipe, short | all | " in data
    assert "25%" not in ablations and "| vvipe-paper, no triplet | all | " in ablations
    (panel,) = sweep_panels(found, SWEEPS["data"], "share")
    assert panel.x == [10, 25, 50, 100]
    rows = found["results"]["cmu-seen"][0]["rows"]
    expected = [
        next(r["hit@1"] for r in rows if r["model"] == name and r["keypoints"] == "detections")
        for name in SWEEPS["data"].lines["detections"].rows.values()
    ]
    assert panel.lines["detections"].tolist() == [expected]
    assert panel.lines["exact keypoints"].shape == (1, 4)
    # Short trainings have no curves of their own.
    assert {c["model"] for c in found["curves"]["cmu-seen"]} == {"2D keypoints"}


def test_every_variant_of_the_unsupervised_lifter_trains(plan):
    entries = entries_named(["unsupervised"])
    plan = replace(plan, entries=entries, seeds=1, protocols=("cmu-seen",))
    found = run_accuracy(plan, print)
    rows = found["results"]["cmu-seen"][0]["rows"]
    lifted = {row["entry"]: row for row in rows if "entry" in row and row["keypoints"] == "exact"}
    assert list(lifted) == [entry.name for entry in entries]
    assert all(row["lifted"] == 100 and row["flipped"] is not None for row in lifted.values())
    page = write_report(found, MACHINE, plan.out)[1].read_text()
    assert "## The unsupervised lifter" in page
    assert "| vae-gan-paper, no discriminator | all | " in page
