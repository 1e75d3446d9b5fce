"""Imports go down the house only; siblings do not know each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "prolific_nb"

GROUND = {"errors", "jobs", "common"}
WINGS = {"data", "design", "api"}
ROOMS = {"plots", "analysis", "study", "responses"}
MAY_IMPORT: dict[str, set[str]] = {
    **dict.fromkeys(GROUND | WINGS, GROUND),
    **dict.fromkeys(ROOMS, GROUND | WINGS),
    "sandbox": {"errors", "common"},
    "report": GROUND | WINGS | ROOMS,
    "workflow": GROUND | WINGS | ROOMS | {"report", "sandbox"},
    "panels": GROUND | WINGS | ROOMS | {"report", "workflow"},
    "demo": GROUND | WINGS | ROOMS | {"report", "workflow"},
    "cli": GROUND | WINGS | ROOMS | {"report", "workflow", "demo", "sandbox"},
}
FRAME_FREE = {"design", *GROUND}  # `pnb.Design("x")` must not wait for pandas


def top(path: Path, package: Path) -> str:
    return path.relative_to(package).parts[0].removesuffix(".py")


def imported(path: Path, package: Path) -> Iterator[tuple[int, str]]:
    """Every import in a file, inside functions too, as an absolute dotted name."""
    here = ["prolific_nb", *path.relative_to(package).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            module = [*base, *((node.module or "").split(".") if node.module else [])]
            yield from ((node.lineno, ".".join([*module, alias.name])) for alias in node.names)


def wrong_imports(package: Path) -> list[str]:
    wrong = []
    for path in sorted(package.rglob("*.py")):
        room = top(path, package)
        if room == "__init__":
            continue  # the front door: it names everything, and loads it only when used
        for line, name in imported(path, package):
            parts = name.split(".")
            if parts[0] == "prolific_nb" and len(parts) > 1 and parts[1] not in MAY_IMPORT[room] | {room}:
                wrong.append(f"{path.relative_to(package)}:{line} imports {name}")
            if room in FRAME_FREE and parts[0] in {"pandas", "numpy", "matplotlib", "requests", "flask"}:
                wrong.append(f"{path.relative_to(package)}:{line} imports {name}")
    return wrong


def test_imports_go_down_the_house_only() -> None:
    assert wrong_imports(PACKAGE) == []


def test_every_room_of_the_package_has_a_rule() -> None:
    assert {top(path, PACKAGE) for path in PACKAGE.rglob("*.py")} - {"__init__"} <= set(MAY_IMPORT)


@pytest.mark.parametrize(
    ("where", "planted"),
    [
        ("api/wrong.py", "from ..design import Design\n"),
        ("analysis/wrong.py", "def f():\n    from ..responses.frame import tidy\n    return tidy\n"),
        ("sandbox/wrong.py", "import prolific_nb.api.client\n"),
        ("design/wrong.py", "import pandas as pd\n"),
        ("design/lazy.py", "def f():\n    import numpy\n"),
        ("common/render/wrong.py", "from ...design import Design\n"),
        ("data/wrong.py", "from ..responses import tidy\n"),
        ("report/wrong.py", "from ..workflow.run import Run\n"),
    ],
)
def test_a_planted_wrong_import_is_found(tmp_path: Path, where: str, planted: str) -> None:
    file = tmp_path / "prolific_nb" / where
    file.parent.mkdir(parents=True)
    file.write_text(planted)
    assert len(wrong_imports(tmp_path / "prolific_nb")) == 1
