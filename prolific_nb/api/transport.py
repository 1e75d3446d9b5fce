"""Sending all requests: the token, time limits, retries of reads, and error messages."""

from __future__ import annotations

import json
import logging
import random
import secrets
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import IO, Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from ..common.proof import PROOF_PATH
from ..errors import ArgumentError, ProlificError, ServerError, TooManyRequests, UnexpectedResponse, Unreachable
from .error_mapping import problem
from .guard import guarded, raised_by_signal_handler
from .network_faults import reason, wrong_setting
from .reply import Reply
from .sandbox_proof import Proof, checked_proof
from .token import Token, TokenAuth, no_auth
from .urls import checked_url, is_loopback

log = logging.getLogger(__name__)
T = TypeVar("T")

_TIME_LIMITS = (10, 120)  # seconds to connect, seconds without a byte
_NOT_IMPLEMENTED = 501  # of the server errors the one that waiting does not end
_TRIES = 5
_LONGEST_WAIT = 300.0  # seconds
_READ_AGAIN = "Check the URL and the network, then run the cell again."
_UNCLEAR = "The request may have taken effect: check on the server (live: on Prolific's website) before repeating it."
_NEXT = {"GET": _READ_AGAIN, "PUT": _READ_AGAIN, "POST": _UNCLEAR, "PATCH": _UNCLEAR, "DELETE": _UNCLEAR}
_MOST_REDIRECTS = 5
_PROOF_LIMITS = (10, 10)  # seconds; a sandbox answers at once
_LONGEST_PROOF = 10_000  # bytes

# What requests and the libraries below it raise if no response arrives.
_NO_RESPONSE = (requests.RequestException, HTTPError, HTTPException, OSError)


