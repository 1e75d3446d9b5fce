"""URLs as the library that connects reads them: what two parsers read differently is refused."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from ..errors import LiveError

_PLAIN = "Write scheme, host and port only, for example https://api.prolific.com or http://127.0.0.1:8000."
_NETLOC = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")  # as the last label of a host: an IP, in whatever form


def checked_url(url: str, what: str = "The URL", *, base: bool = False) -> Url:
    r"""A URL that names one host beyond doubt, with https, or http on this machine.

    Parameters
    ----------
    url : str
        Scheme, a host, perhaps a port and a path.
    what : str
        What the URL is, for messages.
    base : bool
        Whether paths will be appended to it, so that it must not have a query or a fragment.

    Raises
    ------
    LiveError
        It contains user info, backslashes, spaces or control characters, has no valid host, or is read differently by
        different parsers, so that data could go to another host than the one that is seen; or it is not https and
        names another machine. The message never quotes user info, which may be a password.

    Examples
    --------
    >>> checked_url("https://api.prolific.com/api/v1").host
    'api.prolific.com'
    >>> checked_url(r"http://192.0.2.1:8000\@localhost")
    Traceback (most recent call last):
    ...
    prolific_nb.errors.LiveError: The URL contains a backslash, so nothing was sent. ...
    """
    if not isinstance(url, str) or not url.strip():
        raise LiveError(f"{what} is empty, so nothing was sent. {_PLAIN}")
    reason = doubt(url) or (base and _more_than_a_base(url))
    if reason:
        raise LiveError(f"{what} {reason}, so nothing was sent. {_PLAIN}")
    read = parse_url(url)
    if read.scheme != "https" and not is_loopback(url):
        raise LiveError(
            f"{read.scheme}://{read.netloc} is not https, so the data would be sent unencrypted. Use https."
        )
    return read


def doubt(url: str) -> str:
    """Why it is not certain which host a URL names, as the end of a sentence; "" if it is certain."""
    if "\\" in url:
        return "contains a backslash"
    if " " in url or not url.isprintable():  # other spaces are not printable
        return "contains a space or a control character"
    try:
        read, seen = parse_url(url), urlsplit(url)
        ports = (read.port, seen.port)
    except (LocationParseError, ValueError):
        return "cannot be read"
    # A mistyped URL may begin with a user name or a password, so that the scheme is not quoted either.
    if read.scheme not in ("http", "https") or seen.scheme != read.scheme:
        return "does not begin with https:// (or http:// for this machine)"
    if read.auth is not None or seen.username is not None or "@" in seen.netloc:
        return "contains a user name or a password"
    if not read.host or not seen.hostname:
        return "names no host"
    if read.host.strip("[]").lower() != seen.hostname.lower() or ports[0] != ports[1]:
        return "is read differently by different programs"
    if not _NETLOC.fullmatch(seen.netloc) or not _is_host(seen.hostname):
        return "does not name a valid host and port"
    return "has the port 0" if ports[0] == 0 else ""


def _is_host(host: str) -> bool:
    """Whether a host is a name or an IP in its usual form; resolvers read 0x7f.1 as 127.0.0.1."""
    labels = host.split(".")
    if ":" in host or _NUMBER.fullmatch(labels[-1]):
        return _ip(host) is not None
    return all(0 < len(label) < 64 for label in labels) and len(host) < 254


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _more_than_a_base(url: str) -> str:
    return "contains a query or a fragment" if "?" in url or "#" in url else ""


def is_loopback(url: str) -> bool:
    """Whether a URL beyond doubt points at this machine.

    Examples
    --------
    >>> is_loopback("http://127.0.0.1:8000"), is_loopback("https://api.prolific.com")
    (True, False)
    """
    if not isinstance(url, str) or not url.strip() or doubt(url):
        return False
    host = (urlsplit(url).hostname or "").lower()
    ip = _ip(host)
    # Not is_loopback of a mapped one such as ::ffff:127.0.0.1, on which versions of Python differ.
    if isinstance(ip, ipaddress.IPv6Address):
        return ip == ipaddress.IPv6Address("::1")
    return host == "localhost" if ip is None else ip.is_loopback
