"""One place where requests are sent: the token, time limits, retries of reads, and errors in words."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from typing import IO, Any
from urllib.parse import urlsplit

import requests

from ..errors import ApiError, LiveError, Unreachable
from .problems import problem
from .token import Token, TokenAuth, no_auth

log = logging.getLogger(__name__)

_TIME_LIMITS = (10, 120)  # seconds to connect, seconds without a byte
_TRIES = 5
_WORTH_ANOTHER_TRY = (429, 500, 502, 503, 504)
_READ_AGAIN = "Check the address and the network, then run the cell again."
_NEXT = {
    "GET": _READ_AGAIN,
    "PUT": _READ_AGAIN,
    "POST": "Whether the server acted is not known: look at Prolific's page before you do it again.",
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
    """

    def __init__(self, url: str, token: Token, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.url = url.rstrip("/")
        if urlsplit(self.url).scheme != "https" and not is_loopback(self.url):
            raise LiveError(f"{self.url} is not https, so a token would travel in the open. Use an https address.")
        self._auth = TokenAuth(token)
        self._sleep = sleep
        self._session = requests.Session()
        # A proxy set for the outside world cannot reach a sandbox on this machine.
        self._session.trust_env = not is_loopback(self.url)

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """GET as decoded JSON; tried again while the server is busy or out of reach, since a read changes nothing."""
        for attempt in range(1, _TRIES):
            try:
                return self._once("GET", path, params=params)
            except (ApiError, Unreachable) as failure:
                if isinstance(failure, ApiError) and failure.status not in _WORTH_ANOTHER_TRY:
                    raise
                log.debug("GET %s failed, attempt %d of %d", path, attempt, _TRIES)
            self._sleep(2 ** (attempt - 1) * random.uniform(0.5, 1.0))
        return self._once("GET", path, params=params)

    def post(self, path: str, json: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        """POST once. Never repeated here: the API cannot tell a repetition from a second wish."""
        return self._once("POST", path, json=json, params=params)

    def upload(self, url: str, file: IO[bytes], content_type: str) -> None:
        """PUT an open file to a presigned address, without the token; streamed from disk."""
        self._send("PUT", url, auth=no_auth, data=file, headers={"Content-Type": content_type})

    def download(self, url: str) -> bytes:
        """GET a presigned address, without the token."""
        return self._send("GET", url, auth=no_auth).content

    def _once(self, method: str, path: str, **options: Any) -> Any:
        response = self._send(method, self.url + path, auth=self._auth, allow_redirects=False, **options)
        if not response.content:
            return None
        try:
            return response.json()
        except ValueError:
            said = response.text[:200]
        raise ApiError(response.status_code, f"{method} {path}", f"the answer is not JSON: {said!r}.")

    def _send(self, method: str, url: str, **options: Any) -> requests.Response:
        parts = urlsplit(url)
        try:
            response = self._session.request(method, url, timeout=_TIME_LIMITS, **options)
        except requests.RequestException as failure:
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
            raise problem(response.status_code, f"{method} {parts.path}", response.text)
        return response
