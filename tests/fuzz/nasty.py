"""Values that break servers, for tests with requests that no schema would generate."""

from __future__ import annotations

import copy
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from hypothesis import strategies as st

DEEP = 200_000

# As they stand in a JSON text.
LITERALS = [
    *("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e308", "1e-320", "0", "-0.0", "-1", "0.1", "1e15"),
    *("9" * 400, "9" * 5000, str(2**63), str(-(2**63) - 1), "null", "true", "{}", "[]", '""'),
    *(r'"\ud800"', r'"\udfff\ud800"', r'"\u0000"', r'"a\u0000b"', '"\u202e\ufeff"', json.dumps("x" * 100_000)),
    *("[" * DEEP + "]" * DEEP, '{"a":' * 500 + "1" + "}" * 500, '{"\\ud800": "\\udc00"}', '{"": 1, "": 2}'),
    *('"9999-12-31T23:59:59+00:00"', '"0001-01-01T00:00:00+14:00"', '"2030-01-31"', '"00/00/0000"', '"99/99/9999"'),
]
BODIES = [
    *(b"", b" ", b"{", b"}", b"[]", b"null", b"1", b'"a"', b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}", b'{"a": "\xff"}'),
    *(b"{}{}", b'{"a": 1,}', b"\x00", b"[" * DEEP, b'{"a":' * DEEP, b"\xed\xa0\x80", "{}".encode("utf-16")),
    *(b"a,b\n1", b'"', b'a\n"unclosed', b"a\r\rb\r", b"\n\n\n", b"x" * 1_000_000),
]
TYPES = [
    *("application/json", "application/json; charset=utf-16", "application/json;;;=", "text/plain", "", "/", "\xe4"),
    *("multipart/form-data", "multipart/form-data; boundary=", "application/x-www-form-urlencoded", "text/csv"),
    *("application/x-ndjson", "application/JSON", "a" * 5000),
]
# As they stand in an address.
PIECES = [
    *("%00", "%FF", "%ED%A0%80", "%2F", "%252F", "..", "%2e%2e", ".", ";", "%", "%zz", "a" * 8000, "%0D%0A", "%20"),
    *("*", "'", "%22", "%3C", "{id}", "%F0%9F%98%80", "a%00b.csv", "a%FF.csv", "%0A.csv", ".csv", "-1", "null"),
]
QUERIES = [
    *("", "%00", "%FF", "%ED%A0%80", "9" * 5000, "-1", "0", "1", "1e9", "%2B1", "9" * 30, "%D9%A3", "%C2%B2", "null"),
    *("true", "a" * 8000, "%", "[]", "%0A", "2026-01-05T09:00:00%2B99:99", "0001-01-01", "9999-12-31T23:59:59Z"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "31/02/2026", "01/01/0000", "(A|", "%3F", "NaN"),
]


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a JSON value, the whole first."""
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*at, key))


def spoiled(body: Any) -> st.SearchStrategy[bytes]:
    """The body as JSON, with something nasty in one place of it."""
    return st.builds(_with, st.just(body), st.sampled_from(list(places(body))), st.sampled_from(LITERALS))


def _with(body: Any, place: tuple[Any, ...], literal: str) -> bytes:
    mark = "here it goes"
    whole = [copy.deepcopy(body)]
    inner: Any = whole
    way = (0, *place)
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = mark
    return json.dumps(whole[0]).replace(f'"{mark}"', literal).encode()


def speak(url: str, request: bytes) -> bytes:
    """Send bytes to a server as they are; what comes back until it closes the connection or falls silent."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=5) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        heard = b""
        while piece := line.recv(65536):
            heard += piece
    return heard


def request(method: str, target: str | bytes, body: bytes = b"", **headers: str) -> bytes:
    """An HTTP request, byte for byte."""
    told = target if isinstance(target, bytes) else target.encode("latin-1")
    lines = [method.encode() + b" " + told + b" HTTP/1.1", b"Host: sandbox", b"Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}".encode("latin-1") for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}".encode()] if body else []
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def status(answer: bytes) -> int:
    """The status of an answer; 0 if there is none."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0
