"""URLs as the library that connects reads them: what two parsers read differently is refused."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from ..errors import LiveError


def checked_url(url: str, what: str = "The URL") -> Url:
    r"""A URL that names one host beyond doubt.

    Parameters
    ----------
    url : str
        Scheme http or https, a host, perhaps a port and a path.
    what : str
        What the URL is, for messages.

    Raises
    ------
    LiveError
        It holds user info, backslashes, spaces or control characters, has no host, or is read differently by
        different parsers. The token could go to another host than the one that is seen.

    Examples
    --------
    >>> checked_url("https://api.prolific.com/api/v1").host
    'api.prolific.com'
    >>> checked_url(r"http://192.0.2.1:8000\\@localhost")
    Traceback (most recent call last):
    ...
    prolific_nb.errors.LiveError: The URL contains a backslash. ...
    """
    if not isinstance(url, str) or not url.strip():
        raise LiveError(f"{what} is empty. Give one such as https://api.prolific.com.")
    reason = _doubt(url)
    if reason:
        raise LiveError(f"{what} {reason}. The token could go to another host, so nothing was sent. {_PLAIN}")
    return parse_url(url)


_PLAIN = "Write scheme, host and port only, for example https://api.prolific.com."


def _doubt(url: str) -> str:
    """Why it is not certain which host a URL names; "" where it is. The URL itself may hold a password: not quoted."""
    if "\\" in url:
        return "contains a backslash"
    if any(not char.isprintable() or char.isspace() for char in url):
        return "contains a space or a control character"
    try:
        read, seen = parse_url(url), urlsplit(url)
        ports = (read.port, seen.port)
    except (LocationParseError, ValueError):
        return "cannot be read"
    if read.scheme not in ("http", "https"):
        return f"begins with {read.scheme or 'no scheme'}, not with https"
    if read.auth is not None or seen.username is not None or "@" in (seen.netloc or ""):
        return "contains a user name or a password"
    if not read.host:
        return "names no host"
    if read.host.strip("[]").lower() != (seen.hostname or "").lower() or ports[0] != ports[1]:
        return "is read differently by different programs"
    return ""


def is_loopback(url: str) -> bool:
    """Whether a URL beyond doubt points at this machine.

    Examples
    --------
    >>> is_loopback("http://127.0.0.1:8000"), is_loopback("https://api.prolific.com")
    (True, False)
    """
    if not isinstance(url, str) or not url.strip() or _doubt(url):
        return False
    host = (parse_url(url).host or "").strip("[]").lower()
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
