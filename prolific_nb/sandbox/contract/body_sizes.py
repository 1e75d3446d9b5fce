"""How long a request's body may be. Prolific publishes no limits; these are the sandbox's own."""

from __future__ import annotations

_API = 10 * 2**20
_UPLOAD = 256 * 2**20
_UPLOADS = "/_uploads/"


def limit(path: str) -> int:
    """The most bytes of a body that is sent to this path.

    Examples
    --------
    >>> limit("/api/v1/studies/"), limit("/_uploads/5e1f")
    (10485760, 268435456)
    """
    return _UPLOAD if path.startswith(_UPLOADS) else _API


def sentence(path: str) -> str:
    """What is said about a longer one."""
    most = limit(path) // 2**20
    remedy = "Split the file and upload its parts" if path.startswith(_UPLOADS) else "Send less in one request"
    return f"The body is longer than {most} MiB, the limit of the sandbox here. {remedy}."
