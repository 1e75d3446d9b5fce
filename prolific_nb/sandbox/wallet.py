"""The money of each workspace: what was put in, what its studies hold, and what its bonuses took."""

from __future__ import annotations

from . import payments, pricing, progress
from .refusal import Refusal
from .store import Document
from .world import World

_MINOR = {"GBP": "pence", "USD": "cents"}


def currency(world: World, workspace_id: str) -> str:
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


def taken(world: World, study: Document) -> int:
    """Places of a study that somebody fills, or is about to."""
    found = progress.counts(world.store, study, world.wall())
    return sum(found.get(status, 0) for status in (*progress.FILLED, "ACTIVE"))


def balance(world: World, workspace_id: str) -> int:
    """The money of a workspace, in minor units: what was put in, less the bonuses of its studies."""
    own = {study["id"] for study in _studies(world, workspace_id)}
    return int(world.document("workspace", workspace_id)["funds"]) - payments.paid(world.store, own).total


def available(world: World, workspace_id: str) -> int:
    """The money of a workspace that no published study holds, in minor units."""
    return balance(world, workspace_id) - sum(held(world, study) for study in _studies(world, workspace_id))


def _studies(world: World, workspace_id: str) -> list[Document]:
    return [study for study in world.store.all("study") if study["workspace"] == workspace_id]


def held(world: World, study: Document) -> int:
    """The money that a study holds, in minor units: for all its places, or once it has ended for those taken."""
    if study["run"] is None:
        return 0
    ended = progress.status(study, world.wall()) == "COMPLETED"
    return cost(study, taken(world, study) if ended else study["total_available_places"]).total


def check_funds(world: World, workspace_id: str, needed: int, what: str) -> None:
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
    Refusal
        400.
    """
    lost, left = world.trouble("no funds"), available(world, workspace_id)
    if lost or needed > left:
        short = "which cannot be paid" if lost else f"but only {left} are available"
        unit = _MINOR[currency(world, workspace_id)]
        raise Refusal(
            400,
            f"{what} {needed} {unit}, {short} in workspace {workspace_id}. Add funds, or spend less.",
        )
