"""Shapes: the fields of a response that its readers need, checked before anything is done with them.

A shape names only what is read later. Unknown keys and unknown values of known keys are kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from ..common.json_fields import WRONG_SHAPE as WRONG_SHAPE
from ..errors import UnexpectedResponse
from .records import Record
from .transport import Transport

_LARGEST = 2**53  # every number of the API is far below; above it, floats are not exact and tables overflow
_SHOWN = 80  # characters of an unexpected value
_MISSING: Any = object()
_READ = "Nothing was changed. Try again; if the error persists, update prolific_nb."
_WRITE = "The request may have taken effect: check on the server (live: on Prolific's website) before repeating it."


@dataclass(frozen=True)
class Fault:
    """A value that is not what it must be: the dotted path to it, what it is, and what it must be."""

    place: str
    found: Any
    wanted: str

    def sentence(self, hide: Callable[[str], str] = str) -> str:
        """The fault in words, without secrets."""
        field = f"the field {hide(self.place)!r}" if self.place else "it"
        return f"{field} {_described(self.found, hide)}, but must be {self.wanted}"


def _described(value: Any, hide: Callable[[str], str]) -> str:
    if value is _MISSING:
        return "is missing"
    if value is None:
        return "is empty"
    if isinstance(value, dict):
        keys = hide(", ".join(map(repr, list(value)[:5])))[:_SHOWN]
        return f"is an object{f' with the keys {keys}' if keys else ' without keys'}"
    if isinstance(value, list):
        return f"is a list of {len(value)}"
    text = hide(value) if isinstance(value, str) else value
    shown = repr(text)
    return f"is {shown if len(shown) <= _SHOWN else f'{shown[:_SHOWN]} …'}"


class Kind:
    """What one value must be: words for messages, and a test."""

    optional = False

    def __init__(self, wanted: str, fits: Callable[[Any], bool]) -> None:
        self.wanted, self.fits = wanted, fits

    def fault(self, value: Any, place: str = "") -> Fault | None:
        """The first fault of a value, or None."""
        return None if self.fits(value) else Fault(place, value, self.wanted)


class Maybe(Kind):
    """A value that may be missing, and may be null unless `null` is False."""

    optional = True

    def __init__(self, inner: Kind, *, null: bool = True) -> None:
        super().__init__(inner.wanted, lambda value: (null and value is None) or inner.fits(value))
        self._inner, self._null = inner, null

    def fault(self, value: Any, place: str = "") -> Fault | None:
        """That of the value, unless it is null."""
        return None if self._null and value is None else self._inner.fault(value, place)


class Each(Kind):
    """A list whose items are all of one kind."""

    def __init__(self, inner: Kind) -> None:
        super().__init__("a list", lambda value: self.fault(value) is None)
        self._inner = inner

    def fault(self, value: Any, place: str = "") -> Fault | None:
        """That of the list, or of its first item with one; items are counted from 0, as the server does."""
        if not isinstance(value, list):
            return Fault(place, value, self.wanted)
        found = (self._inner.fault(item, f"{place}.{number}".lstrip(".")) for number, item in enumerate(value))
        return next((fault for fault in found if fault), None)


class Shape(Kind):
    """An object with these fields, and any others."""

    def __init__(self, **fields: Kind) -> None:
        super().__init__("an object", lambda value: self.fault(value) is None)
        self._fields = tuple(fields.items())

    def fault(self, value: Any, place: str = "") -> Fault | None:
        """That of the object, or of its first field with one."""
        if not isinstance(value, dict):
            return Fault(place, value, self.wanted)
        for name, kind in self._fields:
            part = value.get(name, _MISSING)
            if part is _MISSING and kind.optional:
                continue
            if found := kind.fault(part, f"{place}.{name}" if place else name):
                return found
        return None


def _is_whole(value: Any) -> bool:
    if isinstance(value, float):
        return value.is_integer() and abs(value) < _LARGEST
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value if isinstance(value, float) else 0)
        and abs(value) < _LARGEST
    )


def moment(text: str) -> datetime:
    """A time of the API; without a time zone it is UTC.

    Raises
    ------
    ValueError
        It is not one, or in a year that no table can hold.
    """
    read = datetime.fromisoformat(text)
    if not 1700 < read.year < 2260:
        raise ValueError(f"{text!r} is not a plausible time.")
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(moment(value))
    except ValueError:
        return False


def _is_id(value: Any) -> bool:
    # It becomes a segment of a path and a row of the ledger.
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        return False
    return value not in ("", ".", "..", "None") and not any(sign in value for sign in "/\\?# ")


def _is_url(value: Any) -> bool:
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or " " in value:
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


ANY = Kind("given", lambda value: value is not _MISSING)
TEXT = Kind("a string", lambda value: isinstance(value, str))
WORD = Kind("a non-empty string", lambda value: isinstance(value, str) and bool(value.strip()) and value.isprintable())
ID = Kind("an ID", _is_id)
URL = Kind("a URL", _is_url)
HEADER = Kind("a media type", lambda value: isinstance(value, str) and value.isascii() and value.isprintable())
CURRENCY = Kind(
    "a currency such as 'GBP'", lambda value: isinstance(value, str) and value.isalpha() and len(value) == 3
)
WHOLE = Kind("a whole number", _is_whole)
COUNT = Kind("a whole number of at least 0", lambda value: _is_whole(value) and value >= 0)
POSITIVE = Kind("a number above 0", lambda value: _is_number(value) and value > 0)
MOMENT = Kind("a time in ISO 8601", _is_moment)
LIST = Kind("a list", lambda value: isinstance(value, list))
OBJECT = Shape()
HAS_ID = Shape(id=ID)


def fetch(transport: Transport, shape: Kind, path: str, params: Mapping[str, Any] | None = None) -> Record:
    """GET a record of this shape."""
    return Record(checked(transport, shape, "GET", path, transport.get(path, params)))


def ask(transport: Transport, shape: Kind, path: str, json: Any) -> Record:
    """POST a query that changes nothing, answered by a record of this shape."""
    return Record(checked(transport, shape, "POST", path, transport.ask(path, json), _READ))


def post(transport: Transport, shape: Kind, path: str, json: Any = None, **options: Any) -> Record:
    """POST once, answered by a record of this shape."""
    return Record(checked(transport, shape, "POST", path, transport.post(path, json, **options)))


def patch(transport: Transport, shape: Kind, path: str, json: Any) -> Record:
    """PATCH once, answered by a record of this shape."""
    return Record(checked(transport, shape, "PATCH", path, transport.patch(path, json)))


def checked(transport: Transport, shape: Kind, method: str, path: str, answer: Any, remedy: str | None = None) -> Any:
    """The answer to a request, if it is of this shape.

    Raises
    ------
    UnexpectedResponse
        Names the request, the field and what it is.
    """
    fault = shape.fault(answer)
    if fault is None:
        return answer
    remedy = remedy or (_READ if method == "GET" else _WRITE)
    raise unexpected(f"{method} {path.partition('?')[0]}", fault, transport.hide, remedy)


def unexpected(request: str, fault: Fault, hide: Callable[[str], str] = str, remedy: str = _READ) -> UnexpectedResponse:
    """The error for a fault of the answer to a request."""
    what = f"{request}: the response cannot be used: {fault.sentence(hide)}. {remedy}"
    return UnexpectedResponse(what, request=request, field=hide(fault.place))


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Replace what a wrong shape raises by `UnexpectedResponse`: for nested parts that no shape describes."""
    try:
        yield
        return
    except WRONG_SHAPE as failure:
        reason = type(failure).__name__
    raise UnexpectedResponse(f"{what} has an unexpected structure ({reason}). {_READ}", request=what)
