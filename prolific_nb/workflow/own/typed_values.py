"""What was typed into a form, as JSON: questions by number, so that a page may be rearranged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ...common.answering import Entered, UploadedFile


def to_json(entered: Entered, names: Sequence[str]) -> dict[str, list[Any]]:
    """The values of the inputs of these questions.

    Examples
    --------
    >>> to_json({"p1-r1-c1-i1": ["3"], "p1-r1-c1-i1-unit": ["kg"]}, ["p1-r1-c1-i1"])
    {'1': ['3'], '1-unit': ['kg']}
    """
    numbers = {name: str(number) for number, name in enumerate(names, 1)}
    return {key: [_plain(each) for each in values] for key, values in _renamed(entered, numbers).items()}


def from_json(typed: Mapping[str, Sequence[Any]], names: Sequence[str]) -> dict[str, list[str | UploadedFile]]:
    """The values of which `to_json` was made, for the inputs of the page as it is now."""
    by_number = {str(number): name for number, name in enumerate(names, 1)}
    return {name: [_value(each) for each in values] for name, values in _renamed(typed, by_number).items()}


def _renamed(values: Mapping[str, Sequence[Any]], names: Mapping[str, str]) -> dict[str, Sequence[Any]]:
    """The values whose name is one of these, or begins with one and a hyphen."""
    found = {}
    for name, each in values.items():
        base = name if name in names else next((known for known in names if name.startswith(f"{known}-")), None)
        if base is not None:
            found[names[base] + name.removeprefix(base)] = each
    return found


def _plain(value: str | UploadedFile) -> Any:
    return asdict(value) if isinstance(value, UploadedFile) else value


def _value(plain: Any) -> str | UploadedFile:
    return UploadedFile(**plain) if isinstance(plain, Mapping) else plain