class _Session(requests.Session):
    """Leaves redirects to `Transport`, and uses no proxy for this machine, which a proxy of a network cannot reach."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None

    def merge_environment_settings(self, url: Any, proxies: Any, *settings: Any, **named: Any) -> Any:
        if not is_loopback(str(url)):
            return super().merge_environment_settings(url, proxies, *settings, **named)
        # Without the host's name here, requests would decode the whole environment twice, for a sixth of the time.
        none = {"no_proxy": urlsplit(str(url)).hostname or ""}
        return {**super().merge_environment_settings(url, none, *settings, **named), "proxies": {}}


class Transport:
    """Sends requests to one host with one token.

    Parameters
    ----------
    url : str
        Scheme, host and port; https unless it points to this machine.
    token : Token
        Sent to this host only, never to upload and download URLs.
    sleep : callable
        Waits between retries, seconds.
    limits : pair of float
        Seconds to connect, and seconds without a byte.
    """

    def __init__(
        self,
        url: str,
        token: Token,
        *,
        sleep: Callable[[float], None] = time.sleep,
        limits: tuple[float, float] = _TIME_LIMITS,
    ) -> None:
        checked_url(url, "The server's URL", base=True)
        self.url, self._limits = url.rstrip("/"), limits
        self._auth = TokenAuth(token)
        self._sleep = sleep
        self._session = _Session()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """GET as decoded JSON; retried while the server is busy or unreachable, since a read changes nothing."""
        return self._with_retries(lambda: self._once("GET", path, params=params))

    def ask(self, path: str, json: Any) -> Any:
        """POST a query that changes nothing, such as a cost calculation; retried like a read."""
        return self._with_retries(lambda: self._once("POST", path, json=json))

    def _with_retries(self, read: Callable[[], T]) -> T:
        for attempt in range(1, _TRIES):
            try:
                return read()
            except (ServerError, TooManyRequests, Unreachable) as failure:
                if _is_lasting(failure):
                    raise
                retry_after = getattr(failure, "retry_after", None)
                log.debug("A read failed (%s), attempt %d of %d", type(failure).__name__, attempt, _TRIES)
            self.backoff(attempt, retry_after)
        return read()

    def backoff(self, attempt: int, asked_for: float | None = None) -> None:
        """Wait before a retry: as long as the server requested, otherwise exponentially longer, with jitter."""
        self._sleep(asked_for if asked_for is not None else 2 ** (attempt - 1) * random.uniform(0.5, 1.0))

    def post(self, path: str, json: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        """POST once. Never retried here: the API cannot distinguish a retry from a second request."""
        return self._once("POST", path, json=json, params=params)

    def post_for_file(self, path: str, json: Any = None) -> Any:
        """POST once, for a file or JSON about one: bytes if the response is not JSON."""
        return self._once("POST", path, json=json, read=self._json_or_bytes)

    def post_lines(self, path: str, lines: str) -> Any:
        """POST records, one per line, once."""
        return self._once("POST", path, data=lines.encode(), headers={"Content-Type": "application/x-ndjson"})

    def patch(self, path: str, json: Any) -> Any:
        """PATCH once."""
        return self._once("PATCH", path, json=json)

    def put(self, path: str, json: Any) -> Any:
        """PUT once."""
        return self._once("PUT", path, json=json)

    def delete(self, path: str, json: Any = None) -> Any:
        """DELETE once; some operations require a body."""
        return self._once("DELETE", path, json=json)

    def upload(self, url: str, file: IO[bytes], content_type: str) -> None:
        """PUT an open file to a presigned URL, without the token; streamed from disk."""
        checked_url(url, "The upload URL")
        headers = {"Content-Type": content_type}
        self._send("PUT", url, _no_content, auth=no_auth, data=file, headers=headers)

    def download(self, url: str) -> bytes:
        """GET a presigned URL, without the token; retried like any read. Redirects are followed."""
        return self._with_retries(lambda: self._download(url))

    def _download(self, url: str) -> bytes:
        for _ in range(_MOST_REDIRECTS + 1):
            checked_url(url, "The download URL")
            found: bytes | str = self._send("GET", url, _content_or_target, auth=no_auth)
            if isinstance(found, bytes):
                return found
            url = found
        raise Unreachable(f"GET {urlsplit(url).path} was redirected more than {_MOST_REDIRECTS} times. {_READ_AGAIN}")

    def sign(self, message: bytes) -> str:
        """See `Token.sign`."""
        return self._auth.token.sign(message)

    def prove(self) -> Proof:
        """Whether the server at this URL is a sandbox: it signs a random number with the token of this client.

        The token itself is not sent. Prolific's tokens cannot be proved in this way, since only sandboxes sign.

        Raises
        ------
        Unreachable
            No response arrived.
        """
        nonce = secrets.token_hex(32)
        url = f"{self.url}{PROOF_PATH}"
        found: Proof | ProlificError = self._guarded(lambda: self._proof(url, nonce))
        if isinstance(found, ProlificError):
            raise found
        return found

    def _proof(self, url: str, nonce: str) -> Proof | ProlificError:
        options: dict[str, Any] = {"params": {"nonce": nonce}, "timeout": _PROOF_LIMITS, "stream": True}
        try:
            with self._session.get(url, auth=no_auth, **options) as response:
                body = response.raw.read(_LONGEST_PROOF, decode_content=True)
        except _NO_RESPONSE as failure:
            foreign = raised_by_signal_handler(failure)
            if foreign is not None:
                raise foreign from None
            return _no_response(failure, "GET", url)
        return checked_proof(self._auth.token, nonce, response.status_code, body)

    def _once(self, method: str, path: str, read: Callable[..., Any] | None = None, **options: Any) -> Any:
        _refuse_bad_id(path)
        # Exactly one slash: a path returned by a server must not become part of the host name.
        url = f"{self.url}/{path.removeprefix('/')}"
        return self._send(method, url, read or self._json, auth=self._auth, **options)

    def _send(self, method: str, url: str, read: Callable[[Reply], Any], **options: Any) -> Any:
        """What `read` makes of the response. Any exception leaves without the frames that hold the token."""
        answer = self._guarded(lambda: self._exchange(method, url, read, options))
        if isinstance(answer, ProlificError):
            raise answer
        return answer

    def _guarded(self, act: Callable[[], T]) -> T:
        return guarded(act, self._auth.token.hide)

    def _exchange(self, method: str, url: str, read: Callable[[Reply], Any], options: Any) -> Any:
        """The answer or the error to raise, which is not raised here: it would be chained to those of requests."""
        try:
            options |= {"timeout": self._limits, "allow_redirects": False}
            reply = Reply.of(self._session.request(method, url, **options))
        except (*_NO_RESPONSE, ValueError) as failure:
            # A ValueError is that of requests, or with a presigned URL that of a closed file.
            foreign = raised_by_signal_handler(failure)
            if foreign is not None:
                raise foreign from None
            if options["auth"] is no_auth and not isinstance(failure, _NO_RESPONSE):
                raise
            return _no_response(failure, method, url)
        path = urlsplit(url).path
        log.debug("%s %s: %d", method, path, reply.status)
        redirected = 300 <= reply.status < 400 and "Location" in reply.headers
        if 200 <= reply.status < 300 or (redirected and read is _content_or_target):
            return read(reply)
        hide = self._auth.token.hide
        error = problem(reply.status, f"{method} {path}", hide(reply.take_text()), hide)
        if isinstance(error, TooManyRequests):
            error.retry_after = _seconds(reply.headers.get("Retry-After"))
        return error

    def _json(self, reply: Reply) -> Any:
        """The decoded response without the token, which a server may repeat."""
        if not reply.body:
            return None
        token, text = self._auth.token, reply.take_text()
        try:
            found = json.loads(text)
            return token.hide_in(found) if token.may_be_in(text) else found
        except (ValueError, RecursionError):
            body = token.hide(text)[:200]
        method, path = reply.method, urlsplit(reply.url).path
        # The server acted, but its response is lost: the same as no response at all.
        return UnexpectedResponse(
            f"{method} {path}: the response ({reply.status}) is not JSON: {body!r}. {_NEXT[method]}",
            request=f"{method} {path}",
        )

    def _json_or_bytes(self, reply: Reply) -> Any:
        if "json" in reply.headers.get("Content-Type", ""):
            return self._json(reply)
        # The token is ASCII, so this finds it in any encoding that extends ASCII and changes no other byte.
        return self.hide(reply.body.decode("latin-1")).encode("latin-1")

    def hide(self, text: str) -> str:
        """The text without the token."""
        return self._auth.token.hide(text)


def _is_lasting(failure: ServerError | TooManyRequests | Unreachable) -> bool:
    """Whether another attempt would fail in the same way."""
    return failure.lasting if isinstance(failure, Unreachable) else failure.status == _NOT_IMPLEMENTED


def _no_content(_: Reply) -> None:
    """Nothing: storage answers an upload with an empty body."""


def _content_or_target(reply: Reply) -> bytes | str:
    """The body, or the URL to which the response redirects."""
    if reply.status < 300:
        return reply.body
    target = reply.headers["Location"]
    try:
        return urljoin(reply.url, target)
    except ValueError:  # not a URL: it is refused where it is checked
        return target


def _no_response(failure: Exception, method: str, url: str) -> Unreachable:
    where = urlsplit(url)
    what = f"{method} {where.path} got no response from {where.netloc}"
    setting, lasting = wrong_setting(failure, url)
    if setting:
        return Unreachable(f"{what}: {setting}. Nothing was sent. Then run the cell again.", lasting)
    return Unreachable(f"{what} ({reason(failure)}). {_NEXT[method]}")


def _refuse_bad_id(path: str) -> None:
    """Refuse a path with an ID that is empty, None, or a relative segment: it would name another resource."""
    parts = path.partition("?")[0].removeprefix("/").split("/")
    # Paths may end in a slash; but those of one batch or dataset have none, so there the ID behind it is missing.
    has_final_slash = parts[-1] == "" and parts[-2:-1] not in (["batches"], ["datasets"])
    for part in parts[:-1] if has_final_slash else parts:
        if part in ("", "None", ".", ".."):
            fault = f"invalid ({part!r})" if part else "missing"
            raise ArgumentError(f"The ID in {path} is {fault}, so no request was sent. Pass a single, non-empty ID.")


def _seconds(header: str | None) -> float | None:
    """Seconds to wait by a Retry-After header, a number or a date (RFC 9110, 10.2.3); at most five minutes."""
    if not header:
        return None
    try:
        seconds = float(header) if header.strip().isdigit() else parsedate_to_datetime(header).timestamp() - time.time()
    except (ValueError, OverflowError):  # OverflowError: a date in a year that no clock has
        return None
    return min(max(seconds, 0.0), _LONGEST_WAIT)
