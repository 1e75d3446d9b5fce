"""Presigned addresses: they carry their own signature and the real time at which they expire."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, request

from ...contract.http_error import Refusal
from ...operations import imports, signing
from ...state.sandbox_state import here
from . import response_routes

blueprint = Blueprint("presigned", __name__)


@blueprint.before_request
def check() -> None:
    """Refuse what storage behind presigned addresses refuses."""
    expires, signature = request.args.get("expires", ""), request.args.get("signature", "")
    if "Authorization" in request.headers:
        raise Refusal(400, "A presigned address carries its own right. Send no Authorization header.")
    if not hmac.compare_digest(signature.encode(), signing.signature(here(), request.path, expires).encode()):
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
    imports.take(here(), job, request.get_data())
    return Response(status=200)


@blueprint.get("/_files/report/<batch_id>.csv")
def report(batch_id: str) -> Response:
    """The CSV report as things stand now."""
    return Response(response_routes.report_csv(here(), here().document("batch", batch_id)), mimetype="text/csv")


@blueprint.get("/_files/export/<export_id>.zip")
def export(export_id: str) -> Response:
    """The ZIP of an export."""
    here().document("export", export_id)  # one that was deleted is gone, though its address is still good
    return Response(here().store.file(export_id), mimetype="application/zip")
