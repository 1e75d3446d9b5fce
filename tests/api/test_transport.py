from __future__ import annotations

import io
import os
import pickle
import socket
import time
import traceback
from pathlib import Path

import pytest

from prolific_nb.api import Token, Transport
from prolific_nb.errors import (
    ApiError,
    Conflict,
    Forbidden,
    LiveError,
    NotFound,
    Rejected,
    ServerError,
    TooManyRequests,
    Unauthorised,
    UnexpectedResponse,
    Unreachable,
)

from .scripted import scripted

SECRET = "planted-secret-token"
WRAPPED = '{"error": {"status": 400, "error_code": 140000, "title": "Bad thing", "detail": %s}}'


def transport(url: str) -> tuple[Transport, list[float]]:
    naps: list[float] = []
    return Transport(url, Token(SECRET), sleep=naps.append), naps


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (WRAPPED % '"It is wrong"', "Bad thing. It is wrong."),
        (WRAPPED % '["One", "Two"]', "Bad thing. One. Two."),
        (WRAPPED % '{"reward": ["Too low", "Odd"]}', "Bad thing. reward: Too low; Odd."),
        ('{"status": 400, "error_code": 1, "title": "Bare", "detail": "record"}', "Bare. record."),
        ('{"message": "Flat", "detail": "said"}', "Flat. said."),
        ('{"detail": "Not found."}', "Not found."),
        ("internal server error", "internal server error."),
        ("", "the response contains no error message."),
        ("<html>" + "x" * 5000, "xxx"),
    ],
)
def test_every_documented_error_form_has_a_readable_message(body: str, words: str) -> None:
    with scripted((400, body)) as server, pytest.raises(Rejected) as caught:
        transport(server.url)[0].post("/api/v1/x", {})
    assert str(caught.value).startswith(f"POST /api/v1/x was answered with 400: {words}")
    assert len(str(caught.value)) < 900


def test_layout_issues_keep_their_positions_and_messages_count_from_one() -> None:
    body = (
        '{"type": "INVALID_BATCH_ITEMS", "message": "Bad layout", "issues": [{"page": 0, "row": 1, "column": 0, '
        '"item": 2, "type": "dataset_field", "field": "revew", "message": "Unknown field"}]}'
    )
    with scripted((422, body)) as server, pytest.raises(Rejected) as caught:
        transport(server.url)[0].post("/api/v1/x", {})
    assert caught.value.issues[0]["field"] == "revew"
    assert "page 1, row 2, column 1, item 3 (revew): Unknown field" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, Unauthorised),
        (403, Forbidden),
        (404, NotFound),
        (405, Rejected),
        (409, Conflict),
        (422, Rejected),
        (429, TooManyRequests),
        (500, ServerError),
        (302, Rejected),
    ],
)
def test_each_status_has_its_exception_and_survives_pickling(status: int, kind: type[ApiError]) -> None:
    with scripted((status, '{"detail": "why"}', {"Location": "http://127.0.0.1:1/elsewhere"})) as server:
        with pytest.raises(kind) as caught:
            transport(server.url)[0].post("/api/v1/x")
        assert len(server.asked) == 1
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.status, str(again)) == (status, str(caught.value))


def test_reads_are_retried_with_growing_pauses_and_writes_never() -> None:
    with scripted((503, ""), (429, ""), (200, '{"ok": 1}')) as server:
        client, naps = transport(server.url)
        assert client.get("/api/v1/x") == {"ok": 1}
        assert [a.method for a in server.asked] == ["GET"] * 3
        assert 0 < naps[0] <= 1 <= naps[1] <= 2
    with scripted((503, "")) as server:
        with pytest.raises(ServerError):
            transport(server.url)[0].post("/api/v1/x")
        assert len(server.asked) == 1


def test_reads_give_up_finally_and_at_once_if_a_retry_is_useless() -> None:
    with scripted((503, "")) as server:
        client, naps = transport(server.url)
        with pytest.raises(ServerError):
            client.get("/api/v1/x")
        assert len(server.asked) == 5
        assert len(naps) == 4
    with scripted((404, "")) as server:
        with pytest.raises(NotFound):
            transport(server.url)[0].get("/api/v1/x")
        assert len(server.asked) == 1


