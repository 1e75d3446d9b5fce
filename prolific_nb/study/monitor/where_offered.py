"""What the API does not offer to every workspace."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ...errors import ApiError, ProlificError

T = TypeVar("T")
_NOT_OFFERED = (403, 404, 501)


def where_offered(read: Callable[[], T], what: str, remedy: str) -> T:
    """What the API returns.

    Parameters
    ----------
    read : callable
        Sends the request.
    what, remedy : str
        What is missing if the API does not offer it, and where else it is.

    Raises
    ------
    ProlificError
        The API does not offer it.
    """
    try:
        return read()
    except ApiError as refused:
        if refused.status not in _NOT_OFFERED:
            raise
        reason = str(refused.detail)
    raise ProlificError(f"{what} ({reason}). {remedy}")
