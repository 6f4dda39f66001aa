"""The order of the layers, as ARCHITECTURE.md draws it."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "src" / "vvipe"
ORDER = (
    ("errors",), ("extras",), ("skeletons",), ("poses", "embeddings"), ("geometry",),
    ("detectors",), ("video",), ("formats",), ("datasets",),
    ("models", "losses"), ("evaluation",), ("training",), ("library",), ("view",),
    ("viewer", "service"), ("bench", "robot"), ("cli",),
)  # fmt: skip
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
TORCH = {"models", "losses", "training", "robot"}


def imports(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def files():
    for file in sorted(PACKAGE.rglob("*.py")):
        part = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if part in RANK:
            yield part, file


def test_nothing_imports_from_the_right():
    seen = set()
    for part, file in files():
        for module in imports(file):
            package, _, rest = module.partition(".")
            if package == "vvipe" and rest:
                target = rest.partition(".")[0]
                seen.add((part, target))
                assert target == part or RANK[target] < RANK[part], f"{file} imports {module}"
    assert {("poses", "skeletons"), ("cli", "view"), ("training", "evaluation")} <= seen


def test_torch_stays_where_the_networks_are():
    users = {
        part for part, file in files() for m in imports(file) if m.partition(".")[0] == "torch"
    }
    assert users == {*TORCH, "cli"}
    in_cli = [f.name for p, f in files() if p == "cli" and "torch" in set(imports(f))]
    assert in_cli == ["doctor.py"]