def test_the_token_is_sent_to_the_api_and_never_to_presigned_urls() -> None:
    with scripted((200, "{}")) as server:
        client, _ = transport(server.url)
        client.get("/api/v1/x")
        client.upload(server.url + "/bucket/key?signature=1", io.BytesIO(b"a,b\n"), "text/csv")
        client.download(server.url + "/bucket/key")
        api, put, get = server.asked
    assert api.headers["Authorization"] == f"Token {SECRET}"
    assert "Authorization" not in put.headers
    assert "Authorization" not in get.headers
    assert (put.method, put.headers["Content-Type"], put.body) == ("PUT", "text/csv", b"a,b\n")


def test_a_file_that_repeats_the_token_is_returned_without_it_and_otherwise_unchanged() -> None:
    sent = bytes(range(256)) + f"Zoë,{SECRET},".encode() + "Zoë".encode("latin-1")
    with scripted((200, sent, {"Content-Type": "text/csv"})) as server:
        found = transport(server.url)[0].post_for_file("/api/v1/x", {})
    assert found == sent.replace(SECRET.encode(), b"(hidden)")


def test_a_request_for_a_file_is_sent_once() -> None:
    with scripted((503, "")) as server:
        with pytest.raises(ServerError):
            transport(server.url)[0].post_for_file("/api/v1/x", {})
        assert len(server.asked) == 1


