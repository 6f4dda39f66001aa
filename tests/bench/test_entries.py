import math
from dataclasses import replace

import pytest

from vvipe import VvipeError
from vvipe.bench import ENTRIES, entries_named
from vvipe.bench.entries import TABLES
from vvipe.bench.sweeps import SWEEPS


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
    names = ["vvipe", "pr-vipe", "lifter", "vae-gan"]
    ours, *rivals = (e.config(0) for e in entries_named(names))
    for rival in rivals:
        assert (rival.synthesis, rival.views, rival.balance) == (
            ours.synthesis, ours.views, ours.balance,
        )  # fmt: skip


def test_a_trial_cuts_every_stage_and_lengthens_none():
    entry = entries_named(["vvipe"])[0]
    assert (entry.config(0, 10).steps_vae, entry.config(0, 10).steps_map) == (10, 10)
    assert entry.config(0, 10**9) == entry.config(0)


def test_short_trainings_have_a_tenth_of_the_steps():
    whole, short = (e.config(0) for e in entries_named(["vvipe", "vvipe, short"]))
    assert (short.steps_vae, short.steps_map) == (whole.steps_vae / 10, whole.steps_map / 10)
    assert replace(short, steps_vae=whole.steps_vae, steps_map=whole.steps_map, model="vvipe") == (
        whole
    )
    assert all(e.config(0).steps_map < whole.steps_map for e in entries_named(["latent"]))


def test_the_unsupervised_lifter_stands_beside_its_rivals():
    by_name = {entry.name: entry for entry in ENTRIES}
    for table in ("cameras", "detections"):
        names = {name.partition(",")[0] for name in by_name if table in by_name[name].tables}
        assert names == {"vvipe", "vvipe-paper", "pr-vipe", "lifter", "vae-gan", "geometry-aware"}
    tables = {table for name, e in by_name.items() if "vae-gan-paper" in name for table in e.tables}
    assert tables == {"methods", "unsupervised"}
    short, whole = by_name["vae-gan, short"].config(0), by_name["vae-gan"].config(0)
    assert (short.steps, short.steps_prior) == (whole.steps / 10, whole.steps_prior / 10)


def test_what_is_left_out_of_the_unsupervised_lifter():
    config = {e.name: e.config(0) for e in entries_named(["unsupervised"])}
    assert len(config) == 14
    for base in ("vae-gan-paper", "vae-gan"):
        plain = config[f"{base}, short"]
        for name in (n for n in config if n.startswith(f"{base}, ")):
            assert config[name].steps == plain.steps and config[name].lr == plain.lr
            assert replace(config[name], model=plain.model) != plain or name.endswith("short")
        assert plain.architecture.variational
        assert not config[f"{base}, no VAE"].architecture.variational
    assert config["vae-gan-paper, no discriminator"].architecture.prior == "none"
    assert config["vae-gan-paper, two blocks"].architecture.blocks == 2
    assert config["vae-gan-paper, WGAN"].adversary == "wgan"
    assert config["vae-gan-paper, WGAN-GP"].adversary == "wgan-gp"
    around = config["vae-gan-paper, azimuth up to 60 degrees"].novel.azimuth_rad
    assert math.degrees(around) == pytest.approx(60, abs=0.01)
    assert config["vae-gan, no prior"].steps_prior == 0
    critic = config["vae-gan, critic instead of flow"]
    assert (critic.architecture.prior, critic.adversary) == ("critic", "gan")
    back = config["vae-gan, no lifting back"].objective
    assert back.back == back.back_view == 0
    level = config["vae-gan, no elevation"]
    assert (level.architecture.elevation, level.novel.tilt_rad) == (False, 0.3)
    bones = config["vae-gan, like sides instead of usual bones"].objective
    assert (bones.bones, bones.symmetry, bones.alike) == (0, 50, 50)


def test_the_parts_of_the_geometry_aware_representation():
    """In the order of the paper's ablation, each with what the one before lacks."""
    config = {e.name: e.config(0) for e in entries_named(["geometry"]) if e.length < 1}
    for views, labels in (("maps", 1.0), ("keypoints", 0.05)):
        said = {n.partition(f"{views}, ")[2]: c for n, c in config.items() if f", {views}, " in n}
        whole = said["two generators, augmented"]
        assert len(said) == 6
        for c in said.values():
            assert c.labels == labels and c.views.random == 0
            assert (c.steps_pairs, c.steps_heads) == (whole.steps_pairs, whole.steps_heads)
        pairs = {
            name: (c.architecture.generators, c.pair_views.random, c.autoencode)
            for name, c in said.items()
        }
        assert pairs["auto-encoder"] == (1, 0, True)
        assert pairs["one generator"] == (1, 0, False)
        assert pairs["one generator, augmented"] == (1, 1, False)
        assert pairs["two generators, augmented"] == (2, 1, False)
        assert [name for name, c in said.items() if not c.architecture.inject] == ["baseline"]
        assert whole.architecture.projects == (views == "keypoints")
    pictures = config["geometry-aware, maps, latent of pictures"].architecture
    assert (pictures.generator, pictures.generators) == ("images", 1)
    decoded = config["geometry-aware, keypoints, two generators, augmented, a network decodes"]
    assert not decoded.architecture.projects


def test_sweeps_vary_what_they_say():
    by_name = {entry.name: entry for entry in ENTRIES}
    for x, name in SWEEPS["latent"].lines["detections"].rows.items():
        assert by_name[name].config(0).architecture.latent == x
        assert "latent" in by_name[name].tables
    for x, name in SWEEPS["data"].lines["exact keypoints"].rows.items():
        assert by_name[name].config(0).share == x / 100 and "data" in by_name[name].tables
    lines = SWEEPS["labels"].lines
    for line in lines.values():
        assert all(
            "labels" in by_name[n.removesuffix(" (linear)")].tables for n in line.rows.values()
        )
    for x, name in lines["lifter with G"].rows.items():
        config = by_name[name].config(0)
        assert (config.labels, config.steps_pairs, config.architecture.inject) == (x / 100, 0, True)
        assert by_name[name].start == "geometry-aware" and config.share == 1
    for x, name in lines["two layers"].rows.items():
        config = by_name[name.removesuffix(" (linear)")].config(0)
        assert (config.labels, config.architecture.inject) == (x / 100, False)
    for x, name in lines["vvipe"].rows.items():
        assert by_name[name].config(0).share == x / 100


def test_names_and_tables():
    assert entries_named([]) == ENTRIES
    assert [e.name for e in entries_named(["lifter", "vvipe"])] == ["vvipe", "lifter"]
    for table in TABLES:
        assert all(table in e.tables for e in entries_named([table]))
    assert {t for e in ENTRIES for t in e.tables} == set(TABLES)
    with pytest.raises(VvipeError, match=r"no entry 'pr-vip'; expected .*; pr-vipe$"):
        entries_named(["pr-vip"])
