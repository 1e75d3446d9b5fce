"""The server's error answers, in all their documented forms, as one exception."""

from __future__ import annotations

import json
from typing import Any

from ..errors import (
    ApiError,
    Conflict,
    Forbidden,
    NotFound,
    Rejected,
    ServerError,
    TooManyRequests,
    Unauthorised,
)

_CLASSES: dict[int, type[ApiError]] = {
    401: Unauthorised,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: TooManyRequests,
}
_LONGEST = 600
_POSITIONS = ("page", "row", "column", "item")


def problem(status: int, request: str, text: str) -> ApiError:
    """The exception for an error answer.

    Parameters
    ----------
    status : int
        HTTP status.
    request : str
        Method and path.
    text : str
        The body; JSON in one of the documented shapes, or any text.

    Examples
    --------
    >>> str(problem(404, "GET /x", '{"detail": "Not found."}'))[:42]
    'GET /x was answered with 404: Not found. C'
    """
    body = _decoded(text)
    issues = _issues(body)
    words = _cut(". ".join(_words(body)) or "the answer holds no explanation")
    if not words.endswith((".", "!", "?")):
        words += "."
    kind = ServerError if status >= 500 else _CLASSES.get(status, Rejected)
    return kind(status, request, words, issues)


def _issues(body: Any) -> list[dict[str, Any]]:
    found = body.get("issues") if isinstance(body, dict) else None
    return [issue for issue in found if isinstance(issue, dict)] if isinstance(found, list) else []


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else words[:_LONGEST] + " …"


def _words(body: Any) -> list[str]:
    """Every sentence in an error body, in the order title, message, detail, issues."""
    if isinstance(body, str):
        return [body.rstrip(". ")] if body else []
    if isinstance(body, list):
        return [word for part in body for word in _words(part)]
    if not isinstance(body, dict):
        return []
    record = body["error"] if isinstance(body.get("error"), dict) else body
    found = [word for key in ("title", "message", "error") for word in _words(record.get(key))]
    detail = record.get("detail")
    if isinstance(detail, dict):
        found += [f"{field}: {'; '.join(_words(said))}" for field, said in detail.items()]
    else:
        found += _words(detail)
    return found + [_place(issue) for issue in _issues(record)]


def _place(issue: dict[str, Any]) -> str:
    # The API counts from zero; people count from one.
    where = ", ".join(f"{name} {issue[name] + 1}" for name in _POSITIONS if isinstance(issue.get(name), int))
    field = f" ({issue['field']})" if issue.get("field") else ""
    return f"{where}{field}: {str(issue.get('message', '')).rstrip('.')}"
