"""Records: the server's JSON objects with attribute access. Unknown keys and values are kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from ..errors import ArgumentTypeError, UnexpectedResponse

_SHOWN = 12  # keys in a message


class MissingField(UnexpectedResponse, AttributeError, KeyError):
    """A record lacks a field: for `hasattr`, `copy` and `pickle` still an AttributeError, for ``[]`` a KeyError."""


class Record(dict[str, Any]):
    """A JSON object; ``record.status`` is ``record["status"]``.

    Examples
    --------
    >>> study = Record({"id": "abc", "status": "ACTIVE", "something_new": 1})
    >>> study.status, study.something_new
    ('ACTIVE', 1)
    """

    def __getattr__(self, name: str) -> Any:
        return self[name]

    def __missing__(self, name: str) -> NoReturn:
        known = ", ".join(map(str, list(self)[:_SHOWN])) + (", …" if len(self) > _SHOWN else "")
        raise MissingField(f"The server's response has no key {name!r}; its keys are {known}.", field=str(name))


def require_list(given: Iterable[str], what: str) -> list[str]:
    """Strings as a list; a single string is refused, since it would be split into characters.

    Raises
    ------
    TypeError
        If `given` is a string.
    """
    if isinstance(given, str):
        raise ArgumentTypeError(f"{what} must be a list, but {given!r} is a single string. Pass [{given!r}].")
    return [*given]
