"""The Flask application: every request is validated against the contract before a view handles it."""

from __future__ import annotations

import hmac
import sqlite3
from typing import Any

from flask import Flask, Request, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadHost, HTTPException, RequestEntityTooLarge
from werkzeug.routing import Rule

from ..common.study_links import PREFIX
from .contract import body_sizes, contract
from .contract.http_error import HTTPError
from .operations import study_opening
from .operations.participation import taking_part
from .routes import blueprints
from .routes.participate import participate_routes
from .routes.studies import transition_routes
from .routes.task_builder import file_routes
from .state.fault_middleware import OPERATION_KEY, FaultMiddleware
from .state.proof_middleware import ProofMiddleware
from .state.sandbox_state import EXTENSION, SandboxState, current_state


class _NoSlashAtTheEnd:
    """Removes the final slash of paths: both forms are equivalent, and a redirect would lose the body."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ["PATH_INFO"] = environ["PATH_INFO"].rstrip("/") or "/"
        return self._inner(environ, start_response)


class _Request(Request):
    """A request of which no more is read than is needed to know that its body is too long."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._most = body_sizes.limit(self.path, self.mimetype) + 1

    max_content_length = property(lambda self: self._most)  # Flask before 3.1 has no setter for it
    max_form_memory_size = property(lambda self: self._most)


class _ReadOnlyRule(Rule):
    """A rule that finds views but builds no URLs: compiling two functions for that took four fifths of the start."""

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        return lambda *_: None


def make_app(state: SandboxState) -> Flask:
    """The application that serves one sandbox.

    Parameters
    ----------
    state : SandboxState
        Its store, simulated participants and profile.
    """
    app = Flask(__name__, static_folder=None)
    app.request_class = _Request
    app.url_rule_class = _ReadOnlyRule
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False
    app.extensions[EXTENSION] = state
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    app.before_request(_authorise)
    app.before_request(_read_body)
    app.before_request(_open_transaction)
    app.before_request(_validate_request)
    app.after_request(_commit)
    app.teardown_request(_close_transaction)
    app.register_error_handler(HTTPError, _refuse)
    app.register_error_handler(HTTPException, _refuse_http)
    api = FaultMiddleware(_NoSlashAtTheEnd(app.wsgi_app), state.faults, state.profile)
    app.wsgi_app = ProofMiddleware(api, state.token, state.location)  # type: ignore[method-assign]
    return app


def _is_of_people() -> bool:
    """Whether a page for people is asked for, which are not part of the contract."""
    return request.path.startswith(PREFIX)


def _authorise() -> None:
    """Refuse who may not ask, before a body is read or a lock acquired."""
    if request.blueprint == "presigned":
        file_routes.check_signature()
        return
    if _is_of_people():
        participate_routes.check_link()
        return
    g.operation = contract.find(request.method, request.path)
    sent, valid = request.headers.get("Authorization", ""), f"Token {current_state().token}"
    if not hmac.compare_digest(sent.encode(), valid.encode()):
        raise HTTPError(401, "The token is missing or wrong. Send the header Authorization: Token <token>.")


def _read_body() -> None:
    """Read the body before the lock is acquired: a slow client must not block the others."""
    try:
        g.raw = request.get_data()
        most = body_sizes.limit(request.path, request.mimetype)
        if len(g.raw) > most:  # a chunked body, which werkzeug would cut in silence
            raise RequestEntityTooLarge
        if _is_of_people():
            participate_routes.read_form()
    except RequestEntityTooLarge as error:
        raise HTTPError(413, body_sizes.sentence(request.path, request.mimetype)) from error
    except (OSError, HTTPException) as error:
        if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
            raise HTTPError(408, "The body did not arrive in time. Send the whole body again.") from error
        raise HTTPError(
            400, "The body is incomplete, or its chunked encoding is invalid. Send the whole body again."
        ) from error


def _open_transaction() -> None:
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
    taking_part.settle_due(state)


def _commit(response: Response) -> Response:
    if "locked" in g:
        if response.status_code >= 400:
            current_state().store.undo()
        current_state().store.commit()
    name, path = request.environ[OPERATION_KEY]
    # As it was sent, because views modify the body they receive.
    sent = g.get("raw", b"") if request.is_json and not _is_of_people() else None
    current_state().request_log.add(name, request.method, path, response.status_code, sent)
    return response


def _close_transaction(_: BaseException | None) -> None:
    if g.pop("locked", False):
        current_state().store.end()


def _validate_request() -> None:
    """Refuse what the contract does not allow; 501 for operations of the contract that the sandbox lacks."""
    if request.blueprint == "presigned" or _is_of_people():
        return
    operation = g.operation
    if not request.host or isinstance(request.routing_exception, BadHost):
        raise HTTPError(400, "The Host header is not a valid host name. Send the host of the sandbox's URL.")
    if request.url_rule is None:
        raise HTTPError(501, f"{operation.name} ({operation.method} {operation.path}) is not part of the sandbox.")
    contract.validate_query(operation, request.args)
    g.body, g.issues = contract.validate_body(operation, request.mimetype, g.raw)


def _refuse(refusal: HTTPError) -> ResponseReturnValue:
    if _is_of_people():
        return participate_routes.refused(refusal)
    bare = current_state().profile.is_bare(request.environ[OPERATION_KEY][0])
    return jsonify(refusal.body(request.path, bare)), refusal.status, refusal.headers


def _refuse_http(error: HTTPException) -> ResponseReturnValue:
    """Flask's own errors, and failures of the sandbox itself (which Flask has logged), in the contract's format."""
    return _refuse(HTTPError(error.code or 500, error.description or "The sandbox failed; see its log for the cause."))
