"""Sending all requests: the token, time limits, retries of reads, and error messages."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import IO, Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests

from ..errors import LiveError, ServerError, TooManyRequests, UnexpectedResponse, Unreachable
from .error_mapping import problem
from .token import Token, TokenAuth, no_auth

log = logging.getLogger(__name__)
T = TypeVar("T")

_TIME_LIMITS = (10, 120)  # seconds to connect, seconds without a byte
_TRIES = 5
_LONGEST_WAIT = 300.0  # seconds
_READ_AGAIN = "Check the URL and the network, then run the cell again."
_UNCLEAR = "The request may have taken effect: check on the server (live: on Prolific's website) before repeating it."
_NEXT = {"GET": _READ_AGAIN, "PUT": _READ_AGAIN, "POST": _UNCLEAR, "PATCH": _UNCLEAR, "DELETE": _UNCLEAR}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_loopback(url: str) -> bool:
    """Whether a URL points to this machine.

    Examples
    --------
    >>> is_loopback("http://127.0.0.1:8000"), is_loopback("https://api.prolific.com")
    (True, False)
    """
    return urlsplit(url).hostname in _LOOPBACK


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
        self.url, self._limits = url.rstrip("/"), limits
        _refuse_insecure(self.url)
        self._auth = TokenAuth(token)
        self._sleep = sleep
        self._session = requests.Session()
        # A proxy configured for the internet cannot reach a sandbox on this machine.
        self._session.trust_env = not is_loopback(self.url)

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
        headers = {"Content-Type": content_type}
        self._send("PUT", url, auth=no_auth, allow_redirects=False, data=file, headers=headers)

    def download(self, url: str) -> bytes:
        """GET a presigned URL, without the token; retried like any read."""
        hooks = {"response": _refuse_insecure_redirect}
        return self._with_retries(lambda: self._send("GET", url, auth=no_auth, hooks=hooks).content)

    def _once(self, method: str, path: str, **options: Any) -> Any:
        _refuse_bad_id(path)
        # Exactly one slash: a path returned by a server must not become part of the host name.
        url = f"{self.url}/{path.removeprefix('/')}"
        response = self._send(method, url, auth=self._auth, allow_redirects=False, **options)
        if not response.content:
            return None
        try:
            return response.json()
        except (ValueError, RecursionError):
            body = self.hide(response.text)[:200]
        # The server acted, but its response is lost: the same as no response at all.
        raise UnexpectedResponse(
            f"{method} {path}: the response ({response.status_code}) is not JSON: {body!r}. {_NEXT[method]}",
            request=f"{method} {path.partition('?')[0]}",
        )

    def hide(self, text: str) -> str:
        """The text without the token."""
        return self._auth.hide(text)

    def _send(self, method: str, url: str, **options: Any) -> requests.Response:
        parts = urlsplit(url)
        _refuse_insecure(url)
        try:
            response = self._session.request(method, url, timeout=self._limits, **options)
        except requests.RequestException as failure:
            response, reason = None, type(failure).__name__
        except ValueError as failure:  # requests raises it too, for example for a redirect to an invalid URL
            if options["auth"] is no_auth:
                raise
            response, reason = None, type(failure).__name__
        except KeyboardInterrupt:
            response, reason = None, ""
        # Raised outside the except block: a chained traceback would show frames that hold the token.
        if response is None and not reason:
            raise KeyboardInterrupt
        if response is None:
            raise Unreachable(f"{method} {parts.path} got no response from {parts.netloc} ({reason}). {_NEXT[method]}")
        log.debug("%s %s: %d", method, parts.path, response.status_code)
        if not 200 <= response.status_code < 300:
            body = self._auth.hide(response.text)
            error = problem(response.status_code, f"{method} {parts.path}", body, self._auth.hide)
            if isinstance(error, TooManyRequests):
                error.retry_after = _seconds(response.headers.get("Retry-After"))
            raise error
        return response


def _refuse_bad_id(path: str) -> None:
    """Refuse a path with an ID that is empty, None, or a relative segment: it would name another resource."""
    parts = path.partition("?")[0].removeprefix("/").split("/")
    # Paths may end in a slash; but those of one batch or dataset have none, so there the ID behind it is missing.
    has_final_slash = parts[-1] == "" and parts[-2:-1] not in (["batches"], ["datasets"])
    for part in parts[:-1] if has_final_slash else parts:
        if part in ("", "None", ".", ".."):
            fault = f"invalid ({part!r})" if part else "missing"
            raise ValueError(f"The ID in {path} is {fault}, so no request was sent. Pass a single, non-empty ID.")


def _refuse_insecure(url: str) -> None:
    if urlsplit(url).scheme != "https" and not is_loopback(url):
        where = urlsplit(url)
        raise LiveError(
            f"{where.scheme}://{where.netloc} is not https, so the data would be sent unencrypted. Use https."
        )


def _refuse_insecure_redirect(response: requests.Response, **_: Any) -> None:
    """Refuse a redirect from https to an unencrypted URL."""
    if response.is_redirect:
        _refuse_insecure(urljoin(response.url, response.headers["Location"]))


def _seconds(header: str | None) -> float | None:
    """Seconds to wait by a Retry-After header, a number or a date (RFC 9110, 10.2.3); at most five minutes."""
    if not header:
        return None
    try:
        seconds = float(header) if header.strip().isdigit() else parsedate_to_datetime(header).timestamp() - time.time()
    except ValueError:
        return None
    return min(max(seconds, 0.0), _LONGEST_WAIT)
