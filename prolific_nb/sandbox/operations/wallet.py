"""The money of each workspace: what was put in, what its studies hold, and what was paid.

Publishing a study pays nobody: it sets money aside for all places. A submission that is approved takes its part out of
the workspace, a bonus at once. A study that is COMPLETED gives back what nobody can earn any more: places that nobody
took, and submissions that were returned or rejected.
"""

from __future__ import annotations

from ..contract.http_error import HTTPError
from ..state.sandbox_state import SandboxState
from ..storage import paid_bonuses, pricing, revealed
from ..storage.store import Document

_MINOR = {"GBP": "pence", "USD": "cents"}


def currency(world: SandboxState, workspace_id: str) -> str:
    """Currency of a workspace, GBP or USD."""
    return str(world.document("workspace", workspace_id)["currency_code"])


def cost(study: Document, places: float) -> pricing.Cost:
    """What so many places of a study cost, in minor units.

    What was settled otherwise than by the whole reward (a part of it, a screen-out) is counted as it was settled. A
    test study costs nothing here; whether one does at Prolific is not published.
    """
    if study.get("test"):
        return pricing.Cost(0, 0, 0)
    return pricing.cost(study["reward"] * places + study.get("settled", 0), 1)


def taken(world: SandboxState, study: Document) -> int:
    """Places of a study that somebody fills, or is about to."""
    found = revealed.counts(world.store, study, world.wall())
    return sum(found.get(status, 0) for status in (*revealed.FILLED, "ACTIVE"))


def due(world: SandboxState, study: Document) -> int:
    """Places of a study that are paid, or will be if the submission is approved: not those of rejected ones."""
    return taken(world, study) - revealed.counts(world.store, study, world.wall()).get("REJECTED", 0)


def balance(world: SandboxState, workspace_id: str) -> int:
    """The money of a workspace, in minor units: what was put in, less what its people were paid and its bonuses."""
    studies = _studies(world, workspace_id)
    bonuses = paid_bonuses.paid(world.store, {study["id"] for study in studies}).total
    rewards = sum(_paid(world, study) for study in studies)
    return int(world.document("workspace", workspace_id)["funds"]) - bonuses - rewards


def available(world: SandboxState, workspace_id: str) -> int:
    """The money of a workspace that no published study holds, in minor units."""
    held = sum(committed(world, study) - _paid(world, study) for study in _studies(world, workspace_id))
    return balance(world, workspace_id) - held


def _studies(world: SandboxState, workspace_id: str) -> list[Document]:
    return [study for study in world.store.all("study") if study["workspace"] == workspace_id]


def committed(world: SandboxState, study: Document) -> int:
    """The money that a study holds or has paid, in minor units: for all its places, once COMPLETED for those due."""
    if study["run"] is None:
        return 0
    completed = revealed.status(study, world.wall()) == "COMPLETED"
    return cost(study, due(world, study) if completed else study["total_available_places"]).total


def _paid(world: SandboxState, study: Document) -> int:
    """What the people of a study were paid, with fees and VAT, in minor units."""
    if study["run"] is None:
        return 0
    found = revealed.counts(world.store, study, world.wall())
    return cost(study, found.get("APPROVED", 0) + found.get("PARTIALLY APPROVED", 0)).total


def check_taken_back(world: SandboxState, study: Document, what: str) -> None:
    """Refuse to make a place due again whose money was given back and is not there any more.

    Parameters
    ----------
    what : str
        As for `check_funds`.

    Raises
    ------
    HTTPError
        400.
    """
    if revealed.status(study, world.wall()) == "COMPLETED":
        # One that was stopped stays COMPLETED; any other waits for review again.
        stopped = study["status"] == "COMPLETED"
        places = due(world, study) + 1 if stopped else study["total_available_places"]
        check_funds(world, study["workspace"], cost(study, places).total - committed(world, study), what)


def check_funds(world: SandboxState, workspace_id: str, needed: int, what: str) -> None:
    """Refuse to spend what is not there, or what the sandbox was asked not to find.

    Parameters
    ----------
    workspace_id : str
        Who pays.
    needed : int
        Minor units.
    what : str
        What costs it, and the verb: ``"The study costs"``.

    Raises
    ------
    HTTPError
        400.
    """
    lost, left = world.trouble("no funds"), available(world, workspace_id)
    if lost or needed > left:
        short = "which cannot be paid" if lost else f"but only {left} are available"
        unit = _MINOR[currency(world, workspace_id)]
        raise HTTPError(
            400,
            f"{what} {needed} {unit}, {short} in workspace {workspace_id}. Add funds, or spend less.",
        )
