import dataclasses
import tomllib
from dataclasses import replace

import pytest

from vvipe import VvipeError
from vvipe.training import (
    ABLATIONS,
    PRESETS,
    VVipeConfig,
    config_from_dict,
    config_from_toml,
    config_to_toml,
)

CONFIGS = {
    **{name: preset() for name, preset in PRESETS.items()},
    **{f"no {name}": without(VVipeConfig()) for name, without in ABLATIONS.items()},
    "quoted": replace(VVipeConfig(), model='my "own" \\ model ü'),
    "tiny": replace(VVipeConfig(), lr=1e-7, seed=12345678901),
}


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_toml_round_trip(tmp_path, config):
    path = tmp_path / "train.toml"
    path.write_text(config_to_toml(config), encoding="utf-8")
    assert config_from_toml(path) == config
    assert config_from_dict(tomllib.loads(config_to_toml(config))) == config
    assert config_from_dict(dataclasses.asdict(config)) == config


def test_absent_keys_keep_their_defaults(tmp_path):
    path = tmp_path / "train.toml"
    path.write_text("steps_vae = 7\nlr = 1\n[views]\nrandom = 0.25\ndistance_m = [1, 2]\n")
    config = config_from_toml(path)
    views = replace(VVipeConfig().views, random=0.25, distance_m=(1.0, 2.0))
    assert config == replace(VVipeConfig(), steps_vae=7, lr=1.0, views=views)
    assert isinstance(config.lr, float) and isinstance(config.views.distance_m[0], float)
    path.write_text("")
    assert config_from_toml(path) == VVipeConfig()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("step_vae = 1", ("unknown key 'step_vae'", "nearest is 'steps_vae'")),
        ("[views]\nelevation = [0.0, 1.0]", ("'elevation'", "'elevation_rad'", "[views]")),
        ("[objectives]\nkl = 1.0", ("'objectives'", "'objective'")),
        ("views = 3", ("'views' is a table", "got 3")),
        ("batch = 'many'", ("batch", "wrong kind", "such as 1024")),
        ("batch = 64.5", ("batch", "wrong kind")),
        ("align = 1", ("align", "wrong kind", "such as True")),
        ("seed = true", ("seed", "wrong kind")),
        ("[synthesis]\nhip_width = [1.0]", ("hip_width", "wrong kind")),
        ("[synthesis]\nhip_width = 1.0", ("hip_width", "wrong kind")),
        ("[synthesis]\nhip_width = [1.0, 'x']", ("hip_width", "wrong kind")),
        ("seed = ", ("is not TOML",)),
        ("\udcff", ("is not TOML",)),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, words):
    path = tmp_path / "train.toml"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(VvipeError) as caught:
        config_from_toml(path)
    for word in (str(path), *words):
        assert word in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(VvipeError, match=r"absent\.toml: cannot be read"):
        config_from_toml(tmp_path / "absent.toml")


def test_configurations_cannot_be_changed_in_place():
    with pytest.raises(dataclasses.FrozenInstanceError):
        VVipeConfig().views.random = 0.5
