"""Connecting: to a sandbox, or with live=True to Prolific."""

from __future__ import annotations

import json
import os
import weakref
from datetime import date
from getpass import getpass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ..api import Client, Token, Transport
from ..api.urls import checked_url, doubt, is_loopback
from ..common.arguments import require_path
from ..common.display import notify
from ..errors import LiveError
from ..study.ledger import Ledger

if TYPE_CHECKING:
    from ..sandbox import People, Sandbox

_LIVE_URL = "https://api.prolific.com"
_KEYRING_SERVICE = "prolific_nb"
_SESSION_ONLY = "The token is kept in memory until this session ends. It is not saved."
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
    start: str | date | None = None,
    answer_times: str | None = None,
) -> Client:
    """Connect to a sandbox, or with ``live=True`` to Prolific.

    Without ``live=True`` no request leaves this machine, whatever the environment variables are: an embedded sandbox
    is started, or if ``PROLIFIC_URL`` points to this machine, the sandbox served there is used with
    ``PROLIFIC_TOKEN``. It must prove that it is a sandbox, by signing a random number with its token. Any other server
    on this machine, such as a proxy to Prolific, is treated as LIVE.

    Parameters
    ----------
    live : bool
        True for real participants and real money.
    token : str, optional
        Only with ``live=True``; do not write it in a notebook. By default the token of `login`, of the environment
        variable ``PROLIFIC_TOKEN``, of Colab's secrets or of the keyring is used.
    workspace, project : str, optional
        Ids; needed if the account has more than one.
    seed : int
        Sandbox: the same seed gives the same participants, responses and ids; with the same `start` also the same
        times, and the same ids of responses, which begin with the time.
    people : People, optional
        Sandbox: how careful and how fast the simulated participants are; `People.mix` makes several kinds of them.
    truth : str, optional
        Sandbox: a column of the CSV with the correct answers, which simulated participants give with some error.
    store : path, optional
        Sandbox: a file in which it is stored; by default it is in memory.
    start : str, date or datetime, optional
        Sandbox: when its calendar begins, in UTC, such as ``"2026-01-05"``; by default today at midnight. A file keeps
        its calendar.
    answer_times : {"per_submission", "per_answer"}, optional
        Sandbox: when responses are stored, which determines their ``created_at``. By default all responses of a
        submission together at its end, as in Prolific's published samples, so that the time of single tasks and
        their order are unknown; ``"per_answer"`` stores each response when it is given.

    Returns
    -------
    Client
        Its repr begins with SANDBOX or LIVE.

    Raises
    ------
    LiveError
        There is no token, the URL is not https or not certain to name one host, the server on this machine did not
        prove that it is a sandbox, or arguments contradict each other.
    Unreachable
        ``PROLIFIC_URL`` points to this machine, and no response arrived from there.

    Examples
    --------
    >>> client = connect()
    SANDBOX: simulated participants, no money. ...
    >>> client.mode
    'SANDBOX'
    """
    given_token = None if token is None else Token(token)
    token = None  # tracebacks that show local variables must not contain it
    simulation = {"people": people, "truth": truth, "store": store, "start": start, "answer_times": answer_times}
    if live:
        given = [name for name, value in simulation.items() if value is not None]
        if given:
            raise LiveError(f"{', '.join(given)}: only for a sandbox. Remove these arguments, or remove live=True.")
        return _live(given_token, workspace, project)
    if given_token is not None:
        raise LiveError("A token was given without live=True. Add live=True to spend real money, or remove the token.")
    url = _given_url()
    if is_loopback(url):
        ignored = [name for name, value in {**simulation, "seed": seed or None}.items() if value is not None]
        return _served(url, workspace, project, ignored)
    return embedded(
        workspace=workspace,
        project=project,
        seed=seed,
        people=people,
        truth=truth,
        store=store,
        start=start,
        answer_times=answer_times,
    )


def login() -> None:
    """Ask for the token without showing it, and keep it for this session.

    If the package keyring is installed, the token is also saved in the system's keyring.
    """
    global _typed
    _typed = Token(getpass("Prolific API token (not shown): ")).checked()
    if find_spec("keyring"):
        keyring: Any = import_module("keyring")
        saved = _save(keyring, _typed)
        notify("The token is saved in the system's keyring." if saved else _SESSION_ONLY)
    else:
        notify(_SESSION_ONLY)


def _save(keyring: Any, token: Token) -> bool:
    """Save the token in the system's keyring; returns False on a machine without one."""
    try:
        keyring.set_password(_KEYRING_SERVICE, "token", token.reveal())
    except Exception:  # a traceback of any error would show the token in the keyring's local variables
        return False
    except KeyboardInterrupt:  # the keyring may ask for its own password and wait
        pass
    else:
        return True
    raise KeyboardInterrupt  # raised here, so that its traceback does not contain those variables


def _given_url() -> str:
    """``PROLIFIC_URL``, or "" without it; refused if it is not certain which host it names."""
    url = os.getenv("PROLIFIC_URL", "")
    if url and (doubt(url) or is_loopback(url)):
        checked_url(url, "PROLIFIC_URL", base=True)
    return url


