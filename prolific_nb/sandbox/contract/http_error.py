"""The sandbox's error responses: one exception, converted to the documented error bodies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any


class HTTPError(Exception):
    """The request is refused; its changes are rolled back.

    Parameters
    ----------
    status : int
        HTTP status of the response.
    sentence : str
        What is wrong and how to fix it.
    faults : mapping of str to list of str, optional
        Messages by the field of the request that they are about.
    """

    headers: Mapping[str, str] = {}
    """Headers that the response must have."""

    def __init__(self, status: int, sentence: str, faults: Mapping[str, list[str]] | None = None) -> None:
        self.status, self.sentence, self.faults = status, sentence, dict(faults or {})
        super().__init__(status, sentence)

    def body(self, path: str, bare: bool = False) -> dict[str, Any]:
        """The error body: flat for data-collection paths, otherwise the core record, wrapped or `bare`."""
        if path.startswith("/api/v1/data-collection/"):
            return {"message": self.sentence, **({"detail": self.faults} if self.faults else {})}
        record = {
            "status": self.status,
            "error_code": self.status * 100,  # the real codes are undocumented
            "title": HTTPStatus(self.status).phrase,
            "detail": self.faults or self.sentence,
        }
        return record if bare else {"error": record}


class MethodRefusal(HTTPError):
    """405: the path exists, but not for this method; HTTP requires the response to list the allowed methods."""

    def __init__(self, method: str, path: str, allowed: Sequence[str]) -> None:
        listed = ", ".join(allowed)
        self.headers = {"Allow": listed}
        super().__init__(405, f"{method} is not allowed on {path}. Use {listed}.")


class LayoutError(HTTPError):
    """422: the layout of a batch is invalid; every issue names page, row, column and item, counted from 0."""

    def __init__(self, issues: Sequence[Mapping[str, Any]]) -> None:
        self.issues = [dict(issue) for issue in issues]
        super().__init__(422, f"The layout was rejected: {len(self.issues)} issue(s).")

    def body(self, path: str, bare: bool = False) -> dict[str, Any]:
        """The documented body of a rejected layout."""
        return {"type": "INVALID_BATCH_ITEMS", "message": self.sentence, "issues": self.issues}


def missing(what: str, ident: str) -> HTTPError:
    """404 for an object that does not exist; clients add their own remedy to a 404."""
    return HTTPError(404, f"There is no {what} {ident} in this sandbox.")


def invalid(field: str, sentence: str) -> HTTPError:
    """400 for one field or query parameter, with the sentence listed under its name."""
    return HTTPError(400, sentence, {field: [sentence]})
