"""Presigned addresses: they carry their own signature and the real time at which they expire."""

from __future__ import annotations

import hmac
from hashlib import sha256
from math import ceil
from urllib.parse import quote

from flask import Blueprint, Response, request

from . import records, results
from .clock import wall_iso
from .refusal import Refusal
from .world import World, here

blueprint = Blueprint("presigned", __name__)

_LIFETIME = 3600  # seconds
_CONTENT_TYPES = {
    3: {"csv": "text/csv", "zip": "application/zip"},
    4: {"csv": "text/csv", "jsonl": "application/x-ndjson"},
}


def _signature(world: World, path: str, expires: str) -> str:
    return hmac.new(world.token.encode(), f"{path}\n{expires}".encode(), sha256).hexdigest()


def sign(path: str, expired: bool = False) -> tuple[str, str]:
    """A presigned address for `path` on the host the request came to, and when it expires (ISO 8601).

    With `expired` that moment has passed already.
    """
    world = here()
    expires = str(ceil(world.clock.real) + (-1 if expired else _LIFETIME))
    query = f"expires={expires}&signature={_signature(world, path, expires)}"
    return f"{request.host_url.rstrip('/')}{quote(path)}?{query}", wall_iso(int(expires))


def content_type(filename: str, version: int) -> str:
    """The type that an upload of this name to a dataset of this version must be sent with.

    Raises
    ------
    Refusal
        400 for a file that such a dataset does not take.
    """
    suffix, known = filename.rpartition(".")[2].lower(), _CONTENT_TYPES[version]
    if suffix not in known:
        kind = "with a schema" if version == 4 else "without a schema"
        takes = " and ".join(f".{each}" for each in known)
        raise Refusal(400, f"{filename} cannot be uploaded. A dataset {kind} takes {takes} files.")
    return known[suffix]


@blueprint.before_request
def check() -> None:
    """Refuse what storage behind presigned addresses refuses."""
    expires, signature = request.args.get("expires", ""), request.args.get("signature", "")
    if "Authorization" in request.headers:
        raise Refusal(400, "A presigned address carries its own right. Send no Authorization header.")
    if not hmac.compare_digest(signature.encode(), _signature(here(), request.path, expires).encode()):
        raise Refusal(403, "The signature does not fit the address. Ask for a new one and use it unchanged.")
    if int(expires) < here().clock.real:
        raise Refusal(403, "The address has expired. Ask for a new one.")


@blueprint.put("/_uploads/<import_id>")
def upload(import_id: str) -> Response:
    """Take the file of an import."""
    job = here().document("import", import_id)
    wanted, given = job["content_type"], request.headers.get("Content-Type", "")
    if given != wanted:
        raise Refusal(403, f"The Content-Type is {given or 'missing'}. Send {wanted}, as the upload's answer says.")
    records.take(here(), job, request.get_data())
    return Response(status=200)


@blueprint.get("/_files/report/<batch_id>.csv")
def report(batch_id: str) -> Response:
    """The CSV report as things stand now."""
    return Response(results.report_csv(here(), here().document("batch", batch_id)), mimetype="text/csv")


@blueprint.get("/_files/export/<export_id>.zip")
def export(export_id: str) -> Response:
    """The ZIP of an export."""
    here().document("export", export_id)  # one that was deleted is gone, though its address is still good
    return Response(here().store.file(export_id), mimetype="application/zip")
