"""The token is sent to one host only, over https, and never to the target of a redirect."""

from __future__ import annotations

import io
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb import errors
from prolific_nb.api import Token, Transport
from prolific_nb.api.paging import iter_pages
from tests.api.scripted import scripted

from .test_secrets import PLANTED, leaks, planted, raised

REDIRECTS = (301, 302, 303, 307, 308)


def transport(url: str) -> Transport:
    return Transport(url, Token(planted()), sleep=lambda _: None)


def heard(server: Any) -> bytes:
    """Everything that a server was told."""
    return repr(server.asked).encode()


@pytest.mark.parametrize("status", REDIRECTS)
def test_no_redirect_takes_the_token_along(status: int) -> None:
    with scripted((200, "{}")) as other, scripted((status, "", {"Location": other.url + "/api/v1/x"})) as server:
        for call in (transport(server.url).get, transport(server.url).post):
            failure = raised(lambda call=call: call("/api/v1/x"))
            assert isinstance(failure, errors.Rejected)
            assert leaks(failure=failure) == []
    assert [asked.headers["Authorization"] for asked in server.asked] == [f"Token {PLANTED}"] * 2
    assert other.asked == []


@pytest.mark.parametrize("where", ["http://[", "http://\xff/", "//", "", "http://a b", "mailto:x", "http://x:y/"])
def test_a_redirect_to_nowhere_is_an_answer_like_any_other(where: str) -> None:
    with scripted((302, "", {"Location": where})) as server:
        post = transport(server.url).post  # the server remembers the token, and must not be in the traceback's frames
        failure = raised(lambda: post("/api/v1/x"))
    assert isinstance(failure, errors.Rejected | errors.Unreachable)
    assert failure.__context__ is None
    assert leaks(failure=failure) == []


@pytest.mark.parametrize("status", REDIRECTS)
def test_presigned_addresses_never_see_the_token_wherever_they_lead(status: int) -> None:
    with scripted((200, "rows")) as other, scripted((status, "", {"Location": other.url + "/y"})) as server:
        assert transport(server.url).download(server.url + "/x?signature=1") == b"rows"
        failure = raised(lambda: transport(server.url).upload(server.url + "/x", io.BytesIO(b"a\n"), "text/csv"))
    assert isinstance(failure, errors.Rejected)  # a stream cannot be sent a second time
    assert [asked.method for asked in other.asked] == ["GET"]
    assert leaks(server=heard(server), other=heard(other), failure=failure) == []
    assert not [asked for asked in (*server.asked, *other.asked) if "Authorization" in asked.headers]


def test_a_download_does_not_go_on_in_the_open() -> None:
    with scripted((302, "", {"Location": "http://storage.invalid/key"})) as server:
        failure = raised(lambda: transport(server.url).download(server.url + "/x"))
    assert isinstance(failure, errors.LiveError)
    assert "storage.invalid is not https" in str(failure)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://api.prolific.com", "is not https"),
        ("HTTP://api.prolific.com", "is not https"),
        ("ftp://api.prolific.com", "does not begin with https://"),
        ("api.prolific.com", "does not begin with https://"),
        ("", "is empty"),
        ("http://127.0.0.1.example.com", "is not https"),
        ("http://localhost.example.com", "is not https"),
        ("http://127.0.0.1@example.com", "contains a user name or a password"),
        ("http://example.com#@127.0.0.1", "contains a query or a fragment"),
        ("http://example.com?@localhost", "contains a query or a fragment"),
        ("//example.com", "does not begin with https://"),
        ("http://0.0.0.0", "is not https"),
    ],
)
def test_nothing_but_https_is_spoken_to_other_machines(url: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    failure = raised(lambda: transport(url))
    assert isinstance(failure, errors.LiveError)
    assert words in str(failure)
    if url:
        monkeypatch.setenv("PROLIFIC_URL", url)
        failure = raised(lambda: pnb.connect(live=True, token=planted()))
        assert isinstance(failure, errors.LiveError)
        assert words in str(failure)
    assert leaks(failure=failure) == []


@pytest.mark.parametrize(
    "where",
    [
        *("http://127.0.0.1:PORT\\\\@localhost", "http://me:you@127.0.0.1:PORT/x", "//127.0.0.1:PORT\\\\@localhost/x"),
        *("http://2130706433:PORT/", "http://127.0.0.1%2f:PORT/", "ftp://127.0.0.1:PORT/", "http://["),
    ],
)
def test_an_odd_redirect_of_a_download_is_not_followed(where: str) -> None:
    with scripted((200, "other")) as other:
        target = where.replace("PORT", other.url.rpartition(":")[2]).replace("\\\\", "\\")
        with scripted((302, "", {"Location": target})) as server:
            failure = raised(lambda: transport(server.url).download(server.url + "/x"))
    assert isinstance(failure, errors.LiveError)
    assert "download URL" in str(failure)
    assert other.asked == []
    assert leaks(failure=failure) == []


def test_redirects_of_a_download_end() -> None:
    with scripted((302, "", {"Location": "/again"})) as server:
        failure = raised(lambda: transport(server.url).download(server.url + "/x"))
    assert isinstance(failure, errors.Unreachable)
    assert "redirected more than 5 times" in str(failure)


ESCAPED = "".join(f"\\u{ord(each):04x}" for each in PLANTED)
ECHOES: dict[str, str | bytes] = {
    "values and keys": f'{{"{PLANTED}": ["{PLANTED}", {{"a": "x {PLANTED} y"}}]}}',
    "a string": f'"{PLANTED}"',
    "an escaped key": f'["\\/", {{"{ESCAPED}": 1}}]',
    "an escaped value": f'{{"a": "{ESCAPED}"}}',
    "utf-16": f'{{"a": "{PLANTED}"}}'.encode("utf-16"),
    "utf-32": f'["{PLANTED}"]'.encode("utf-32-be"),
}


@pytest.mark.parametrize("name", ECHOES)
def test_an_answer_that_repeats_the_token_is_returned_without_it(name: str) -> None:
    with scripted((200, ECHOES[name])) as server:
        found = [transport(server.url).get("/api/v1/x"), transport(server.url).post("/api/v1/x", {})]
    assert repr(found).count("(hidden)") >= 2
    assert leaks(found=found) == []


def test_a_download_is_not_changed() -> None:
    with scripted((200, PLANTED)) as server:
        assert transport(server.url).download(server.url + "/x") == PLANTED.encode()


@pytest.mark.parametrize("link", ["{}/api/v1/y", "@{}/api/v1/y", "//{}/api/v1/y", "/@{}/api/v1/y", ":1@{}/"])
def test_a_link_to_the_next_page_does_not_lead_to_another_host(link: str) -> None:
    with scripted((404, "")) as other:
        host = other.url.removeprefix("http://")
        page = f'{{"results": [{{}}], "_links": {{"next": {{"href": "{link.format(host)}"}}}}}}'
        with scripted((200, page), (200, '{"results": [{}], "_links": {}}')) as server:
            list(iter_pages(transport(server.url), "/api/v1/things/"))
        assert [asked.headers["Authorization"] for asked in server.asked] == [f"Token {PLANTED}"] * 2
    assert other.asked == []
