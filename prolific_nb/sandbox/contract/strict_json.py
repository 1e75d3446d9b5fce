"""Strict JSON parsing: every value read can be serialised again and used in arithmetic."""

from __future__ import annotations

import json
from typing import Any, NoReturn

_DEEPEST = 64  # levels; recursive code must not overflow the stack
_DEEP = f"it has more than {_DEEPEST} levels"
_LARGEST = 1e300  # so that the sum or difference of two numbers does not overflow


def read(raw: bytes | str, *, as_written: bool = False) -> Any:
    """The value of a JSON document.

    Parameters
    ----------
    raw : bytes or str
    as_written : bool
        Distinguish 2.0 from 2, since rows of data must be returned unchanged. Otherwise both are the same number.

    Raises
    ------
    ValueError
        If it is not valid JSON (NaN and Infinity are not), or has a number beyond 1e300, a lone surrogate, or more
        than 64 levels.

    Examples
    --------
    >>> read('{"minutes": 5}')
    {'minutes': 5}
    >>> read('{"minutes": 1e400}')
    Traceback (most recent call last):
    ValueError: the number 1e400 is beyond 1e+300
    """
    try:
        number = _decimal if as_written else _number
        value = json.loads(raw, parse_constant=_refuse, parse_float=number, parse_int=_whole)
        _check_depth(value)
    except RecursionError as error:
        raise ValueError(_DEEP) from error
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError("a string contains a lone surrogate, which is not a valid character") from error
    return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a valid JSON number")


def _decimal(text: str) -> float:
    number = float(text)
    if not abs(number) <= _LARGEST:
        raise ValueError(f"the number {text[:30]} is beyond {_LARGEST}")
    return number


def _number(text: str) -> int | float:
    number = _decimal(text)
    return int(number) if number.is_integer() else number


def _whole(text: str) -> int:
    if len(text) > 300:
        raise ValueError(f"a number in it has {len(text)} digits")
    return int(text)


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(_DEEPEST + 1):
        level = [inner for each in level for inner in _inside(each)]
    if level:
        raise ValueError(_DEEP)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
