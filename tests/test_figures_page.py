"""The examples of the page about figures and films, run one after the other as they stand."""

import re
import shlex
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

pytest.importorskip("av")
from bodies import filmed, moving

import vvipe
from vvipe.cli import main
from vvipe.cli.plot import KINDS
from vvipe.models.geometry_networks import GeometryArchitecture, GeometryNetworks
from vvipe.models.storage import save_model
from vvipe.models.vae_gan_networks import VaeGanArchitecture, VaeGanNetworks
from vvipe.training.loss_history import append_losses
from vvipe.view.film import write_film

PAGE = (Path(__file__).parents[1] / "docs" / "figures.md").read_text()
BEGINS = {
    ".png": b"\x89PNG", ".pdf": b"%PDF", ".svg": b"<?xml", ".gif": b"GIF8",
    ".mp4": b"\0\0\0",
}  # fmt: skip


def commands():
    lines = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)).splitlines()
    return [shlex.split(line)[1:] for line in lines if line]


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """A folder with the files that the page speaks of."""
    monkeypatch.chdir(tmp_path)
    vvipe.write(moving(frames=64), "clip.bvh")
    Path("mocap").mkdir()
    vvipe.write(moving(frames=40, seed=2), "mocap/take.npz")
    for name, seed in (("athlete", 5), ("coach", 6)):
        vvipe.write(filmed(frames=12, seed=seed), f"{name}.npz")
    networks = VaeGanNetworks(VaeGanArchitecture(latent=4, width=8, blocks=1, prior="none"))
    networks.known.fill_(1)
    about = {"name": "unsupervised", "representation": "vae-gan"}
    save_model(Path("unsupervised"), networks.eval(), about)
    networks = GeometryNetworks(GeometryArchitecture(channels=8, blocks=1, width=8))
    about = {"name": "geometry", "representation": "geometry-aware"}
    save_model(Path("geometry"), networks.eval(), about)
    for run in ("ours", "theirs"):
        Path("runs", run).mkdir(parents=True)
        append_losses(Path("runs", run), "map", 100, 1.0, {"mse": 0.5, "matching": 1.5})
    pictures = (np.full((48, 64, 3), 20 * i, np.uint8) for i in range(12))
    write_film(Path("athlete.mp4"), ((i / 30, picture) for i, picture in enumerate(pictures)))


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_examples(workplace, capsys, words):
    if words[:2] == ["plot", "film"]:
        words = [*words, "--fps", "10"]
    assert main(words) == 0, capsys.readouterr().err
    for option in ("-o", "--png", "--strip"):
        if option in words:
            out = Path(words[words.index(option) + 1])
            assert out.read_bytes().startswith(BEGINS[out.suffix])


def test_every_kind_is_on_the_page():
    assert {words[1] for words in commands() if words[0] == "plot"} == set(get_args(KINDS))
