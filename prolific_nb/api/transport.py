"""One place where requests are sent: the token, time limits, retries of reads, and errors in words."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import IO, Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests

from ..errors import LiveError, ServerError, TooManyRequests, Unreachable
from .error_mapping import problem
from .token import Token, TokenAuth, no_auth

log = logging.getLogger(__name__)
T = TypeVar("T")

_TIME_LIMITS = (10, 120)  # seconds to connect, seconds without a byte
_TRIES = 5
_LONGEST_REST = 300.0  # seconds
_READ_AGAIN = "Check the address and the network, then run the cell again."
_NEXT = {
    "GET": _READ_AGAIN,
    "PUT": _READ_AGAIN,
    "POST": "Whether the server acted is not known: look at Prolific's page before you do it again.",
    "PATCH": "Whether the server acted is not known: look at Prolific's page before you do it again.",
    "DELETE": "Whether the server acted is not known: look at Prolific's page before you do it again.",
}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_loopback(url: str) -> bool:
    """Whether an address points at this machine.

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
        Scheme, host and port; https unless it points at this machine.
    token : Token
        Goes to this host only, never to the addresses of uploads and downloads.
    sleep : callable
        Waits between tries, seconds.
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
        _refuse_open(self.url)
        self._auth = TokenAuth(token)
        self._sleep = sleep
        self._session = requests.Session()
        # A proxy set for the outside world cannot reach a sandbox on this machine.
        self._session.trust_env = not is_loopback(self.url)

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """GET as decoded JSON; tried again while the server is busy or out of reach, since a read changes nothing."""
        return self._patiently(lambda: self._once("GET", path, params=params))

    def ask(self, path: str, json: Any) -> Any:
        """POST a question that changes nothing, such as a price; tried again like a read."""
        return self._patiently(lambda: self._once("POST", path, json=json))

    def _patiently(self, read: Callable[[], T]) -> T:
        for attempt in range(1, _TRIES):
            try:
                return read()
            except (ServerError, TooManyRequests, Unreachable) as failure:
                asked_for = getattr(failure, "retry_after", None)
                log.debug("A read failed (%s), attempt %d of %d", type(failure).__name__, attempt, _TRIES)
            self.backoff(attempt, asked_for)
        return read()

    def backoff(self, attempt: int, asked_for: float | None = None) -> None:
        """Wait before another try: as long as the server asked for, else longer each time, with jitter."""
        self._sleep(asked_for if asked_for is not None else 2 ** (attempt - 1) * random.uniform(0.5, 1.0))

    def post(self, path: str, json: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        """POST once. Never repeated here: the API cannot tell a repetition from a second wish."""
        return self._once("POST", path, json=json, params=params)

    def post_lines(self, path: str, lines: str) -> Any:
        """POST records that stand one to a line, once."""
        return self._once("POST", path, data=lines.encode(), headers={"Content-Type": "application/x-ndjson"})

    def patch(self, path: str, json: Any) -> Any:
        """PATCH once."""
        return self._once("PATCH", path, json=json)

    def put(self, path: str, json: Any) -> Any:
        """PUT once."""
        return self._once("PUT", path, json=json)

    def delete(self, path: str, json: Any = None) -> Any:
        """DELETE once; some of these carry a body."""
        return self._once("DELETE", path, json=json)

    def upload(self, url: str, file: IO[bytes], content_type: str) -> None:
        """PUT an open file to a presigned address, without the token; streamed from disk."""
        headers = {"Content-Type": content_type}
        self._send("PUT", url, auth=no_auth, allow_redirects=False, data=file, headers=headers)

    def download(self, url: str) -> bytes:
        """GET a presigned address, without the token; tried again like any read."""
        hooks = {"response": _refuse_to_follow}
        return self._patiently(lambda: self._send("GET", url, auth=no_auth, hooks=hooks).content)

    def _once(self, method: str, path: str, **options: Any) -> Any:
        _refuse_odd(path)
        # One slash between them: a path that a server wrote must not become part of the host's name.
        url = f"{self.url}/{path.removeprefix('/')}"
        response = self._send(method, url, auth=self._auth, allow_redirects=False, **options)
        if not response.content:
            return None
        try:
            return response.json()
        except ValueError:
            said = self._auth.hide(response.text)[:200]
        # The server acted, and what it said is lost: the same as no answer at all.
        raise Unreachable(
            f"{method} {path}: the answer ({response.status_code}) is not JSON: {said!r}. {_NEXT[method]}"
        )

    def _send(self, method: str, url: str, **options: Any) -> requests.Response:
        parts = urlsplit(url)
        _refuse_open(url)
        try:
            response = self._session.request(method, url, timeout=self._limits, **options)
        except requests.RequestException as failure:
            response, reason = None, type(failure).__name__
        except ValueError as failure:  # requests lets some of its own through, as of a redirect to an odd address
            if options["auth"] is no_auth:
                raise
            response, reason = None, type(failure).__name__
        except KeyboardInterrupt:
            response, reason = None, ""
        # Raised outside the except block: a chained traceback would print frames that hold the token.
        if response is None and not reason:
            raise KeyboardInterrupt
        if response is None:
            raise Unreachable(f"{method} {parts.path} got no answer from {parts.netloc} ({reason}). {_NEXT[method]}")
        log.debug("%s %s: %d", method, parts.path, response.status_code)
        if not 200 <= response.status_code < 300:
            said = self._auth.hide(response.text)
            refusal = problem(response.status_code, f"{method} {parts.path}", said, self._auth.hide)
            if isinstance(refusal, TooManyRequests):
                refusal.retry_after = _seconds(response.headers.get("Retry-After"))
            raise refusal
        return response


def _refuse_odd(path: str) -> None:
    """Refuse a path in which an id is empty, None, or leads somewhere else: it would name another thing."""
    parts = path.partition("?")[0].removeprefix("/").split("/")
    # Paths may end in a slash; but those of one batch or dataset have none, so there the id behind it is missing.
    ends_so = parts[-1] == "" and parts[-2:-1] not in (["batches"], ["datasets"])
    for part in parts[:-1] if ends_so else parts:
        if part in ("", "None", ".", ".."):
            raise ValueError(f"An id in {path} is {part or 'empty'!r}, so nothing was sent. Give one of one thing.")


def _refuse_open(url: str) -> None:
    if urlsplit(url).scheme != "https" and not is_loopback(url):
        where = urlsplit(url)
        raise LiveError(f"{where.scheme}://{where.netloc} is not https: all would travel in the open. Use https.")


def _refuse_to_follow(response: requests.Response, **_: Any) -> None:
    """Refuse a redirect from https into the open."""
    if response.is_redirect:
        _refuse_open(urljoin(response.url, response.headers["Location"]))


def _seconds(header: str | None) -> float | None:
    """What a Retry-After header asks for: seconds or a date (RFC 9110, 10.2.3), at most five minutes."""
    if not header:
        return None
    try:
        asked = float(header) if header.strip().isdigit() else parsedate_to_datetime(header).timestamp() - time.time()
    except ValueError:
        return None
    return min(max(asked, 0.0), _LONGEST_REST)
