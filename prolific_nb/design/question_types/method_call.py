"""A call of a `Design` method, and values as Python source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class MethodCall:
    """One method of `Design` with its arguments; keyword arguments that are None are left out."""

    method: str
    given: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)

    @property
    def arguments(self) -> dict[str, Any]:
        """The keyword arguments that are not None."""
        return {name: value for name, value in self.named.items() if value is not None}

    def __str__(self) -> str:
        named = (f"{name}={literal(value)}" for name, value in self.arguments.items())
        return f".{self.method}({', '.join([*map(literal, self.given), *named])})"


def literal(value: Any) -> str:
    """A value as Python source, with double quotes where they need no backslash.

    Examples
    --------
    >>> print(literal({"a": ["b", 1.5, True]}))
    {"a": ["b", 1.5, True]}
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(key)}: {literal(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    source = repr(value)
    return f'"{source[1:-1]}"' if source.startswith("'") and '"' not in source else source
