"""Connecting: a sandbox unless live is asked for by name."""

from __future__ import annotations

import json
import os
import weakref
from getpass import getpass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ..api import Client, Token, Transport
from ..api.transport import is_loopback
from ..common.display import notify
from ..errors import LiveError

if TYPE_CHECKING:
    from ..sandbox import People

_LIVE_URL = "https://api.prolific.com"
_KEYRING_SERVICE = "prolific_nb"
_KEPT_HERE = "The token is kept until this session ends. It is written nowhere."
_typed: Token | None = None


def connect(
    *,
    live: bool = False,
    token: str | None = None,
    workspace: str | None = None,
    project: str | None = None,
    seed: int = 0,
    people: People | None = None,
    truth: str | None = None,
    store: str | os.PathLike[str] | None = None,
) -> Client:
    """Connect to a sandbox, or with ``live=True`` to Prolific.

    Without ``live=True`` this never leaves the machine, whatever the environment holds: an embedded sandbox is
    started, or, where ``PROLIFIC_URL`` points at this machine, the sandbox served there is used with
    ``PROLIFIC_TOKEN``.

    Parameters
    ----------
    live : bool
        True for real participants and real money.
    token : str, optional
        Only for live; better left out of notebooks. Else the token of `login`, of the variable
        ``PROLIFIC_TOKEN``, of Colab's secrets or of the keyring is used.
    workspace, project : str, optional
        Ids, where the account has more than one.
    seed : int
        Sandbox: the same seed gives the same people, answers, ids and times.
    people : People, optional
        Sandbox: how careful and how fast the simulated people are.
    truth : str, optional
        Sandbox: a column of the CSV with the intended answers, which the simulated people follow with skill.
    store : path, optional
        Sandbox: a file that keeps it; by default it lives in memory.

    Returns
    -------
    Client
        Its repr begins with SANDBOX or LIVE.

    Raises
    ------
    LiveError
        No token, an address that is not https, or arguments that contradict each other.

    Examples
    --------
    >>> client = connect()
    SANDBOX: simulated people, no money. ...
    >>> client.mode
    'SANDBOX'
    """
    given_token = None if token is None else Token(token)
    token = None  # tracebacks that show local variables must not show it
    simulation = {"people": people, "truth": truth, "store": store}
    if live:
        given = [name for name, value in simulation.items() if value is not None]
        if given:
            raise LiveError(f"{', '.join(given)}: only a sandbox has this. Leave it out, or leave out live=True.")
        return _live(given_token, workspace, project)
    if given_token is not None:
        raise LiveError("A token was given without live=True. Add live=True for real money, or leave out the token.")
    url = os.getenv("PROLIFIC_URL", "")
    if is_loopback(url):
        ignored = [name for name, value in {**simulation, "seed": seed or None}.items() if value is not None]
        return _served(url, workspace, project, ignored)
    return embedded(workspace=workspace, project=project, seed=seed, people=people, truth=truth, store=store)


def login() -> None:
    """Ask for the token without showing it, and keep it for this session.

    Where the package keyring is installed it is kept in the system's keyring too.
    """
    global _typed
    _typed = Token(getpass("Prolific API token (not shown): ")).checked()
    if find_spec("keyring"):
        keyring: Any = import_module("keyring")
        kept = _kept(keyring, _typed)
        notify("The token is kept in the system's keyring." if kept else _KEPT_HERE)
    else:
        notify(_KEPT_HERE)


def _kept(keyring: Any, token: Token) -> bool:
    """Whether the system's keyring took the token: some machines have none, which is no reason to fail."""
    try:
        keyring.set_password(_KEYRING_SERVICE, "token", token.reveal())
    except Exception:  # whatever it is, a traceback would show the token among the keyring's own variables
        return False
    except KeyboardInterrupt:  # the keyring asks for a password of its own, and waits
        pass
    else:
        return True
    raise KeyboardInterrupt  # anew, out of sight of those variables


def _live(token: Token | None, workspace: str | None, project: str | None) -> Client:
    url = os.getenv("PROLIFIC_URL") or _LIVE_URL
    if is_loopback(url):
        raise LiveError(f"PROLIFIC_URL is {url}, a sandbox. Unset it to go live, or leave out live=True.")
    found = token or _find_token()
    if found is None:
        raise LiveError(
            "live=True needs a token, and none was found. Run prolific_nb.login(), or set PROLIFIC_TOKEN before "
            "starting Jupyter; make the token in Prolific's settings."
        )
    client = Client(Transport(url, found.checked()), mode="LIVE", workspace=workspace, project=project)
    notify(f"LIVE: real participants and real money at {url}.")
    return client


def _find_token() -> Token | None:
    if _typed is not None:
        return _typed
    secret = os.getenv("PROLIFIC_TOKEN") or _colab_secret() or _keyring_secret()
    return Token(secret) if secret else None


def _colab_secret() -> str | None:
    if not find_spec("google") or not find_spec("google.colab"):
        return None
    userdata: Any = import_module("google.colab.userdata")
    try:
        return str(userdata.get("PROLIFIC_TOKEN"))
    except (userdata.SecretNotFoundError, userdata.NotebookAccessError):
        return None


def _keyring_secret() -> str | None:
    if not find_spec("keyring"):
        return None
    keyring: Any = import_module("keyring")
    try:
        found = keyring.get_password(_KEYRING_SERVICE, "token")
    except keyring.errors.KeyringError:  # a machine without a keyring service is a machine without a token
        return None
    return found if found is None else str(found)


def _served(url: str, workspace: str | None, project: str | None, ignored: list[str]) -> Client:
    if not os.getenv("PROLIFIC_TOKEN"):
        raise LiveError(f"PROLIFIC_URL is {url}, a sandbox; set PROLIFIC_TOKEN to the token it printed at its start.")
    own = f" It has its own people: {', '.join(ignored)} of this call is ignored." if ignored else ""
    notify(f"SANDBOX: simulated people, no money, served at {url}.{own}")
    # Not os.environ, which a verbose traceback would print as a whole.
    token = Token(os.getenv("PROLIFIC_TOKEN", "")).checked()
    return Client(Transport(url, token), mode="SANDBOX", workspace=workspace, project=project)


def embedded(
    *,
    workspace: str | None = None,
    project: str | None = None,
    seed: int = 0,
    people: People | None = None,
    truth: str | None = None,
    store: str | os.PathLike[str] | None = None,
) -> Client:
    """Connect to a new sandbox inside this process, without a look at the environment; see `connect`."""
    from ..sandbox import Sandbox  # Flask and jsonschema are only loaded where a sandbox is started

    where = ":memory:" if store is None else os.fspath(store)
    sandbox = Sandbox(seed=seed, people=people, truth=truth, store=where)
    notify("SANDBOX: simulated people, no money. pnb.connect(live=True) would be the real thing.")
    transport = Transport(sandbox.url, Token(sandbox.token))
    # The sandbox lives as long as anything that can speak to it.
    weakref.finalize(transport, sandbox.close)
    return Client(
        transport,
        mode="SANDBOX",
        workspace=workspace or sandbox.workspace_id,
        project=project,
        code=_as_code(seed=seed, people=people, truth=truth),
        truth=truth,
    )


def _as_code(*, seed: int, people: People | None, truth: str | None) -> str:
    given = [f"seed={seed}"] if seed else []
    given += [f"people=pnb.{people!r}"] if people is not None else []
    given += [f"truth={json.dumps(truth, ensure_ascii=False)}"] if truth is not None else []
    return f"pnb.connect({', '.join(given)})"
