"""The Flask application: every request is judged by the contract before a view sees it."""

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
from .state.fault_middleware import ASKED, FaultMiddleware
from .state.request_log import LoggedRequest
from .state.sandbox_state import EXTENSION, SandboxState, current_state


class _NoSlashAtTheEnd:
    """Takes the slash off the end of paths: both forms are meant alike, and a redirect would lose a body."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ["PATH_INFO"] = environ["PATH_INFO"].rstrip("/") or "/"
        return self._inner(environ, start_response)


def make_app(world: SandboxState) -> Flask:
    """The application that serves one world.

    Parameters
    ----------
    world : SandboxState
        Its store, people and switches.
    """
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False
    app.extensions[EXTENSION] = world
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    app.before_request(_open_transaction)
    app.before_request(_validate_request)
    app.after_request(_commit)
    app.teardown_request(_close_transaction)
    app.register_error_handler(HTTPError, _refuse)
    app.register_error_handler(HTTPException, _refuse_http)
    app.wsgi_app = FaultMiddleware(_NoSlashAtTheEnd(app.wsgi_app), world.faults, world.profile)  # type: ignore[method-assign]
    return app


def _open_transaction() -> None:
    # The body is read before the lock is taken: a slow sender must not hold up the others.
    try:
        g.raw = request.get_data()
    except (OSError, HTTPException) as error:
        raise HTTPError(400, "The body breaks off, or its chunks are none. Send it once more, as a whole.") from error
    world = current_state()
    try:
        world.store.begin()
    except sqlite3.OperationalError as error:
        raise HTTPError(503, f"The sandbox's file cannot be written: {error}. Close what else uses it.") from error
    g.locked = True
    world.clock.tick()
    world.store.settle()  # a refusal reveals too, if only what is not possible at this moment
    transition_routes.publish_due(world)
    study_opening.settle_due(world)


def _commit(response: Response) -> Response:
    if "locked" in g:
        if response.status_code >= 400:
            current_state().store.undo()
        current_state().store.commit()
    name, path = request.environ[ASKED]
    current_state().journal.add(LoggedRequest(name, request.method, path, response.status_code, _sent()))
    return response


def _sent() -> Any:
    """The request's JSON, parsed anew, since views complete the body they were given; None where it has none."""
    try:
        return strict_json.read(g.get("raw", b"")) if request.is_json else None
    except ValueError:
        return None


def _close_transaction(_: BaseException | None) -> None:
    if g.pop("locked", False):
        current_state().store.end()


def _validate_request() -> None:
    """Refuse what the contract refuses; what it allows but the sandbox lacks is answered with 501."""
    if request.blueprint == "presigned":
        return
    operation = contract.find(request.method, request.path)
    if not hmac.compare_digest(
        request.headers.get("Authorization", "").encode(), f"Token {current_state().token}".encode()
    ):
        raise HTTPError(401, "The token is missing or wrong. Send the header Authorization: Token <token>.")
    if not request.host or isinstance(request.routing_exception, BadHost):
        raise HTTPError(400, "The header Host names no host.")
    if request.url_rule is None:
        raise HTTPError(501, f"{operation.name} ({operation.method} {operation.path}) is not part of the sandbox.")
    contract.judge_query(operation, request.args)
    g.body, g.issues = contract.judge_body(operation, request.mimetype, g.raw)


def _refuse(refusal: HTTPError) -> ResponseReturnValue:
    bare = current_state().profile.is_bare(request.environ[ASKED][0])
    return jsonify(refusal.body(request.path, bare)), refusal.status, refusal.headers


def _refuse_http(error: HTTPException) -> ResponseReturnValue:
    """Flask's own refusals, and failures of the sandbox itself (which Flask has logged), in the contract's shape."""
    return _refuse(HTTPError(error.code or 500, error.description or "The sandbox failed; its log says why."))