def _live(token: Token | None, workspace: str | None, project: str | None) -> Client:
    url = _given_url() or _LIVE_URL
    checked_url(url, "PROLIFIC_URL", base=True)
    found = token or _find_token()
    if found is None:
        raise LiveError(
            "live=True needs a token, and none was found. Create one in Prolific's settings, then run "
            "prolific_nb.login() or set PROLIFIC_TOKEN before starting Jupyter."
        )
    transport = Transport(url, found.checked())
    why = ""
    if is_loopback(url):
        proof = transport.prove()
        if not proof.doubt:
            raise LiveError(f"PROLIFIC_URL is {url}, a sandbox. Unset it to connect to Prolific, or remove live=True.")
        why = f" This URL is on this machine, but {proof.doubt}, so it may lead to Prolific."
    client = Client(transport, mode="LIVE", workspace=workspace, project=project)
    notify(f"LIVE: real participants and real money at {url}, {_account(client)}.{why}")
    return client


def _account(client: Client) -> str:
    """Whose token it is: the first request, so that a wrong token is refused at once."""
    me = client.me()
    name = " ".join(str(me[part]) for part in ("first_name", "last_name") if me.get(part))
    known = name or me.get("name") or me.get("username") or me.get("email") or me.get("id")
    return f"as {known}" if known else "with a valid token"


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
    except keyring.errors.KeyringError:  # without a keyring service there is no saved token
        return None
    return found if found is None else str(found)


def _served(url: str, workspace: str | None, project: str | None, ignored: list[str]) -> Client:
    if not os.getenv("PROLIFIC_TOKEN"):
        raise LiveError(
            f"PROLIFIC_URL is {url}, on this machine. Set PROLIFIC_TOKEN to the token of the sandbox there, that it "
            "printed when it started, or unset PROLIFIC_URL to use an embedded sandbox."
        )
    # Not os.environ, which a verbose traceback would print in full.
    transport = Transport(url, Token(os.getenv("PROLIFIC_TOKEN", "")).checked())
    proof = transport.prove()
    if proof.doubt:
        raise LiveError(
            f"PROLIFIC_URL is {url}, which did not prove that it is a sandbox: {proof.doubt}. It may lead to real "
            "participants and real money, so it is treated as LIVE, and PROLIFIC_TOKEN was not sent. For a sandbox, "
            "start prolific-nb sandbox and set PROLIFIC_URL and PROLIFIC_TOKEN to what it prints, or unset both. "
            "To use this server as LIVE: pnb.connect(live=True); each publication then needs max_cost."
        )
    note = f" It has its own settings: these arguments are ignored: {', '.join(ignored)}." if ignored else ""
    client = Client(transport, mode="SANDBOX", workspace=workspace, project=project)
    notify(f"SANDBOX: simulated participants, no money, served at {url}, {_account(client)}.{note}")
    # The sandbox of a tunnel or a container keeps its file on another machine, where no ledger can lie beside it.
    if os.path.isfile(proof.store):
        client.ledger = Ledger(f"{proof.store}.ledger.sqlite")
    return client


def embedded(
    *,
    workspace: str | None = None,
    project: str | None = None,
    seed: int = 0,
    people: People | None = None,
    truth: str | None = None,
    store: str | os.PathLike[str] | None = None,
    start: str | date | None = None,
    answer_times: str | None = None,
) -> Client:
    """Connect to a new sandbox in this process, without reading environment variables; see `connect`."""
    from ..sandbox import Sandbox  # Flask and jsonschema are only loaded when a sandbox is started

    where = ":memory:" if store is None else str(require_path("store", store))
    switches: dict[str, Any] = {} if answer_times is None else {"answer_times": answer_times}
    sandbox = Sandbox(seed=seed, people=people, truth=truth, store=where, start=start, **switches)
    notify("SANDBOX: simulated participants, no money. For real participants: pnb.connect(live=True).")
    code = _as_code(seed=seed, people=people, truth=truth, start=start, answer_times=answer_times)
    client = client_of(sandbox, workspace=workspace, project=project, code=code, truth=truth)
    # Its runs end with it, or lie beside its file: another sandbox gives other things the same IDs.
    client.ledger = Ledger(where if store is None else f"{where}.ledger.sqlite")
    return client


def client_of(
    sandbox: Sandbox, *, workspace: str | None = None, project: str | None = None, code: str, truth: str | None
) -> Client:
    """The client of a sandbox in this process, which exists as long as any object that can send requests to it."""
    transport = Transport(sandbox.url, Token(sandbox.token))
    weakref.finalize(transport, sandbox.close)
    client = Client(
        transport,
        mode="SANDBOX",
        workspace=workspace or sandbox.workspace_id,
        project=project,
        code=code,
        truth=truth,
    )
    client.gold, client.kinds = sandbox.gold, sandbox.kinds
    return client


def _as_code(
    *, seed: int, people: People | None, truth: str | None, start: str | date | None, answer_times: str | None
) -> str:
    given = [f"seed={seed}"] if seed else []
    given += [f"people={people.to_code()}"] if people is not None else []
    given += [f"truth={json.dumps(truth, ensure_ascii=False)}"] if truth is not None else []
    given += [f'start="{start}"'] if start is not None else []
    given += [f'answer_times="{answer_times}"'] if answer_times is not None else []
    return f"pnb.connect({', '.join(given)})"
