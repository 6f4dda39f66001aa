"""`vvipe doctor`: what this machine and this installation are like."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass
from typing import Any

from vvipe.cli.answer import Answer
from vvipe.cli.machine import cpu
from vvipe.cli.parsing import Json

PACKAGES = ("numpy", "torch", "safetensors", "tyro", "rich", "matplotlib", "pyarrow")


@dataclass(frozen=True)
class Options:
    """Checks versions, processor, bf16, CUDA and weights; exit code 1 if something is broken."""

    json: Json = False


def run(options: Options) -> Answer:
    """Looks at everything."""
    weights = _weights()
    versions = _versions()
    problems = [f"{w['name']}: {w['problem']}" for w in weights if w["problem"]]
    problems += [f"{name} is not installed" for name, version in versions.items() if not version]
    problems += [] if weights else ["no weights ship with this installation"]
    report = {
        "ok": not problems, "problems": problems, "versions": versions, "cpu": cpu(),
        **(_torch() if versions["torch"] else {}), "weights": weights,
    }  # fmt: skip
    return Answer(report, _text(report), 1 if problems else 0)


def _versions() -> dict[str, str | None]:
    from importlib.metadata import PackageNotFoundError, version

    from vvipe import __version__

    found: dict[str, str | None] = {"vvipe": __version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def _torch() -> dict[str, Any]:
    import torch

    from vvipe.training import choose_precision

    cuda = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    return {
        "threads": torch.get_num_threads(),
        "cuda": cuda,
        "self_test": asdict(choose_precision()),
    }


def _weights() -> list[dict[str, Any]]:
    from vvipe.errors import VvipeError
    from vvipe.models import load, model_folder, shipped_models

    found: list[dict[str, Any]] = []
    for name in shipped_models():
        entry: dict[str, Any] = {"name": name, "sha256": None, "problem": None}
        try:
            entry["sha256"] = load(model_folder(name)).config["sha256"]
        except VvipeError as error:
            entry["problem"] = str(error)
        found.append(entry)
    return found


def _text(report: dict[str, Any]) -> str:
    cpu, lines = report["cpu"], [f"{k:<12} {v or 'missing'}" for k, v in report["versions"].items()]
    lines += [f"{'processor':<12} {cpu['name']}, {cpu['cores']} cores, {' '.join(cpu['features'])}"]
    if "self_test" in report:
        test = report["self_test"]
        used = "used" if test["bf16"] else "not used"
        lines += [
            f"{'threads':<12} {report['threads']}",
            f"{'CUDA':<12} {report['cuda'] or 'no'}",
            f"{'bf16':<12} {test['speedup']:.1f} times as fast as float32, {used} for training "
            f"({test['gflops']:.0f} Gflop/s)",
        ]
    for entry in report["weights"]:
        state = entry["problem"] or f"sound, SHA-256 {entry['sha256']}"
        lines.append(f"{'weights':<12} {entry['name']}: {state}")
    return "\n".join([*lines, *(f"problem: {p}" for p in report["problems"])])
