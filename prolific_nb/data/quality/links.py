"""Whether the pictures, sounds and videos that cells link to can be loaded.

A cell is data of a stranger: only https is used, only public IP addresses are contacted, redirects are held to the
same rules, nothing is sent but the request itself (no cookies, no tokens, no passwords), and no content is read.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from ...common.findings import Finding, Findings
from ...common.plurals import counted, numbered
from ...common.progress import OnProgress, Progress

_AT_ONCE = 8
_MOST_REDIRECTS = 3
_MOVED = (301, 302, 303, 307, 308)
_TRY_GET = (400, 403, 404, 405, 501)  # servers that do not know HEAD answer so
_HEADERS = {"User-Agent": "prolific_nb link check", "Accept": "*/*", "Connection": "close"}


class Unreachable(Exception):
    """A link that does not load; the message is the reason, in few words."""


def broken_links(
    links: Mapping[str, Sequence[tuple[int, str]]], most: int, timeout: float, on_progress: OnProgress
) -> Findings:
    """Ask for each distinct URL once, a few at a time.

    Parameters
    ----------
    links : mapping
        For each column, the row numbers and URLs of its cells that are not empty.
    most : int
        At most this many distinct URLs are requested: the first.
    timeout : float
        Seconds to wait for a connection, and for its answer.

    Returns
    -------
    Findings
        A note for each column with how many links load; an error for each reason why some do not.
    """
    urls = list(dict.fromkeys(url for cells in links.values() for _, url in cells))
    reasons = _asked(urls[:most], timeout, on_progress)
    found = [each for column, cells in links.items() for each in _about_column(column, cells, reasons)]
    return Findings(found)


def _asked(urls: Sequence[str], timeout: float, on_progress: OnProgress) -> dict[str, str]:
    """The reason why each URL does not load; empty for those that do."""
    reasons: dict[str, str] = {}
    pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="links")
    try:
        waiting = {pool.submit(_reason, url, timeout): url for url in urls}
        for done in as_completed(waiting):
            reasons[waiting[done]] = done.result()
            on_progress(Progress("Checking links", len(reasons), len(urls)))
    finally:
        # After a cancellation, requests that have not begun are dropped; the others end by their timeout.
        pool.shutdown(wait=False, cancel_futures=True)
    return reasons


def _reason(url: str, timeout: float) -> str:
    try:
        load(url, timeout)
    except Unreachable as reason:
        return str(reason)
    return ""


def load(url: str, timeout: float) -> None:
    """Ask whether a URL loads, following redirects.

    Raises
    ------
    Unreachable
        If it does not, or may not be requested.
    """
    for _ in range(_MOST_REDIRECTS + 1):
        status, target = _ask("HEAD", url, timeout)
        if status in _TRY_GET:
            status, target = _ask("GET", url, timeout)
        if status not in _MOVED or not target:
            break
        url = urljoin(url, target)
    else:
        raise Unreachable(f"more than {_MOST_REDIRECTS} redirects")
    if not 200 <= status < 300:
        words = http.client.responses.get(status, "")
        raise Unreachable(f"status {status} {words}".strip())


def _ask(method: str, url: str, timeout: float) -> tuple[int, str]:
    """The status of the answer, and where it redirects to."""
    parts = _allowed(url)
    connection = _Connection(str(parts.hostname), parts.port or 443, timeout)
    extra = {"Range": "bytes=0-0"} if method == "GET" else {}
    path = quote(f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}", safe="%/:=&?~#+!$,;'@()*[]")
    try:
        connection.request(method, path, headers={**_HEADERS, **extra})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location") or ""
    except TimeoutError:
        raise Unreachable(f"no answer within {timeout:g} s") from None
    except ssl.SSLError:
        raise Unreachable("its certificate is not valid") from None
    except (OSError, http.client.HTTPException, UnicodeError):
        raise Unreachable("the server cannot be reached") from None
    finally:
        connection.close()


def _allowed(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        raise Unreachable("not a valid URL") from None
    if parts.scheme.casefold() != "https":
        raise Unreachable("not https")
    if not parts.hostname or parts.username is not None:
        raise Unreachable("not a valid URL" if not parts.hostname else "a user name in the URL")
    return parts


class _Connection(http.client.HTTPSConnection):
    """Connects only to the public IP address that it has looked up itself, so that a name cannot change in between."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout, context=_context())

    def connect(self) -> None:
        """Look up the host, check every IP address, and connect to the first that answers."""
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
        if not addresses or not all(map(_is_public, addresses)):
            raise Unreachable("a private IP address")
        plain = self._first(addresses)
        try:
            self.sock = _context().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def _first(self, addresses: Sequence[str]) -> socket.socket:
        for address in addresses[:-1]:  # of IPv6 and IPv4, a machine may have only one
            try:
                return socket.create_connection((address, self.port), self.timeout)
            except OSError:
                continue
        return socket.create_connection((addresses[-1], self.port), self.timeout)


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    inside = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (inside is None or _is_public(str(inside)))


def _about_column(column: str, cells: Sequence[tuple[int, str]], reasons: Mapping[str, str]) -> list[Finding]:
    broken: dict[str, list[int]] = {}
    fine, asked = 0, 0
    for row, url in cells:
        if url in reasons:
            asked += 1
            fine += not reasons[url]
            if reasons[url]:
                broken.setdefault(reasons[url], []).append(row)
    left = f" {counted(len(cells) - asked, 'more link')} not checked." if len(cells) > asked else ""
    verb = "loads" if fine == asked == 1 else "load"
    found = [Finding("note", f"{fine:,} of {counted(asked, 'link')} {verb}.{left}", "", column=column)]
    for reason, rows in broken.items():
        what = f"{counted(len(rows), 'link')} {'does' if len(rows) == 1 else 'do'} not load ({reason}): "
        remedy = "Correct the URLs, or delete the rows: participants would see an empty place."
        found.append(
            Finding("error", f"{what}{numbered('row', rows)}.", remedy, row=rows[0], column=column, rows=tuple(rows))
        )
    return found
