"""Checks of arguments, so that a wrong type is reported with the name of the argument and not from deep inside."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from ..errors import ArgumentError, ArgumentTypeError
from .plurals import a_type


def require_whole(name: str, value: object, least: int, advice: str = "") -> None:
    """Raise unless `value` is a whole number of at least `least`.

    Examples
    --------
    >>> require_whole("draws", 1000, 1)
    >>> require_whole("draws", "many", 1)
    Traceback (most recent call last):
        ...
    prolific_nb.errors.ArgumentTypeError: draws is 'many'; use a whole number of at least 1.
    """
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise ArgumentTypeError(f"{name} is {value!r:.80}; use a whole number of at least {least}.")
    if value < least:
        raise ArgumentError(f"{name} is {value}; use at least {least}{advice}.")


def require_number(name: str, value: object, least: float) -> None:
    """Raise unless `value` is a number of at least `least`; NaN is not."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise ArgumentTypeError(f"{name} is {value!r:.80}; use a number of at least {least:g}.")
    if not float(value) >= least:
        raise ArgumentError(f"{name} is {value}; use a number of at least {least:g}.")


def require_choice(name: str, value: object, allowed: Iterable[str | None]) -> None:
    """Raise unless `value` is one of a few strings, or None where that is among them.

    Examples
    --------
    >>> require_choice("ties", "last", ("all", "first"))
    Traceback (most recent call last):
        ...
    prolific_nb.errors.ArgumentError: ties is 'last'; use 'all' or 'first'.
    """
    choices = tuple(allowed)
    if value is None or isinstance(value, str):
        if value in choices:
            return
        error: type[ArgumentError] = ArgumentError
    else:
        error = ArgumentTypeError
    *others, last = map(repr, choices)
    raise error(f"{name} is {value!r:.80}; use {', '.join(others)} or {last}.")


def require_path(name: str, value: object) -> Path:
    """The path of a file or folder, `~` expanded.

    Examples
    --------
    >>> require_path("folder", 3)
    Traceback (most recent call last):
        ...
    prolific_nb.errors.ArgumentTypeError: folder is 3, not a path. Pass a string such as 'folder/file'.
    """
    if not isinstance(value, str | os.PathLike) or not isinstance(os.fspath(value), str):
        raise ArgumentTypeError(f"{name} is {value!r:.80}, not a path. Pass a string such as 'folder/file'.")
    try:
        return Path(value).expanduser()
    except RuntimeError:  # the home folder of a user who does not exist
        raise ArgumentError(f"{name} is {value!r:.80}, whose home folder is not known. Pass a whole path.") from None


def require_string(name: str, value: object) -> str:
    """The value, if it is a string."""
    if not isinstance(value, str):
        raise ArgumentTypeError(f"{name} is {value!r:.80}, not a string.")
    return value


def require_column(name: str, value: object) -> None:
    """Raise unless `value` can be the name of one column."""
    if not isinstance(value, Hashable):
        raise ArgumentTypeError(
            f"{name} is {value!r:.80}, {a_type(value)}; use the name of one column, such as {name}='text'."
        )


def listed(name: str, value: Any) -> list[Any]:
    """The values as a list; raises for a single string, which would be split into characters, and for one number."""
    if isinstance(value, str | bytes):
        raise ArgumentTypeError(
            f"{name}={value!r:.80} is a single string; it would be split into characters. Pass a list."
        )
    if not isinstance(value, Iterable):
        raise ArgumentTypeError(f"{name} is {value!r:.80}, {a_type(value)}. Pass a list.")
    return list(value)