def test_netrc_is_not_read(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"  # type: ignore[operator]
    netrc.write_text("machine 127.0.0.1 login me password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with scripted((200, "")) as server:
        client, _ = transport(server.url)
        client.download(server.url + "/file")
        assert "Authorization" not in server.asked[0].headers


def test_an_unreachable_host_is_one_clear_error_without_the_token() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(Unreachable, match=r"got no response from 127\.0\.0\.1") as caught:
        transport(url)[0].get("/api/v1/users/me/")
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert SECRET not in shown
    assert caught.value.__context__ is None


def test_a_response_that_is_not_json_is_unreachable() -> None:
    with (
        scripted((200, "<html>proxy</html>")) as server,
        pytest.raises(Unreachable, match=r"not JSON.*may have taken effect"),
    ):
        transport(server.url)[0].post("/api/v1/x")
    with scripted((200, '{"id": "cut'), (200, '{"id": 1}')) as server:
        assert transport(server.url)[0].get("/api/v1/x") == {"id": 1}


@pytest.mark.parametrize(("header", "nap"), [("7", 7.0), ("99999", 300.0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0)])
def test_a_busy_server_says_how_long_to_wait(header: str, nap: float) -> None:
    with scripted((429, "", {"Retry-After": header}), (200, "{}")) as server:
        client, naps = transport(server.url)
        client.get("/api/v1/x")
    assert naps == [nap]


def test_what_the_server_does_not_have_is_asked_for_once() -> None:
    with scripted((501, '{"error": {"detail": "Not part of this server."}}')) as server:
        client = Transport(server.url, Token(SECRET), sleep=lambda _: pytest.fail("a retry cannot help"))
        with pytest.raises(ServerError, match="Not part of this server"):
            client.get("/api/v1/filters/search/")
        assert len(server.asked) == 1


def test_a_query_sent_by_post_is_retried_like_a_read() -> None:
    with scripted((502, ""), (200, '{"total_cost": 7}')) as server:
        assert transport(server.url)[0].ask("/api/v1/study-cost-calculator/", {}) == {"total_cost": 7}


def test_an_unencrypted_presigned_url_is_refused_before_sending() -> None:
    client, _ = transport("https://api.prolific.com")
    with pytest.raises(LiveError, match="not https"):
        client.upload("http://storage.example/key", io.BytesIO(b"a"), "text/csv")


def test_plain_http_is_for_this_machine_only() -> None:
    with pytest.raises(LiveError, match="not https"):
        Transport("http://api.prolific.com", Token(SECRET))


def test_a_proxy_of_the_environment_is_not_used_for_a_local_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with scripted((200, '{"ok": 1}')) as server:
        assert transport(server.url)[0].get("/api/v1/x") == {"ok": 1}


def test_a_token_is_never_shown() -> None:
    token = Token(f" {SECRET}\n")
    assert SECRET not in f"{token} {token!r} {token!s:>30} {vars(Transport('https://x.example', token))}"
    assert token == Token(SECRET)
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(token)
    with pytest.raises(LiveError, match="Copy it again") as caught:
        Token("half a-token").checked()
    assert "half" not in str(caught.value)


# --- a wrong environment is said by naming the variable -----------------------------------------------------------


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No variable about proxies and certificates."""
    for name in os.environ:
        if name.lower().endswith("_proxy") or name.endswith("_CA_BUNDLE"):
            monkeypatch.delenv(name)
    return monkeypatch


def unreachable(url: str) -> Unreachable:
    client = Transport(url, Token(SECRET), sleep=lambda _: pytest.fail("a retry cannot help"), limits=(3, 3))
    with pytest.raises(Unreachable) as caught:
        client.get("/api/v1/users/me/")
    return caught.value


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "which does not exist"),
        ("not a certificate", "which is not a file of PEM certificates"),
        ("", "which is not a file of PEM certificates"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "which is not a file of PEM certificates"),
    ],
)
def test_wrong_certificates_are_said(
    name: str, content: str | None, words: str, tmp_path: Path, plain_environment: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "ca.pem"
    if content is not None:
        place.write_text(content)
    plain_environment.setenv(name, str(place))
    with scripted((200, "{}")) as server:
        failure = unreachable(server.url.replace("http:", "https:"))
    assert f"{name} is {str(place)!r}, {words}. Set it to" in str(failure)
    assert "Nothing was sent" in str(failure)
    assert failure.lasting
    assert pickle.loads(pickle.dumps(failure)).lasting


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    ("value", "words"),
    [
        *[
            (odd, "is not the URL of a proxy")
            for odd in ("not a proxy", "http://", "http://[::1", "http://x:99999", "://")
        ],
        *[(odd, "is not the URL of a proxy") for odd in ("http:/127.0.0.1:9", "\\\\proxy")],
        ("ftp://127.0.0.1:9", "is ftp://127.0.0.1:9, whose scheme cannot be used"),
    ],
)
def test_an_odd_proxy_is_said(name: str, value: str, words: str, plain_environment: pytest.MonkeyPatch) -> None:
    plain_environment.setenv(name, value)
    failure = unreachable("https://prolific.invalid")
    assert f"{name} {words}" in str(failure)
    assert "Nothing was sent" in str(failure)


def test_a_proxy_that_is_not_there_is_said_without_its_password(plain_environment: pytest.MonkeyPatch) -> None:
    plain_environment.setenv("HTTPS_PROXY", "http://me:hunter2@127.0.0.1:9")
    naps: list[float] = []
    with pytest.raises(Unreachable, match=r"proxy http://127\.0\.0\.1:9 of HTTPS_PROXY cannot be used") as caught:
        Transport("https://prolific.invalid", Token(SECRET), sleep=naps.append).get("/api/v1/users/me/")
    assert "refused" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert len(naps) == 4, "a proxy may be restarted, so it is tried again"


def test_a_host_without_an_address_is_said(plain_environment: pytest.MonkeyPatch) -> None:
    client, _ = transport("https://prolific.invalid")
    with pytest.raises(Unreachable, match="its name could not be resolved: check the spelling of the host"):
        client.post("/api/v1/x")


def test_a_proxy_is_used_for_storage_but_not_for_this_machine(plain_environment: pytest.MonkeyPatch) -> None:
    with scripted((200, "rows")) as proxy, scripted((200, "local")) as server:
        plain_environment.setenv("ALL_PROXY", proxy.url)
        client, _ = transport(server.url)
        assert client.download(server.url + "/x") == b"local"
        assert proxy.asked == []


def test_a_sandboxs_proof_does_not_wait_for_a_server_that_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prolific_nb.api.transport._PROOF_LIMITS", (0.2, 0.2))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client, _ = transport(f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        with pytest.raises(Unreachable, match="ReadTimeout"):
            client.prove()
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("charset", ["undefined", "a\0b", "hex", "no-such-charset"])
@pytest.mark.parametrize(("status", "kind"), [(200, UnexpectedResponse), (400, Rejected)])
def test_a_response_whose_charset_cannot_decode_it_is_an_error_of_the_package(
    charset: str, status: int, kind: type[Exception]
) -> None:
    answer = (status, b"<p>\xff" + SECRET.encode(), {"Content-Type": f"text/html; charset={charset}"})
    with scripted(answer) as server, pytest.raises(kind) as caught:
        transport(server.url)[0].post("/api/v1/x", {})
    assert SECRET not in str(caught.value)


def test_a_date_to_retry_after_that_no_clock_has_is_ignored() -> None:
    header = {"Retry-After": "Mon, 01 Jan 99999999999 00:00:00 GMT"}
    with scripted((429, "", header), (200, "{}")) as server:
        assert transport(server.url)[0].get("/api/v1/x") == {}
