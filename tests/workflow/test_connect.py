"""Connecting: live only with live=True, otherwise a sandbox."""

from __future__ import annotations

import sys
import traceback
import types

import pytest

import prolific_nb as pnb
from prolific_nb.errors import LiveError, Unauthorised
from prolific_nb.sandbox import Sandbox
from prolific_nb.workflow import connect

SECRET = "planted-secret-token"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROLIFIC_TOKEN", "PROLIFIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(connect, "_typed", None)


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


def test_a_sandbox_served_elsewhere_is_used_with_its_token(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as sandbox:
        monkeypatch.setenv("PROLIFIC_URL", sandbox.url)
        monkeypatch.setenv("PROLIFIC_TOKEN", sandbox.token)
        client = pnb.connect()
        assert (client.mode, client.url, client.workspace_id) == ("SANDBOX", sandbox.url, sandbox.workspace_id)
        monkeypatch.setenv("PROLIFIC_TOKEN", "wrong")
        with pytest.raises(Unauthorised, match="Check the token"):
            pnb.connect().me()
        monkeypatch.delenv("PROLIFIC_TOKEN")
        with pytest.raises(LiveError, match="Set PROLIFIC_TOKEN to the token that it printed"):
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
    monkeypatch.setenv("PROLIFIC_URL", "http://127.0.0.1:8000")
    with pytest.raises(LiveError, match="a sandbox"):
        pnb.connect(live=True, token=SECRET)


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


def test_a_sandbox_served_elsewhere_says_what_it_ignores(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Sandbox() as sandbox:
        monkeypatch.setenv("PROLIFIC_URL", sandbox.url)
        monkeypatch.setenv("PROLIFIC_TOKEN", sandbox.token)
        pnb.connect(seed=3, truth="label")
    assert "ignored: truth, seed." in capsys.readouterr().out


@pytest.mark.parametrize("token", [SECRET + " and more", SECRET])
def test_tracebacks_with_locals_do_not_show_the_token(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if token == SECRET:
        monkeypatch.setenv("PROLIFIC_URL", "http://127.0.0.1:8000")
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
