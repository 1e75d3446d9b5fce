"""JSON that the package has no words for: unknown fields and whole items, kept exactly as they were read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..errors import ArgumentError, ArgumentTypeError

WRONG_SHAPE = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError)
"""What code raises that reads values of another shape than it expects."""


def canonical(value: Any) -> str:
    """The same string for the same JSON.

    Examples
    --------
    >>> canonical({"b": 1, "a": [True, 1.0]})
    '{"a": [true, 1.0], "b": 1}'
    """
    return json.dumps(value, sort_keys=True)


class Extra(Mapping[str, Any]):
    """A JSON object that cannot be changed: ``{}`` if nothing is given.

    Two of them are equal if they are the same JSON: the order of keys has no meaning, and 1, 1.0 and true differ.

    Raises
    ------
    ArgumentTypeError
        If it is not a mapping, or contains what JSON does not have, such as a set or NaN.

    Examples
    --------
    >>> Extra({"a": 1, "b": [2]}) == Extra({"b": [2], "a": 1})
    True
    >>> Extra({"a": 1}) == Extra({"a": True})
    False
    """

    __slots__ = ("_identity", "_json")

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        if given is not None and not isinstance(given, Mapping):
            raise ArgumentTypeError(f"Unknown fields must be a mapping of names to JSON values, not {given!r}.")
        try:
            self._json = json.dumps(dict(given or {}), allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise ArgumentTypeError(
                f"Unknown fields must be JSON, but {given!r} is not: {error}. Use strings, finite numbers, True, "
                "False, None, lists and dictionaries."
            ) from None
        self._identity = canonical(json.loads(self._json))

    def __getitem__(self, name: str) -> Any:
        return self.as_dict()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.as_dict())

    def __len__(self) -> int:
        return len(self.as_dict())

    def __bool__(self) -> bool:
        return self._json != "{}"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Extra):
            return self._identity == other._identity
        return isinstance(other, Mapping) and self.as_dict() == dict(other)

    def __hash__(self) -> int:
        return hash(self._identity)

    def __repr__(self) -> str:
        return repr(self.as_dict())

    def as_dict(self) -> dict[str, Any]:
        """A copy that may be changed."""
        return dict(json.loads(self._json)) if self else {}


NOTHING = Extra()
"""No unknown fields."""


def unknown_fields(given: Mapping[str, Any] | None, known: Iterable[str], what: str) -> Extra:
    """The fields as an `Extra`; a ValueError if some are `known`: those have arguments, or the server sets them."""
    extra = given if isinstance(given, Extra) else Extra(given)
    if extra and (clash := [repr(name) for name in known if name in extra]):
        raise ArgumentError(
            f"extra has {', '.join(clash)}, which {what} has already or the server sets. Use the argument for it, or "
            "leave it out."
        )
    return extra
