import json
import shutil
from importlib.metadata import PackageNotFoundError, version

import pytest

import vvipe
import vvipe.models.registry as registry
from vvipe.cli import machine


@pytest.fixture
def shipped(tiny, tmp_path, monkeypatch):
    shutil.copytree(tiny, tmp_path / "weights" / "tiny")
    monkeypatch.setattr(registry, "SHIPPED", tmp_path / "weights")
    return tmp_path / "weights" / "tiny"


def test_sound_installation(cli, shipped):
    said = cli("doctor", "--json").json
    assert said["ok"] is True and said["problems"] == []
    assert said["versions"]["vvipe"] == vvipe.__version__
    assert said["versions"]["torch"] == version("torch")
    sha256 = json.loads((shipped / "config.json").read_text())["sha256"]
    assert said["weights"] == [{"name": "tiny", "sha256": sha256, "problem": None}]
    assert said["threads"] >= 1 and said["cpu"]["cores"] >= 1
    assert {"bf16", "speedup", "gflops"} <= set(said["self_test"]) and "cuda" in said
    text = cli("doctor")
    assert text.code == 0 and f"sound, SHA-256 {sha256}" in text.out and "bf16" in text.out


def test_weights_that_were_changed(cli, shipped):
    content = bytearray((shipped / "model.safetensors").read_bytes())
    content[-1] ^= 1
    (shipped / "model.safetensors").write_bytes(content)
    result = cli("doctor", "--json")
    assert result.code == 1 and result.err == ""
    said = json.loads(result.out)
    assert said["ok"] is False and "hash" in said["weights"][0]["problem"]
    assert "problem: tiny" in cli("doctor").out


def test_nothing_shipped(cli, tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "SHIPPED", tmp_path)
    result = cli("doctor")
    assert result.code == 1 and "problem: no weights" in result.out


def test_missing_package(cli, shipped, monkeypatch):
    def none(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", none)
    result = cli("doctor")
    assert result.code == 1 and "problem: torch is not installed" in result.out


def test_processor_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "Path", lambda _: tmp_path / "none")
    assert machine._cpuinfo() == {}
    assert machine.cpu()["features"] == []
