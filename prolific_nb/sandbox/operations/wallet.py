"""The funds of each workspace: total, committed to studies, and paid.

Publishing a study commits the cost of all its places. Approving a submission pays its reward; bonuses are paid at once.
A COMPLETED study releases the cost of places that were not taken and of submissions that were returned or rejected.
"""

from __future__ import annotations

from ..contract.http_error import HTTPError
from ..state.sandbox_state import SandboxState
from ..storage import paid_bonuses, pricing, revealed
from ..storage.store import Document

_MINOR = {"GBP": "pence", "USD": "cents"}


def currency(state: SandboxState, workspace_id: str) -> str:
    """Currency of a workspace, GBP or USD."""
    return str(state.document("workspace", workspace_id)["currency_code"])


def cost(study: Document, places: float) -> pricing.Cost:
    """Cost of this number of places of a study, in minor units.

    Submissions settled with another amount than the full reward (a share of it, a screen-out) count with that amount.
    A test study costs nothing here; whether it does at Prolific is undocumented.
    """
    if study.get("test"):
        return pricing.Cost(0, 0, 0)
    return pricing.cost(study["reward"] * places + study.get("settled", 0), 1)


def taken(state: SandboxState, study: Document) -> int:
    """Number of places of a study that are filled or have an active submission."""
    found = revealed.counts(state.store, study, state.wall())
    return sum(found.get(status, 0) for status in (*revealed.FILLED, "ACTIVE"))


def due(state: SandboxState, study: Document) -> int:
    """Number of places of a study that are paid or will be paid on approval; rejected submissions do not count."""
    return taken(state, study) - revealed.counts(state.store, study, state.wall()).get("REJECTED", 0)


def balance(state: SandboxState, workspace_id: str) -> int:
    """Balance of a workspace in minor units: funds minus paid rewards and bonuses."""
    studies = _studies(state, workspace_id)
    bonuses = paid_bonuses.paid(state.store, {study["id"] for study in studies}).total
    rewards = sum(_paid(state, study) for study in studies)
    return int(state.document("workspace", workspace_id)["funds"]) - bonuses - rewards


def available(state: SandboxState, workspace_id: str) -> int:
    """Balance of a workspace that is not committed to published studies, in minor units."""
    reserved = sum(committed(state, study) - _paid(state, study) for study in _studies(state, workspace_id))
    return balance(state, workspace_id) - reserved


def _studies(state: SandboxState, workspace_id: str) -> list[Document]:
    return [study for study in state.store.all("study") if study["workspace"] == workspace_id]


def committed(state: SandboxState, study: Document) -> int:
    """Funds committed to or paid by a study, in minor units: for all its places, or once COMPLETED for those due."""
    if study["run"] is None:
        return 0
    completed = revealed.status(study, state.wall()) == "COMPLETED"
    return cost(study, due(state, study) if completed else study["total_available_places"]).total


def _paid(state: SandboxState, study: Document) -> int:
    """Paid rewards of a study with fees and VAT, in minor units."""
    if study["run"] is None:
        return 0
    found = revealed.counts(state.store, study, state.wall())
    return cost(study, found.get("APPROVED", 0) + found.get("PARTIALLY APPROVED", 0)).total


def check_taken_back(state: SandboxState, study: Document, what: str) -> None:
    """Refuse to make a place due again if its funds were released and are not available any more.

    Parameters
    ----------
    what : str
        As for `check_funds`.

    Raises
    ------
    HTTPError
        400 if the available funds are insufficient.
    """
    if revealed.status(study, state.wall()) == "COMPLETED":
        # A stopped study stays COMPLETED; any other awaits review again.
        stopped = study["status"] == "COMPLETED"
        places = due(state, study) + 1 if stopped else study["total_available_places"]
        check_funds(state, study["workspace"], cost(study, places).total - committed(state, study), what)


def check_funds(state: SandboxState, workspace_id: str, needed: int, what: str) -> None:
    """Refuse an expense that exceeds the available funds, or for which a "no funds" fault is due.

    Parameters
    ----------
    workspace_id : str
        The paying workspace.
    needed : int
        Minor units.
    what : str
        Subject and verb of the message: ``"The study costs"``.

    Raises
    ------
    HTTPError
        400 if the available funds are insufficient.
    """
    faulty, left = state.draw_fault("no funds"), available(state, workspace_id)
    if faulty or needed > left:
        short = "which cannot be paid" if faulty else f"but only {left} are available"
        unit = _MINOR[currency(state, workspace_id)]
        raise HTTPError(
            400, f"{what} {needed} {unit}, {short} in workspace {workspace_id}. Add funds, or reduce the cost."
        )
