"""Imports point down the layers only, siblings do not import each other, imports form no loop, folders stay small."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
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
FLOORS: dict[str, tuple[set[str], ...]] = {
    "sandbox": (
        {"storage"},
        {"contract"},
        {"simulation"},
        {"state"},
        {"operations"},
        {"routes"},
        {"app", "connection", "tls"},
        {"serve"},
    ),
    "study": (
        {"ledger_file", "machine_lock", "audience"},
        {"ledger", "plan"},
        {"draft_edits", "local_truths"},
        {"idempotent"},
        {"flows", "launch_key", "monitor"},
        {"same_launch"},
        {"truth_check", "gold"},
        {"quote"},
        {"spend"},
        {"launch", "review", "add_rows", "follow_up"},
    ),
    "panels": (
        {"kit"},
        {"planning", "judging", "taking"},
        {"account", "files", "compose", "launching", "reviewing", "rehearsing", "outcome"},
        {"shell"},
        {"studio_panel"},
    ),
}
"""The layers within these folders, lowest first; modules of one layer do not import each other."""
FRAME_FREE = {"design", *GROUND}  # `pnb.Design("x")` must not wait for pandas
MOST_FILES = 15
MAY_BE_FULL = {"analysis", "api"}  # flat lists: one statistical term, or one API resource, per file


def top(path: Path, package: Path) -> str:
    return path.relative_to(package).parts[0].removesuffix(".py")


def imported(path: Path, package: Path) -> Iterator[tuple[int, str]]:
    """Every import in a file, including those inside functions, as an absolute dotted name."""
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
            continue  # lists every public name and imports it on first use
        for line, name in imported(path, package):
            parts = name.split(".")
            where = f"{path.relative_to(package)}:{line} imports {name}"
            if parts[0] == "prolific_nb" and len(parts) > 1 and not allowed(path, package, parts[1:]):
                wrong.append(where)
            if room in FRAME_FREE and parts[0] in {"pandas", "numpy", "matplotlib", "requests", "flask"}:
                wrong.append(where)
    return wrong


def allowed(path: Path, package: Path, target: list[str]) -> bool:
    room = top(path, package)
    if target[0] == room and room in FLOORS and len(target) > 1:
        return not climbs(path, package, target[1:])
    return target[0] in MAY_IMPORT[room] | {room}


def climbs(path: Path, package: Path, target: list[str]) -> bool:
    """Whether an import inside one folder points up, or to a neighbour on the same layer."""
    inside = path.relative_to(package).parts[1].removesuffix(".py")
    if inside == "__init__" or inside == target[0]:
        return False
    floors = {name: number for number, names in enumerate(FLOORS[top(path, package)]) for name in names}
    return floors[target[0]] >= floors[inside]


def module_name(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def loop(package: Path) -> list[str]:
    """Modules whose imports form a loop, including imports for types only; [] if there are none."""
    files = {module_name(path, package): path for path in package.rglob("*.py")}
    graph: dict[str, set[str]] = {}
    for module, path in files.items():
        if path == package / "__init__.py":
            continue
        names = {name for _, name in imported(path, package)}
        found = {name if name in files else name.rpartition(".")[0] for name in names}
        graph[module] = (found & set(files)) - {module}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return list(error.args[1])
    return []


def test_imports_point_down_the_layers_only() -> None:
    assert wrong_imports(PACKAGE) == []


def test_imports_form_no_loop() -> None:
    assert loop(PACKAGE) == []


def test_every_folder_of_the_package_has_a_rule() -> None:
    assert {top(path, PACKAGE) for path in PACKAGE.rglob("*.py")} - {"__init__"} <= set(MAY_IMPORT)


@pytest.mark.parametrize("room", FLOORS)
def test_every_module_of_a_layered_folder_has_a_layer(room: str) -> None:
    there = {path.name.removesuffix(".py") for path in (PACKAGE / room).iterdir() if path.suffix in ("", ".py")}
    assert there - {"__init__", "__pycache__"} == set().union(*FLOORS[room])


def test_folders_are_small() -> None:
    folders = [each for each in PACKAGE.iterdir() if each.is_dir() and each.name != "__pycache__"]
    assert len(folders) <= 12
    assert len([each for each in PACKAGE.iterdir() if each.is_file()]) <= 6
    files = Counter(path.parent for path in PACKAGE.rglob("*.py"))
    full = {str(folder.relative_to(PACKAGE)): count for folder, count in files.items() if count > MOST_FILES}
    assert set(full) <= MAY_BE_FULL


def test_module_names_are_unique() -> None:
    names = Counter(path.stem for path in PACKAGE.rglob("*.py") if path.stem != "__init__")
    assert [name for name, count in names.items() if count > 1] == []


def test_every_folder_has_a_folder_of_tests_with_the_same_name() -> None:
    folders = {path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py")}
    here = Path(__file__).parent
    assert [str(folder) for folder in sorted(folders) if not any((here / folder).rglob("test_*.py"))] == []


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
        ("sandbox/storage/wrong.py", "from ..contract import profile\n"),
        ("sandbox/operations/wrong.py", "from ..routes.studies import study_routes\n"),
        ("sandbox/state/wrong.py", "def f():\n    from ..operations.wallet import balance\n    return balance\n"),
        ("study/monitor/wrong.py", "from ..review.review import Review\n"),
        ("study/plan.py", "from . import ledger\n"),
        ("panels/kit/wrong.py", "from ..files.data_panel import Data\n"),
        ("panels/outcome/wrong.py", "from ..launching import monitor\n"),
    ],
)
def test_a_planted_wrong_import_is_found(tmp_path: Path, where: str, planted: str) -> None:
    file = tmp_path / "prolific_nb" / where
    file.parent.mkdir(parents=True)
    file.write_text(planted)
    assert len(wrong_imports(tmp_path / "prolific_nb")) == 1


def test_a_planted_loop_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "prolific_nb" / "api"
    folder.mkdir(parents=True)
    (folder / "one.py").write_text("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .two import b\n")
    (folder / "two.py").write_text("from . import one\n")
    assert loop(tmp_path / "prolific_nb") != []
