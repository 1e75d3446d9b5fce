"""What the connection panel tells of an account: asked of the server at once, so that it is shown at once."""

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
    """Who is behind a client, and what it can spend from.

    Parameters
    ----------
    client : Client
        The one that was asked.
    who : str
        Name and address.
    workspaces, projects : tuple of (title, id)
        Those to choose from; projects are those of the workspace in use.
    workspace, project : str or None
        Ids in use; None where the person has to choose.
    balance : Money or None
        What can be spent; None where it is unknown or not for this account to see.
    """

    client: Client
    who: str
    workspaces: Choices
    projects: Choices = ()
    workspace: str | None = None
    project: str | None = None
    balance: Money | None = None


def read_account(client: Client) -> Account:
    """Ask the server about the account of a client.

    Raises
    ------
    ApiError, Unreachable
        Where the token is wrong or the server does not answer.
    """
    me = client.me()
    who = " · ".join(str(me[key]) for key in ("name", "email") if me.get(key))
    workspaces = _choices(client.workspaces.list())
    try:
        workspace = client.workspace_id
    except InputError:  # none or several, and none was named: the panel asks the person
        return Account(client, who, workspaces)
    projects = _choices(client.projects.list(workspace))
    project = client.project_id if projects else None
    return Account(client, who, workspaces, projects, workspace, project, _balance(client, workspace))


def _choices(records: Iterable[Record]) -> Choices:
    return tuple((str(record.get("title") or record.id), str(record.id)) for record in records)


def _balance(client: Client, workspace: str) -> Money | None:
    try:
        balance = client.workspaces.balance(workspace)
    except Forbidden:  # members without a right to the money may work all the same; the panel says that it is hidden
        return None
    return Money(int(balance.available_balance), str(balance.currency_code))
