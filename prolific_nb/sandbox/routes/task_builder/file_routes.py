"""Uploads and downloads with presigned URLs, which contain a signature and the real time of their expiry."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, request

from ...contract.http_error import HTTPError
from ...operations import imports, signing
from ...state.sandbox_state import current_state
from ..studies import demographic_routes
from . import response_routes

blueprint = Blueprint("presigned", __name__)


def check_signature() -> None:
    """Refuse invalid signatures, like cloud storage; called before the body is read."""
    expires, signature = request.args.get("expires", ""), request.args.get("signature", "")
    if "Authorization" in request.headers:
        raise HTTPError(400, "A presigned URL must be used without a token. Remove the Authorization header.")
    if not hmac.compare_digest(signature.encode(), signing.signature(current_state(), request.path, expires).encode()):
        raise HTTPError(403, "The signature does not match the URL. Request a new URL and use it unchanged.")


@blueprint.before_request
def check_expiry() -> None:
    """Refuse URLs that have expired; only the clock of a transaction knows the time."""
    if int(request.args["expires"]) < current_state().clock.real:
        raise HTTPError(403, "The URL has expired. Request a new one.")


@blueprint.put("/_uploads/<import_id>")
def upload(import_id: str) -> Response:
    """Receive the file of an import."""
    job = current_state().document("import", import_id)
    wanted, given = job["content_type"], request.headers.get("Content-Type", "")
    # Prolific's own notebooks upload to untyped datasets without this header, and storage accepts it.
    optional = current_state().document("dataset", job["dataset_id"])["schema_version"] == 3
    if given != wanted and not (optional and not given):
        raise HTTPError(
            403, f"The Content-Type is {given or 'missing'}. Send {wanted}, as returned with the upload URL."
        )
    imports.receive_upload(current_state(), job, request.get_data())
    return Response(status=200)


@blueprint.get("/_files/report/<batch_id>.csv")
def report(batch_id: str) -> Response:
    """The CSV report of all responses so far."""
    state = current_state()
    return Response(response_routes.report_of(state, state.document("batch", batch_id)), mimetype="text/csv")


@blueprint.get("/_files/export/<export_id>.zip")
def export(export_id: str) -> Response:
    """The ZIP archive of an export."""
    current_state().document("export", export_id)  # 404 if it was deleted, even if the URL is still valid
    return Response(current_state().store.file(export_id), mimetype="application/zip")


@blueprint.get("/_files/demographics/<export_id>.csv")
def demographics(export_id: str) -> Response:
    """A demographic export, as of now."""
    state = current_state()
    record = state.document("demographic export", export_id)
    return Response(demographic_routes.export_csv(state, record), mimetype="text/csv")
