"""Records: the server's JSON as it came, readable by attribute. Unknown keys and values are kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Record(dict[str, Any]):
    """A JSON object; ``record.status`` is ``record["status"]``.

    Examples
    --------
    >>> study = Record({"id": "abc", "status": "ACTIVE", "something_new": 1})
    >>> study.status, study.something_new
    ('ACTIVE', 1)
    """

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            known = ", ".join(self)
        raise AttributeError(f"The server's answer has no {name!r}; it has {known}.")


def require_list(given: Iterable[str], what: str) -> list[str]:
    """Several texts as a list; a single text, which would fall into its letters, is refused.

    Raises
    ------
    TypeError
        `given` is a text.
    """
    if isinstance(given, str):
        raise TypeError(f"{what} must be a list, but {given!r} is one text. Write [{given!r}].")
    return [*given]
