from dataclasses import replace

import pytest

from vvipe import VvipeError
from vvipe.bench import ENTRIES, entries_named
from vvipe.bench.entries import SWEEPS, TABLES


def test_every_entry_has_a_configuration_of_its_own():
    configs = {entry.name: entry.config(seed=3) for entry in ENTRIES}
    assert len(configs) == len(ENTRIES) == len({e.slug for e in ENTRIES})
    assert all((c.model, c.seed) == (name, 3) for name, c in configs.items())
    assert configs["pr-vipe, own cameras"].views.random == 0
    assert configs["pr-vipe"].views.random == 1
    assert configs["lifter, detections"].views.detector == 1
    assert configs["vvipe, detections, own cameras"].views.random == 0
    assert configs["vvipe-paper, no triplet"].objective.triplet == 0
    assert not configs["vvipe-paper, no pretraining"].pretrain
    assert not configs["vvipe-paper, no rotation alignment"].align
    assert not configs["vvipe-paper, no universal skeleton"].universal


def test_all_rivals_get_the_same_people_and_cameras():
    ours, *rivals = (e.config(0) for e in entries_named(["vvipe", "pr-vipe", "lifter"]))
    for rival in rivals:
        assert (rival.synthesis, rival.views, rival.balance) == (
            ours.synthesis, ours.views, ours.balance,
        )  # fmt: skip


def test_a_trial_cuts_every_stage_and_lengthens_none():
    entry = entries_named(["vvipe"])[0]
    assert (entry.config(0, 10).steps_vae, entry.config(0, 10).steps_map) == (10, 10)
    assert entry.config(0, 10**9) == entry.config(0)


def test_short_trainings_have_a_fifth_of_the_steps():
    whole, short = (e.config(0) for e in entries_named(["vvipe", "vvipe, short"]))
    assert (short.steps_vae, short.steps_map) == (whole.steps_vae / 5, whole.steps_map / 5)
    assert replace(short, steps_vae=whole.steps_vae, steps_map=whole.steps_map, model="vvipe") == (
        whole
    )
    assert all(e.config(0).steps_map < whole.steps_map for e in entries_named(["latent"]))


def test_sweeps_vary_what_they_say():
    by_name = {entry.name: entry for entry in ENTRIES}
    for x, name in SWEEPS["latent"].items():
        assert by_name[name].config(0).architecture.latent == x
        assert "latent" in by_name[name].tables
    for x, name in SWEEPS["data"].items():
        assert by_name[name].config(0).share == x / 100 and "data" in by_name[name].tables


def test_names_and_tables():
    assert entries_named([]) == ENTRIES
    assert [e.name for e in entries_named(["lifter", "vvipe"])] == ["vvipe", "lifter"]
    for table in TABLES:
        assert all(table in e.tables for e in entries_named([table]))
    assert {t for e in ENTRIES for t in e.tables} == set(TABLES)
    with pytest.raises(VvipeError, match=r"no entry 'pr-vip'; expected .*; pr-vipe$"):
        entries_named(["pr-vip"])
