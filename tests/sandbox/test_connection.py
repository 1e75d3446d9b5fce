"""Clients that are slow, send too much or have no right to: they are cut off, and nobody else waits for them."""

from __future__ import annotations

import os
import socket
import stat
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from prolific_nb.sandbox import Sandbox, connection
from prolific_nb.sandbox.state.request_log import RequestLog

ME = "/api/v1/users/me/"
STUDIES = "/api/v1/studies/"


def opened(sandbox: Sandbox) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(sandbox.url.rpartition(":")[2])), timeout=30)


def head(token: str, path: str = STUDIES, *, length: int = 10**9, method: str = "POST") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    authorization = [f"Authorization: Token {token}"] if token else []
    return "\r\n".join([*lines, *authorization, f"Content-Length: {length}", "", ""]).encode()


def status(client: socket.socket) -> int:
    return int(client.recv(65536).split()[1])


@pytest.mark.parametrize(
    ("token", "path", "method", "expected"),
    [
        ("wrong", STUDIES, "POST", 401),
        ("", STUDIES, "POST", 401),
        ("", "/_uploads/5e1f?expires=1&signature=00", "PUT", 403),
        ("", "/nowhere", "POST", 404),
    ],
)
def test_the_token_is_judged_before_the_body_is_read(token: str, path: str, method: str, expected: int) -> None:
    with Sandbox() as sandbox, opened(sandbox) as client:
        client.sendall(head(token, path, method=method))  # and nothing of the body
        assert status(client) == expected


def test_a_declared_body_that_is_too_long_is_refused_before_it_is_sent() -> None:
    with Sandbox() as sandbox, opened(sandbox) as client:
        client.sendall(head(sandbox.token))
        assert status(client) == 413


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_long_is_refused_in_words(chunked: bool) -> None:
    with Sandbox() as sandbox:
        headers = {"Authorization": f"Token {sandbox.token}", "Content-Type": "application/json"}
        part = b'{"name": "' + b"x" * 2**20
        body = iter([part] * 12) if chunked else part * 12
        answer = requests.post(sandbox.url + STUDIES, data=body, headers=headers, timeout=30)
        assert answer.status_code == 413
        assert "10 MiB" in answer.json()["error"]["detail"]
        assert "in one request" in answer.json()["error"]["detail"]


def test_slow_senders_are_closed_and_block_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 1.5)
    with Sandbox() as sandbox, ExitStack() as stack:
        slow = [stack.enter_context(opened(sandbox)) for _ in range(32)]
        for client in slow[:16]:
            client.sendall(b"POST /api/v1/stu")
        for client in slow[16:]:
            client.sendall(head(sandbox.token, length=10_000))
        stop = threading.Event()

        def drip() -> None:  # a byte now and then resets any time limit between two bytes
            while not stop.wait(0.2):
                for client in slow:
                    try:
                        client.send(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        begun = time.monotonic()
        headers = {"Authorization": f"Token {sandbox.token}"}
        assert requests.get(sandbox.url + ME, headers=headers, timeout=60).status_code == 200
        assert time.monotonic() - begun < 1.4
        for client in slow:
            client.settimeout(20)
            try:
                received = client.recv(65536)
            except ConnectionResetError:
                received = b""
            assert received == b"" or received.split()[1] == b"408"
        stop.set()
        thread.join()


def test_a_body_that_stops_is_reported_as_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 0.3)
    with Sandbox() as sandbox, opened(sandbox) as client:
        client.sendall(head(sandbox.token, length=100) + b'{"na')
        assert status(client) == 408


def test_the_log_keeps_the_head_of_a_long_body() -> None:
    with Sandbox() as sandbox:
        headers = {"Authorization": f"Token {sandbox.token}"}
        for length in (10, 200_000):
            requests.post(sandbox.url + STUDIES, json={"name": "x" * length}, headers=headers, timeout=30)
        short, long = (each.body for each in sandbox.log)
        assert short == {"name": "x" * 10}
        assert long.startswith('{"name": "xxx')
        assert len(long) < 600
        assert "200,012 bytes" in long


def test_the_log_stays_within_its_memory() -> None:
    log, body = RequestLog(), b'"' + b"x" * 60_000 + b'"'
    for _ in range(2000):
        log.add("getMe", "POST", "/", 200, body)
    kept = sum(len(entry.body) for entry in log.entries())
    assert kept < 40 * 2**20
    assert log.entries()[-1].body == "x" * 60_000


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
@pytest.mark.parametrize("existed", [False, True])
def test_its_files_are_readable_by_their_owner_only(existed: bool, tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    if existed:
        Sandbox(store=path).close()
        path.chmod(0o644)
    with Sandbox(store=path) as sandbox:
        requests.get(sandbox.url + ME, headers={"Authorization": f"Token {sandbox.token}"}, timeout=60)
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    assert {"s.db", "s.db-wal", "s.db-serving"} <= set(modes)
    assert set(modes.values()) == {0o600}
