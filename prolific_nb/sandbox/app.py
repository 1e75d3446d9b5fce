"""The Flask application: every request is validated against the contract before a view handles it."""

from __future__ import annotations

import hmac
import sqlite3
from typing import Any

from flask import Flask, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadHost, HTTPException

from .contract import contract, strict_json
from .contract.http_error import HTTPError
from .operations import study_opening
from .routes import blueprints
from .routes.studies import transition_routes
from .state.fault_middleware import OPERATION_KEY, FaultMiddleware
from .state.proof_middleware import ProofMiddleware
from .state.request_log import LoggedRequest
from .state.sandbox_state import EXTENSION, SandboxState, current_state


class _NoSlashAtTheEnd:
    """Removes the final slash of paths: both forms are equivalent, and a redirect would lose the body."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ["PATH_INFO"] = environ["PATH_INFO"].rstrip("/") or "/"
        return self._inner(environ, start_response)


def make_app(state: SandboxState) -> Flask:
    """The application that serves one sandbox.

    Parameters
    ----------
    world : SandboxState
        Its store, simulated participants and profile.
    """
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False
    app.extensions[EXTENSION] = state
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    app.before_request(_open_transaction)
    app.before_request(_validate_request)
    app.after_request(_commit)
    app.teardown_request(_close_transaction)
    app.register_error_handler(HTTPError, _refuse)
    app.register_error_handler(HTTPException, _refuse_http)
    api = FaultMiddleware(_NoSlashAtTheEnd(app.wsgi_app), state.faults, state.profile)
    app.wsgi_app = ProofMiddleware(api, state.token, state.location)  # type: ignore[method-assign]
    return app


def _open_transaction() -> None:
    # The body is read before the lock is acquired: a slow client must not block the others.
    try:
        g.raw = request.get_data()
    except (OSError, HTTPException) as error:
        raise HTTPError(
            400, "The body is incomplete, or its chunked encoding is invalid. Send the whole body again."
        ) from error
    state = current_state()
    try:
        state.store.begin()
    except sqlite3.OperationalError as error:
        raise HTTPError(
            503, f"The sandbox's file cannot be written: {error}. Close other programs that use it."
        ) from error
    g.locked = True
    state.clock.tick()
    state.store.settle()  # a refused request reveals state too, so the clock's time is kept for it as well
    transition_routes.publish_due(state)
    study_opening.settle_due(state)


def _commit(response: Response) -> Response:
    if "locked" in g:
        if response.status_code >= 400:
            current_state().store.undo()
        current_state().store.commit()
    name, path = request.environ[OPERATION_KEY]
    current_state().request_log.add(LoggedRequest(name, request.method, path, response.status_code, _sent()))
    return response


def _sent() -> Any:
    """The request's JSON, parsed again because views modify the body they receive; None if it has none."""
    try:
        return strict_json.read(g.get("raw", b"")) if request.is_json else None
    except ValueError:
        return None


def _close_transaction(_: BaseException | None) -> None:
    if g.pop("locked", False):
        current_state().store.end()


def _validate_request() -> None:
    """Refuse what the contract does not allow; 501 for operations of the contract that the sandbox lacks."""
    if request.blueprint == "presigned":
        return
    operation = contract.find(request.method, request.path)
    if not hmac.compare_digest(
        request.headers.get("Authorization", "").encode(), f"Token {current_state().token}".encode()
    ):
        raise HTTPError(401, "The token is missing or wrong. Send the header Authorization: Token <token>.")
    if not request.host or isinstance(request.routing_exception, BadHost):
        raise HTTPError(400, "The Host header is not a valid host name. Send the host of the sandbox's URL.")
    if request.url_rule is None:
        raise HTTPError(501, f"{operation.name} ({operation.method} {operation.path}) is not part of the sandbox.")
    contract.validate_query(operation, request.args)
    g.body, g.issues = contract.validate_body(operation, request.mimetype, g.raw)


def _refuse(refusal: HTTPError) -> ResponseReturnValue:
    bare = current_state().profile.is_bare(request.environ[OPERATION_KEY][0])
    return jsonify(refusal.body(request.path, bare)), refusal.status, refusal.headers


def _refuse_http(error: HTTPException) -> ResponseReturnValue:
    """Flask's own errors, and failures of the sandbox itself (which Flask has logged), in the contract's format."""
    return _refuse(HTTPError(error.code or 500, error.description or "The sandbox failed; see its log for the cause."))
