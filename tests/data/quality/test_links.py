"""Links that load and links that do not, on a real https server; and what is never requested."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.data.quality import links
from prolific_nb.jobs import Cancelled

trustme = pytest.importorskip("trustme")


class Answers(BaseHTTPRequestHandler):
    """Answers by path, and keeps what was asked."""

    asked: list[tuple[str, str, dict[str, str]]]

    def _answer(self) -> None:
        self.asked.append((self.command, self.path, dict(self.headers)))
        status = {"/gone.png": 404, "/broken.png": 500}.get(self.path, 200)
        if self.path == "/no-head.png" and self.command == "HEAD":
            status = 405
        target = {"/moved.png": "/1.png", "/http.png": "http://localhost/1.png", "/round.png": "/round.png"}
        status = 302 if self.path in target else status
        self.send_response(status)
        if self.path in target:
            self.send_header("Location", target[self.path])
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET = _answer

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[tuple[str, str, dict[str, str]]]]]:
    """Its URL and what it was asked; for these tests this machine counts as public."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    asked: list[tuple[str, str, dict[str, str]]] = []
    handler = type("Handler", (Answers,), {"asked": asked})
    made = ThreadingHTTPServer(("localhost", 0), handler)
    made.socket = context.wrap_socket(made.socket, server_side=True)
    Thread(target=made.serve_forever, daemon=True).start()
    monkeypatch.setattr(links, "_is_public", lambda address: True)
    monkeypatch.setattr(links, "_context", lambda: trusting)
    yield f"https://localhost:{made.server_port}", asked
    made.shutdown()
    made.server_close()


def of(*urls: str) -> pnb.Dataset:
    return pnb.read_data(pd.DataFrame({"photo": urls}), kinds={"photo": "image"})


def test_links_that_do_not_load_are_counted_by_reason(server: Any) -> None:
    at, asked = server
    paths = ["1", "gone", "no-head", "moved", "http", "round", "broken", "gone"]
    found = of(*[f"{at}/{path}.png" for path in paths], "").check_links()
    words = " ".join(map(str, found))
    assert "note, column 'photo': 3 of 8 links load." in words
    assert "2 links do not load (status 404 Not Found): rows 3, 9." in words
    assert "1 link does not load (not https): row 6." in words
    assert "more than 3 redirects" in words
    assert "status 500" in words
    assert sorted(row for each in found.errors for row in each.rows) == [3, 6, 7, 8, 9]
    assert sum(path == "/gone.png" for _, path, _ in asked) == 2  # HEAD and GET, once for both cells


def test_nothing_but_the_request_is_sent(server: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    at, asked = server
    (tmp_path / ".netrc").write_text("machine localhost login ada password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PROLIFIC_TOKEN", "planted-secret-token")
    of(f"{at}/1.png", f"{at}/moved.png", f"{at}/no-head.png").check_links()
    names = {name.casefold() for _, _, headers in asked for name in headers}
    assert names <= {"host", "user-agent", "accept", "connection", "accept-encoding", "range"}
    assert [headers["Range"] for method, _, headers in asked if method == "GET"] == ["bytes=0-0"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://127.0.0.1/1.png", "a private IP address"),
        ("https://[::1]/1.png", "a private IP address"),
        ("https://[::ffff:10.0.0.1]/1.png", "a private IP address"),
        ("https://169.254.169.254/latest/meta-data.png", "a private IP address"),
        ("https://10.1.2.3:8443/1.png", "a private IP address"),
        ("https://0x7f000001/1.png", "a private IP address"),
        ("http://example.org/1.png", "not https"),
        ("https://ada:secret@example.org/1.png", "a user name"),
        ("https://:1/1.png", "not a valid URL"),
        ("https://a.org:nothing/1.png", "not a valid URL"),
        ("file:///etc/passwd.png", "not https"),
    ],
)
def test_what_must_not_be_requested_is_not(url: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links.socket, "create_connection", lambda *_: pytest.fail("connected"))
    (note, error) = sorted(of(url).check_links(), key=lambda finding: finding.level, reverse=True)
    assert "0 of 1 link load" in note.what
    assert reason in error.what


def test_a_name_is_looked_up_once_and_every_address_of_it_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("192.168.0.1", 443))]
    monkeypatch.setattr(links.socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(links.socket, "create_connection", lambda *_: pytest.fail("connected"))
    with pytest.raises(links.Unreachable, match="private"):
        links.load("https://example.org/1.png", 1)


def test_at_most_some_links_are_requested_and_a_cancellation_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(links, "load", lambda url, timeout: asked.append(url))
    data = of(*[f"https://example.org/{n}.png" for n in range(30)])
    assert "10 of 10 links load. 20 more links not checked." in str(data.check_links(most=10))
    assert len(asked) == 10

    def stop(_: Any) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        data.check_links(on_progress=stop)


def test_only_media_columns_are_checked_unless_others_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "load", lambda url, timeout: None)
    data = pnb.read_data(b"id,site\n1,https://example.org/a\n")
    assert len(data.check_links()) == 0
    assert "1 of 1 link loads" in str(data.check_links(["site"]))
