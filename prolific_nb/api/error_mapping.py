"""Mapping the server's error responses, documented or not, to exceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import starmap
from typing import Any

from ..errors import (
    ApiError,
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    Rejected,
    ServerError,
    TooManyRequests,
    Unauthorised,
)
from .error_bodies import decoded, one_line

_CLASSES: dict[int, type[ApiError]] = {
    401: Unauthorised,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: Gone,
    429: TooManyRequests,
}
_LONGEST = 600
_POSITIONS = ("page", "row", "column", "item")
_WORDS = ("title", "message", "error", "detail")
# Keys of the documented forms that do not describe the request; they are left out of the message.
_ASIDE = ("status", "error_code", "type", "issues", "additional_information", "traceback", "interactive")


def problem(status: int, request: str, text: str, hide: Callable[[str], str] = str) -> ApiError:
    """The exception for an error response.

    Parameters
    ----------
    status : int
        HTTP status.
    request : str
        Method and path.
    text : str
        The body: JSON of any shape, the HTML page of a gateway, any other text, or empty.
    hide : callable, optional
        Removes secrets from a string.

    Examples
    --------
    >>> str(problem(404, "GET /x", '{"detail": "Not found."}'))[:42]
    'GET /x was answered with 404: Not found. C'
    >>> problem(400, "POST /x", '{"error": {"detail": {"codes": [{"code": ["Taken."]}]}}}').fields
    {'codes.0.code': ['Taken.']}
    """
    body = decoded(text, hide)
    record = _record(body)
    issues, fields = _issues(record), _fields(record, body)
    words = [*_sentences(record, body), *starmap(_named, fields.items()), *map(_place, issues)]
    more = " (see .fields and .issues of this error for the full text)" if fields or issues else ""
    kind = ServerError if status >= 500 else _CLASSES.get(status, Rejected)
    return kind(status, request, _format_message(words, more), issues, code=_code(record), fields=fields, said=record)


def _record(body: Any) -> dict[str, Any]:
    """The error record, wrapped or bare; empty if the body is not an object."""
    if not isinstance(body, dict):
        return {}
    inner = body.get("error")
    return {**{name: body[name] for name in body if name != "error"}, **inner} if isinstance(inner, dict) else body


def _code(record: Mapping[str, Any]) -> int | str | None:
    code = record.get("error_code")
    return code if isinstance(code, int | str) and not isinstance(code, bool) else None


def _issues(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = record.get("issues")
    return [issue for issue in found if isinstance(issue, dict)] if isinstance(found, list) else []


def _fields(record: Mapping[str, Any], body: Any) -> dict[str, list[str]]:
    """The server's messages about single fields."""
    fields: dict[str, list[str]] = {}
    for field, words in _leaves(_about_fields(record, body), ""):
        fields.setdefault(field, []).append(words)
    return fields


def _about_fields(record: Mapping[str, Any], body: Any) -> dict[str, Any]:
    """The part of a body that is about fields; for an undocumented form, all other keys of the record."""
    detail = record.get("detail")
    if isinstance(detail, dict):
        return detail
    # A list may hold strings, which are about the whole request, and records, which are about its parts.
    for listed in (detail, body):
        parts = enumerate(listed) if isinstance(listed, list) else ()
        if found := {str(number): part for number, part in parts if isinstance(part, dict | list)}:
            return found
    if _issues(record) or any(_sentences(record, body)):
        return {}
    return {name: part for name, part in record.items() if name not in _ASIDE}


def _leaves(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every leaf of a nested value as a string, with its dotted path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            # A list of strings holds messages about one field; in a list of records, each has its own path.
            yield from _leaves(inner, f"{place}.{number}" if isinstance(inner, dict | list) else place)
    elif value is not None and str(value).strip():
        yield place, str(value)


def _sentences(record: Mapping[str, Any], body: Any) -> Iterator[str]:
    """Messages about the whole request, in the order title, message, error, detail."""
    for value in [record.get(name) for name in _WORDS] if record else [body]:
        for each in value if isinstance(value, list) else [value]:
            if words := _text(each):
                yield words


def _text(value: Any) -> str:
    """A sentence without its full stop; empty if the value is not a string or number."""
    return (
        one_line(str(value)).rstrip(". ")
        if isinstance(value, str | int | float) and not isinstance(value, bool)
        else ""
    )


def _named(field: str, messages: list[str]) -> str:
    return one_line(f"{field}: {'; '.join(map(_text, messages))}")


def _place(issue: Mapping[str, Any]) -> str:
    # The API counts from zero; people count from one.
    counted = ((name, issue.get(name)) for name in _POSITIONS)
    where = ", ".join(f"{name} {at + 1}" for name, at in counted if isinstance(at, int) and not isinstance(at, bool))
    field = f" ({_text(issue['field'])})" if issue.get("field") else ""
    return f"{where}{field}: {_text(issue.get('message'))}".removeprefix(": ").strip()


def _format_message(sentences: list[str], more: str) -> str:
    """Join the sentences, each once; if the result is cut to a readable length, append `more`."""
    text = ""
    for sentence in sentences:
        if sentence not in text:
            text += f". {sentence}" if text else sentence
    text = text or "the response contains no error message"
    if len(text) > _LONGEST:
        return f"{text[:_LONGEST]} …{more}"
    return text if text.endswith((".", "!", "?")) else text + "."
