"""What may be spent: figures of the server that can be true, compared with the cap and the balance."""

from __future__ import annotations

from typing import Any

from ...api import Client
from ...common.money import Money, minor_units
from ...errors import SpendError
from ..draft_edits import reward_and_places

_FEWER = "reduce the number of places or bonuses"


def lock_name(client: Client, study_id: str) -> str:
    """What only one program at a time may spend on."""
    return f"{client.url} study {study_id}"


def cap_of(max_cost: Any, currency: str) -> Money | None:
    """The cap in the currency of the study; None where none was given.

    Raises
    ------
    SpendError
        It is not an amount of money, or in another currency.
    """
    if max_cost is None:
        return None
    try:
        return Money.parse(max_cost, currency)
    except (TypeError, ValueError) as failure:
        reason = str(failure)
    raise SpendError(f"max_cost={max_cost!r} cannot be used, so nothing was spent: {reason}")


def usable_cap(client: Client, max_cost: Any) -> Money | None:
    """The cap in the currency of the workspace that pays; None where none was given.

    Raises
    ------
    SpendError
        As `cap_of`, naming the workspace.
    """
    try:
        return cap_of(max_cost, client.currency)
    except SpendError as failure:
        reason = f"{failure} The study is paid by workspace {client.workspace_id} in {client.currency}."
    raise SpendError(reason)


def refuse_spending(client: Client, cost: Money, max_cost: Any, call: str) -> None:
    """Refuse a cost above the cap or the balance, and on LIVE any cost without a cap.

    Parameters
    ----------
    client : Client
        Of the workspace that pays.
    cost : Money
    max_cost : str, Decimal or Money, optional
    call : str
        The call that allows the cost, with ``{}`` for the amount: ``'run.publish(max_cost="{}")'``.

    Raises
    ------
    SpendError
        Nothing was spent.
    """
    cap = usable_cap(client, max_cost)
    if cap is None and client.mode == "LIVE":
        raise SpendError(f"This would cost {cost}. To allow it, call {call.format(cost.major)}.")
    if cap is not None and cost > cap:
        raise SpendError(f"The cost is {cost}, above max_cost {cap}. Raise max_cost or {_FEWER}.")
    available = available_balance(client)
    if cost > available:
        raise SpendError(
            f"The cost is {cost}, but the workspace has {available}. Add money to the workspace or {_FEWER}."
        )


def available_balance(client: Client) -> Money:
    """What the workspace of the client can spend now.

    Raises
    ------
    SpendError
        The server's figure cannot be true.
    """
    balance = client.workspaces.balance(client.workspace_id)
    what = f"the balance of workspace {client.workspace_id}"
    return Money(minor_units(balance.get("available_balance"), what), client.currency)


def whole_cost(client: Client, study_id: str) -> Money:
    """The cost of all places of a study with fees and VAT, computed by the server.

    Raises
    ------
    SpendError
        The server's figures cannot be true, or the study is paid in another currency than the workspace.
    """
    study = client.studies.get(study_id)
    currency = study.get("currency_code") or client.currency
    if currency != client.currency:
        raise SpendError(
            f"Study {study_id} is paid in {currency}, but workspace {client.workspace_id} has {client.currency}. Open "
            "the run with a client of the study's workspace: client.using(workspace=...)."
        )
    return Money(client.studies.total_cost(*reward_and_places(study)), client.currency)
