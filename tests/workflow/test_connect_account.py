"""Connecting checks the token once, at once, and names the account."""

from __future__ import annotations

import json

import pytest

import prolific_nb as pnb
from prolific_nb.errors import Unauthorised, Unreachable
from tests.api.scripted import scripted

from .conftest import Served


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROLIFIC_URL", raising=False)
    monkeypatch.setenv("PROLIFIC_TOKEN", "planted-secret-token")


@pytest.mark.parametrize(
    ("account", "named"),
    [
        ({"first_name": "Ann", "last_name": "Lee", "email": "ann@example.org"}, "as Ann Lee"),
        ({"name": "Ann Lee"}, "as Ann Lee"),
        ({"email": "ann@example.org"}, "as ann@example.org"),
        ({}, "with a valid token"),
    ],
)
def test_live_names_the_account(
    account: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted((401, "{}"), (200, json.dumps(account))) as server:  # it does not prove a sandbox, then answers
        monkeypatch.setenv("PROLIFIC_URL", server.url)
        pnb.connect(live=True)
        assert [each.path for each in server.asked][1:] == ["/api/v1/users/me/"]
    assert f"real money at {server.url}, {named}." in capsys.readouterr().out


def test_a_wrong_token_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted((401, "{}"), (401, '{"error": {"detail": "Invalid token."}}')) as server:
        monkeypatch.setenv("PROLIFIC_URL", server.url)
        with pytest.raises(Unauthorised, match=r"prolific_nb\.login\(\)") as caught:
            pnb.connect(live=True)
        assert "planted-secret-token" not in str(caught.value)


def test_no_answer_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prolific_nb.api.transport.Transport.backoff", lambda *_: None)
    monkeypatch.setenv("PROLIFIC_URL", "https://no-such-host.invalid")
    with pytest.raises(Unreachable, match=r"users/me/ got no response from no-such-host\.invalid"):
        pnb.connect(live=True)


def test_a_served_sandbox_names_its_account(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    sandbox = served()
    pnb.connect()
    assert [each.operation for each in sandbox.log].count("getMe") == 1
    assert f"served at {sandbox.url}, as Sandbox Researcher." in capsys.readouterr().out
