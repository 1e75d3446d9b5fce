"""Public names and signatures match public_surface.txt, so that a change of them is a decision.

``python -m tests.test_public_surface`` rewrites the file.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

SNAPSHOT = Path(__file__).with_name("public_surface.txt")
MODULES = (
    "prolific_nb",
    "prolific_nb.analysis",
    "prolific_nb.plots",
    "prolific_nb.panels",
    "prolific_nb.errors",
    "prolific_nb.sandbox",
)


def lines() -> Iterator[str]:
    for module in map(import_module, MODULES):
        for name in sorted(module.__all__):
            yield from described(f"{module.__name__}.{name}", getattr(module, name))


def described(path: str, value: Any) -> Iterator[str]:
    if inspect.isclass(value):
        yield f"class {path}{called(value)}"
        for name, member in members(value):
            yield f"    {path}.{name}{member}"
    elif callable(value):
        yield f"{path}{called(value)}"
    else:
        yield f"{path}: {type(value).__name__}"


def members(owner: type) -> Iterator[tuple[str, str]]:
    """Members defined in the package; members inherited from other libraries are not part of the public surface."""
    ours = [each for each in owner.__mro__ if each.__module__.startswith("prolific_nb")]
    for name in sorted({name for each in ours for name in vars(each) if not name.startswith("_")}):
        member = inspect.getattr_static(owner, name)
        if isinstance(member, staticmethod | classmethod):
            member = member.__func__
        yield name, called(member) if inspect.isfunction(member) else ""


def called(value: Any) -> str:
    """Names, kinds and defaults of the parameters. Annotations may change: callers do not write them."""
    try:
        signature = inspect.signature(value)
    except ValueError:  # an exception without its own __init__
        return "(...)"
    plain = [
        each.replace(annotation=inspect.Parameter.empty, default=named(each.default))
        for each in signature.parameters.values()
    ]
    return str(signature.replace(parameters=plain, return_annotation=inspect.Signature.empty))


def named(default: Any) -> Any:
    """The default, or the name of a function, whose repr differs between processes."""
    return Name(default.__name__) if inspect.isfunction(default) else default


class Name(str):
    """Printed without quotation marks."""

    __repr__ = str.__str__


def test_public_names_and_signatures_match_the_snapshot() -> None:
    was = SNAPSHOT.read_text(encoding="utf-8").splitlines()
    assert "\n".join(difflib.unified_diff(was, list(lines()), "recorded", "now", lineterm="")) == ""


if __name__ == "__main__":
    SNAPSHOT.write_text("\n".join(lines()) + "\n", encoding="utf-8")
