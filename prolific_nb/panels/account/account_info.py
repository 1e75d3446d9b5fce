"""What the connection panel shows of an account, read from the server in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...api import Client
from ...api.records import Record
from ...common.money import Money
from ...errors import Forbidden, InputError

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Account:
    """The account of a client, and the balance it can spend.

    Parameters
    ----------
    client : Client
        The client whose account this is.
    who : str
        Name and email address.
    workspaces, projects : tuple of (title, id)
        The choices; projects are those of the workspace in use.
    workspace, project : str or None
        Ids in use; None if the user has to choose.
    balance : Money or None
        The available balance; None if it is unknown or the account may not see it.
    """

    client: Client
    who: str
    workspaces: Choices
    projects: Choices = ()
    workspace: str | None = None
    project: str | None = None
    balance: Money | None = None


def read_account(client: Client) -> Account:
    """Read the account of a client from the server.

    Raises
    ------
    ApiError, Unreachable
        If the token is not valid or the server does not answer.
    """
    me = client.me()
    who = " · ".join(str(me[key]) for key in ("name", "email") if me.get(key))
    workspaces = _choices(client.workspaces.list())
    try:
        workspace = client.workspace_id
    except InputError:  # none or several, and none was given: the panel lets the user choose
        return Account(client, who, workspaces)
    projects = _choices(client.projects.list(workspace))
    project = client.project_id if projects else None
    return Account(client, who, workspaces, projects, workspace, project, _balance(client, workspace))


def _choices(records: Iterable[Record]) -> Choices:
    return tuple((str(record.get("title") or record.id), str(record.id)) for record in records)


def _balance(client: Client, workspace: str) -> Money | None:
    try:
        balance = client.workspaces.balance(workspace)
    except Forbidden:  # members without access to the balance can still work; the panel says that it is hidden
        return None
    return Money(int(balance.available_balance), str(balance.currency_code))
