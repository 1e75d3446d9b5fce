"""Every URL to which something is sent names one host beyond doubt, or nothing is sent."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Iterator

import pytest

from prolific_nb.api import Token, Transport
from prolific_nb.api.urls import checked_url, is_loopback
from prolific_nb.errors import LiveError

ODD = {
    r"http://127.0.0.3:PORT\@localhost": "backslash",
    r"http://127.0.0.3:PORT\.localhost": "backslash",
    r"http:\\127.0.0.3:PORT": "backslash",
    "http://localhost@127.0.0.3:PORT": "user name or a password",
    "http://me:hunter2@127.0.0.3:PORT": "user name or a password",
    "http://@127.0.0.3:PORT": "user name or a password",
    "http://127.0.0.3:PORT@": "user name or a password|cannot be read",
    "http://127.0.0.3:PORT\t": "space or a control character",
    " http://127.0.0.3:PORT": "space or a control character",
    "http://127.0.\n0.3:PORT": "space or a control character",
    "http://127.0.0.3:PORT/\x00": "space or a control character",
    "http://127.0.0.3\u200b:PORT": "space or a control character",
    "http://127.0.0.3\xa0:PORT": "space or a control character",
    "http://127.0.0.3%00.localhost:PORT": "valid host|read",
    "http://127.0.0.3%2f@localhost:PORT": "user name",
    "http://%6cocalhost:PORT": "valid host|read",
    "http://[::1%25lo]:PORT": "valid host|read",
    "http://[::ffff:127.0.0.3]:PORT": "is not https",
    "http://[127.0.0.3]:PORT": "cannot be read|valid host",
    "http://localhost.:PORT": "valid host",
    "http://127.0.0.3.:PORT": "valid host",
    "http://.localhost:PORT": "valid host|read",
    "http://2130706435:PORT": "valid host",
    "http://0x7f000003:PORT": "valid host",
    "http://127.3:PORT": "valid host",
    "http://0177.0.0.3:PORT": "valid host",
    "http://127.0.0.0x3:PORT": "valid host",
    "http://１２７.0.0.3:PORT": "read",
    "http://ⓛocalhost:PORT": "read|valid host",
    "http://127.0.0.3;localhost:PORT": "valid host|read",
    "http://127.0.0.3,localhost:PORT": "valid host|read",
    "http://127.0.0.3:PORT:PORT": "read|valid host",
    "http://127.0.0.3:0": "port 0",
    "http://127.0.0.3:65536": "cannot be read",
    "http://127.0.0.3:-1": "read|valid host",
    "http://127.0.0.3:": "valid host",
    "http://127.0.0.3:８０": "read|valid host",
    "http:///127.0.0.3:PORT": "names no host",
    "http:127.0.0.3:PORT": "names no host|does not begin|read",
    "http:/127.0.0.3:PORT": "names no host|read",
    "127.0.0.3:PORT": "does not begin with https://",
    "//127.0.0.3:PORT": "does not begin with https://",
    "file://127.0.0.3/etc/passwd": "does not begin with https://",
    "httpss://127.0.0.3:PORT": "does not begin with https://",
    f"http://{'a' * 64}.localhost:PORT": "valid host",
    "": "empty",
    "   ": "empty",
}
NOT_A_BASE = {
    "http://127.0.0.3:PORT?@localhost": "query or a fragment",
    "http://127.0.0.3:PORT#@localhost": "query or a fragment",
    "http://127.0.0.3:PORT/?x=1": "query or a fragment",
    "http://127.0.0.3:PORT#": "query or a fragment",
}


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server on another address of this machine; the test fails if anything connects to it."""
    try:
        listening = socket.create_server(("127.0.0.3", 0))
    except OSError:  # macOS has 127.0.0.1 only
        pytest.skip("this machine has no address 127.0.0.3")
    with listening:
        yield listening.getsockname()[1]
        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()


def sending(url: str) -> dict[str, Callable[[], object]]:
    transport = Transport("https://prolific.invalid", Token("planted-secret"), sleep=lambda _: None)
    return {
        "upload": lambda: transport.upload(url, io.BytesIO(b"a"), "text/csv"),
        "download": lambda: transport.download(url),
    }


@pytest.mark.parametrize(("url", "words"), [*ODD.items(), *NOT_A_BASE.items()])
def test_no_transport_is_made_for_an_odd_url(url: str, words: str, port: int) -> None:
    with pytest.raises(LiveError, match=words) as caught:
        Transport(url.replace("PORT", str(port)), Token("planted-secret")).get("/api/v1/users/me/")
    assert "hunter2" not in str(caught.value)
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("way", ["upload", "download"])
@pytest.mark.parametrize("url", ODD)
def test_nothing_is_sent_to_an_odd_presigned_url(url: str, way: str, port: int) -> None:
    with pytest.raises(LiveError, match=ODD[url]) as caught:
        sending(url.replace("PORT", str(port)))[way]()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", [None, 7, b"https://x.example", {"url": "x"}])
@pytest.mark.parametrize("way", ["upload", "download"])
def test_what_is_not_a_string_is_not_a_url(url: object, way: str) -> None:
    with pytest.raises(LiveError, match="is empty"):
        sending(url)[way]()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://127.0.0.3", True),
        ("http://localhost:1/x", True),
        ("HTTP://LOCALHOST", True),
        ("https://[::1]:443", True),
        ("https://api.prolific.com", False),
        ("https://storage.example/a/b%20c?X-Amz-Signature=a%2Fb&x=@y#z", False),
        ("https://xn--bcher-kva.example", False),
        ("https://my_bucket.s3.eu-west-2.amazonaws.com/key", False),
        ("https://192.0.2.1:65535/", False),
        ("https://[2001:db8::1]/", False),
        ("https://localhost.example.com", False),
        ("https://[::ffff:127.0.0.1]", False),
        ("https://0.0.0.0", False),
    ],
)
def test_plain_urls_are_accepted_and_this_machine_is_known(url: str, here: bool) -> None:
    assert checked_url(url).host
    assert is_loopback(url) is here
