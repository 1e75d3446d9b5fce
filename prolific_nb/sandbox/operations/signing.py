"""Signing presigned URLs, which contain a signature and the real time of their expiry."""

from __future__ import annotations

from math import ceil
from urllib.parse import quote

from flask import request

from ..contract.http_error import HTTPError
from ..state.sandbox_state import SandboxState, current_state
from ..storage.clock import wall_iso

_LIFETIME = 3600  # seconds

_CONTENT_TYPES = {
    3: {"csv": "text/csv", "zip": "application/zip"},
    4: {"csv": "text/csv", "jsonl": "application/x-ndjson"},
}


def signature(state: SandboxState, path: str, expires: str) -> str:
    """The valid signature for this path and expiry."""
    return state.sign(f"{path}\n{expires}".encode())


def sign(path: str, expired: bool = False) -> tuple[str, str]:
    """A presigned URL for `path` on the host of the current request, and its expiry (ISO 8601).

    With `expired`, the expiry is in the past.
    """
    state = current_state()
    expires = str(ceil(state.clock.real) + (-1 if expired else _LIFETIME))
    query = f"expires={expires}&signature={signature(state, path, expires)}"
    return f"{request.host_url.rstrip('/')}{quote(path)}?{query}", wall_iso(int(expires))


def content_type(filename: str, version: int) -> str:
    """The Content-Type required for uploading this file to a dataset of this version.

    Raises
    ------
    HTTPError
        400 for a file type that such a dataset does not accept.
    """
    suffix, known = filename.rpartition(".")[2].lower(), _CONTENT_TYPES[version]
    if suffix not in known:
        kind = "with a schema" if version == 4 else "without a schema"
        accepted = " and ".join(f".{each}" for each in known)
        raise HTTPError(400, f"{filename} cannot be uploaded. A dataset {kind} accepts {accepted} files.")
    return known[suffix]
