"""Presigned URLs: each carries its own signature and the real time at which it expires."""

from __future__ import annotations

import hmac
from hashlib import sha256
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


def signature(world: SandboxState, path: str, expires: str) -> str:
    """What makes a URL of this path and expiry valid."""
    return hmac.new(world.token.encode(), f"{path}\n{expires}".encode(), sha256).hexdigest()


def sign(path: str, expired: bool = False) -> tuple[str, str]:
    """A presigned address for `path` on the host the request came to, and when it expires (ISO 8601).

    With `expired` that moment has passed already.
    """
    world = current_state()
    expires = str(ceil(world.clock.real) + (-1 if expired else _LIFETIME))
    query = f"expires={expires}&signature={signature(world, path, expires)}"
    return f"{request.host_url.rstrip('/')}{quote(path)}?{query}", wall_iso(int(expires))


def content_type(filename: str, version: int) -> str:
    """The type that an upload of this name to a dataset of this version must be sent with.

    Raises
    ------
    HTTPError
        400 for a file that such a dataset does not take.
    """
    suffix, known = filename.rpartition(".")[2].lower(), _CONTENT_TYPES[version]
    if suffix not in known:
        kind = "with a schema" if version == 4 else "without a schema"
        takes = " and ".join(f".{each}" for each in known)
        raise HTTPError(400, f"{filename} cannot be uploaded. A dataset {kind} takes {takes} files.")
    return known[suffix]
