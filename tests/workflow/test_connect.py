"""Connecting: live only with live=True, otherwise a sandbox."""

from __future__ import annotations

import json
import re
import socket
import sys
import traceback
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

import prolific_nb as pnb
from prolific_nb.api import Client, Record, Token
from prolific_nb.api.polling import SANDBOX_PACE
from prolific_nb.common.proof import proof_message
from prolific_nb.errors import LiveError, SpendError, Unreachable
from prolific_nb.sandbox import Sandbox
from prolific_nb.workflow import connect
from tests.api.scripted import Asked, scripted

from .conftest import Served

SECRET = "planted-secret-token"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROLIFIC_TOKEN", "PROLIFIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(connect, "_typed", None)


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a request: the hosts of these tests do not exist, or must get no token. See test_connect_account.py."""
    monkeypatch.setattr(Client, "me", lambda client: Record({"name": "Ann Researcher"}))


@pytest.mark.parametrize("url", [None, "https://api.prolific.com", "https://proxy.example"])
def test_connect_is_a_sandbox_whatever_the_environment_holds(url: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROLIFIC_TOKEN", SECRET)
    if url:
        monkeypatch.setenv("PROLIFIC_URL", url)
    client = pnb.connect()
    assert client.mode == "SANDBOX"
    assert client.url.startswith("http://127.0.0.1:")
    assert repr(client).startswith("SANDBOX")
    assert "SANDBOX" in client._repr_html_()


def test_a_sandbox_served_elsewhere_is_used_with_its_token(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox, client = served(), pnb.connect()
    assert (client.mode, client.url, client.workspace_id) == ("SANDBOX", sandbox.url, sandbox.workspace_id)
    monkeypatch.setenv("PROLIFIC_TOKEN", "wrong")
    with pytest.raises(LiveError, match="its token is not the one in use here"):
        pnb.connect()
    monkeypatch.delenv("PROLIFIC_TOKEN")
    with pytest.raises(LiveError, match="Set PROLIFIC_TOKEN to the token of the sandbox there, that it printed"):
        pnb.connect()


def test_live_needs_a_token_https_and_live_true(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LiveError, match="needs a token"):
        pnb.connect(live=True)
    with pytest.raises(LiveError, match="without live=True"):
        pnb.connect(token=SECRET)
    with pytest.raises(LiveError, match="truth: only for a sandbox"):
        pnb.connect(live=True, token=SECRET, truth="label")
    monkeypatch.setenv("PROLIFIC_URL", "http://api.prolific.com")
    with pytest.raises(LiveError, match="not https"):
        pnb.connect(live=True, token=SECRET)
    with Sandbox() as sandbox:
        monkeypatch.setenv("PROLIFIC_URL", sandbox.url)
        with pytest.raises(LiveError, match="a sandbox"):
            pnb.connect(live=True, token=sandbox.token)


@pytest.mark.parametrize(
    ("url", "host"), [(None, "https://api.prolific.com"), ("https://eu.example", "https://eu.example")]
)
def test_live_goes_to_prolific_or_the_given_host(
    url: str | None, host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PROLIFIC_TOKEN", SECRET)
    if url:
        monkeypatch.setenv("PROLIFIC_URL", url)
    client = pnb.connect(live=True)
    assert (client.mode, client.url) == ("LIVE", host)
    assert repr(client).startswith("LIVE")
    said = capsys.readouterr().out
    assert "real money" in said
    assert SECRET not in said + repr(client) + repr(vars(client)) + client._repr_html_()


def test_login_keeps_the_token_for_this_session_and_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(connect, "getpass", lambda prompt: SECRET)
    monkeypatch.setattr(connect, "find_spec", lambda name: None)
    pnb.login()
    assert pnb.connect(live=True).mode == "LIVE"
    assert SECRET not in capsys.readouterr().out


class Store(types.ModuleType):
    """Stands in for the keyring package, which is not installed with this one."""

    errors = types.SimpleNamespace(KeyringError=RuntimeError)
    kept: str | None = None
    broken = False

    def set_password(self, service: str, name: str, secret: str) -> None:
        if self.broken:
            raise RuntimeError("no backend")
        self.kept = secret

    def get_password(self, service: str, name: str) -> str | None:
        if self.broken:
            raise RuntimeError("no backend")
        return self.kept


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store("keyring")
    monkeypatch.setitem(sys.modules, "keyring", store)
    monkeypatch.setattr(connect, "find_spec", lambda name: store if name == "keyring" else None)
    monkeypatch.setattr(connect, "getpass", lambda prompt: SECRET)
    return store


def test_the_keyring_keeps_the_token_for_the_next_session(keyring: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    pnb.login()
    assert keyring.kept == SECRET
    monkeypatch.setattr(connect, "_typed", None)
    assert pnb.connect(live=True).mode == "LIVE"


def test_connecting_works_without_a_keyring_service(
    keyring: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keyring.broken = True
    pnb.login()
    assert "until this session ends" in capsys.readouterr().out
    assert pnb.connect(live=True).mode == "LIVE"
    monkeypatch.setattr(connect, "_typed", None)
    with pytest.raises(LiveError, match="none was found"):
        pnb.connect(live=True)


@pytest.mark.parametrize("secret", [SECRET, None])
def test_the_token_is_read_from_colabs_secrets(secret: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing(Exception):
        pass

    userdata = types.ModuleType("google.colab.userdata")
    userdata.SecretNotFoundError = userdata.NotebookAccessError = Missing  # type: ignore[attr-defined]

    def get(name: str) -> str:
        if secret is None or name != "PROLIFIC_TOKEN":
            raise Missing
        return secret

    userdata.get = get  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google.colab.userdata", userdata)
    monkeypatch.setattr(connect, "find_spec", lambda name: userdata if name.startswith("google") else None)
    if secret:
        assert pnb.connect(live=True).mode == "LIVE"
    else:
        with pytest.raises(LiveError, match="none was found"):
            pnb.connect(live=True)


def test_a_sandbox_served_elsewhere_says_what_it_ignores(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    served()
    pnb.connect(seed=3, truth="label")
    assert "ignored: truth, seed." in capsys.readouterr().out


# --- a sandbox is proved, not assumed -------------------------------------------------------------------------


@contextmanager
def reverse_proxy(target: str, missing: str = "/nothing") -> Iterator[Any]:
    """A server on this machine that passes requests on to another one, which has no paths that begin with `missing`."""

    def passed_on(asked: Asked) -> tuple[Any, ...]:
        if asked.path.startswith(missing):
            return 404, '{"error": {"title": "Not found"}}'
        kept = {name: value for name, value in asked.headers.items() if name not in ("Host", "Connection")}
        answer = requests.request(asked.method, target + asked.path, headers=kept, data=asked.body, timeout=60)
        return answer.status_code, answer.content

    with scripted(passed_on) as proxy:
        yield proxy


def signed(nonce: str, token: str, store: str = ":memory:") -> str:
    return Token(token).sign(proof_message(nonce, store))


def relabelled(asked: Asked) -> tuple[int, str]:
    """A program that signs the nonce with the right token, but is not a sandbox: it lacks the label."""
    nonce = asked.path.rpartition("=")[2]
    return 200, json.dumps({"proof": Token(SECRET).sign(nonce.encode()), "store": ":memory:"})


def moved(asked: Asked) -> tuple[int, str]:
    """A valid proof whose store was changed on the way."""
    proof = signed(asked.path.rpartition("=")[2], SECRET)
    return 200, json.dumps({"proof": proof, "store": "/etc/passwd"})


def echo(asked: Asked) -> tuple[int, str]:
    nonce = asked.path.rpartition("=")[2]
    return 200, json.dumps({"proof": nonce, "store": ":memory:"})


REPLAYED = json.dumps({"proof": signed("0" * 64, SECRET), "store": ":memory:"})
IMPOSTORS: dict[str, Any] = {
    "an API that asks for a token": (401, '{"error": {"title": "no token"}}'),
    "a web page": (200, "<html>It works!</html>"),
    "an empty answer": (200, ""),
    "null": (200, "null"),
    "a list": (200, "[]"),
    "another shape": (200, '{"proof": 1, "store": null}'),
    "a lone surrogate": (200, r'{"proof": "%s", "store": "\ud800"}' % ("0" * 64)),
    "a signature in other letters": (200, json.dumps({"proof": "é" * 64, "store": ":memory:"})),
    "deep nesting": (200, "[" * 9000),
    "a replayed proof": (200, REPLAYED),
    "the nonce itself": echo,
    "the right token without the label": relabelled,
    "another store": moved,
    "another token": lambda asked: (
        200,
        json.dumps({"proof": signed(asked.path.rpartition("=")[2], "other-token"), "store": ":memory:"}),
    ),
    "a redirect": (302, "", {"Location": "http://127.0.0.1:1/"}),
    "an endless answer": (200, "x" * 5_000_000),
}


@pytest.mark.parametrize("name", IMPOSTORS)
def test_what_does_not_prove_a_sandbox_is_treated_as_live_and_gets_no_token(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PROLIFIC_TOKEN", SECRET)
    with scripted(IMPOSTORS[name]) as server:
        monkeypatch.setenv("PROLIFIC_URL", server.url)
        with pytest.raises(LiveError, match=r"treated as LIVE.*pnb.connect\(live=True\).*max_cost") as caught:
            pnb.connect()
        assert "xxxx" not in str(caught.value)
        capsys.readouterr()
        client = pnb.connect(live=True)
        assert (client.mode, client.ledger) == ("LIVE", None)
        assert "real money" in (notice := capsys.readouterr().out)
        assert re.search("on this machine, but it (does not )?answer", notice)
    assert SECRET not in repr(server.asked)
    assert len({asked.path for asked in server.asked}) == len(server.asked) == 2, "each nonce is new"


def test_a_proxy_to_another_server_is_live_and_needs_a_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as sandbox, reverse_proxy(sandbox.url, missing="/_sandbox/") as proxy:
        monkeypatch.setenv("PROLIFIC_TOKEN", sandbox.token)
        monkeypatch.setenv("PROLIFIC_URL", proxy.url)
        with pytest.raises(LiveError, match="did not prove that it is a sandbox"):
            pnb.connect()
        assert sandbox.token not in repr(proxy.asked)
        client = pnb.connect(live=True)
        assert client.mode == "LIVE"
        client.pace = SANDBOX_PACE
        design = pnb.Design("D").show("review").choose("How?", ["good", "bad", "mixed"])
        plan = pnb.StudyPlan("P", reward="1.50", minutes=6)
        run = pnb.launch(client, pnb.read_data(pnb.sample_data().head(6)), design, plan)
        with pytest.raises(SpendError, match="max_cost"):
            run.publish()
        assert "transitionStudy" not in {each.operation for each in sandbox.log}


def test_a_proxy_to_a_sandbox_is_that_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as sandbox, reverse_proxy(sandbox.url) as proxy:
        monkeypatch.setenv("PROLIFIC_TOKEN", sandbox.token)
        monkeypatch.setenv("PROLIFIC_URL", proxy.url)
        assert pnb.connect().mode == "SANDBOX"
        with pytest.raises(LiveError, match="a sandbox"):
            pnb.connect(live=True)
        assert sandbox.log == [], "the proof is not a request of the API"


@pytest.mark.parametrize("live", [False, True])
def test_a_server_that_does_not_run_is_said(live: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PROLIFIC_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
    monkeypatch.setenv("PROLIFIC_TOKEN", SECRET)
    with pytest.raises(Unreachable, match="no server is running at this host and port"):
        pnb.connect(live=live)


def test_a_served_sandbox_in_a_file_keeps_its_runs_beside_it(tmp_path: Path, served: Served) -> None:
    for options, ledger in (({"store": "box.sqlite"}, tmp_path / "box.sqlite.ledger.sqlite"), ({}, None)):
        served(**options)
        client = pnb.connect()
        assert getattr(client.ledger, "path", None) == ledger
        assert getattr(client.using(project="p").ledger, "path", None) == ledger


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize(
    "url",
    [
        *(r"http://127.0.0.1:PORT\@localhost", "http://user:hunter2@127.0.0.1:PORT", "http://127.0.0.1:PORT?x=1"),
        *("http://127.0.0.1:PORT#@localhost", "http://127.1:PORT", "http://localhost.:PORT", "127.0.0.1:PORT"),
    ],
)
def test_an_odd_url_is_refused_before_anything_connects(live: bool, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROLIFIC_TOKEN", SECRET)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setenv("PROLIFIC_URL", url.replace("PORT", str(listening.getsockname()[1])))
        with pytest.raises(LiveError, match=r"PROLIFIC_URL .*nothing was sent") as caught:
            pnb.connect(live=live)
        listening.settimeout(0.05)
        with pytest.raises(TimeoutError):
            listening.accept()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("token", [SECRET + " and more", SECRET])
def test_tracebacks_with_locals_do_not_show_the_token(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if token == SECRET:
        monkeypatch.setenv("PROLIFIC_URL", "http://prolific.invalid")
    options = {"token": token}
    del token
    try:
        pnb.connect(live=True, **options)
    except LiveError as failed:
        frames = failed.__traceback__
    assert frames is not None
    own = traceback.StackSummary.extract(traceback.walk_tb(frames.tb_next), capture_locals=True)
    shown = "".join(own.format())
    assert "connect" in shown
    assert SECRET not in shown
