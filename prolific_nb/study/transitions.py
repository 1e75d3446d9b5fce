"""Pause, resume and stop: moves that change nothing when they are made twice."""

from __future__ import annotations

from ..api import Client
from .idempotent import UNCERTAIN_OUTCOME, IdempotentSteps
from .ledger import Ledger

_ARRIVED = {"PAUSE": ("PAUSED",), "START": ("ACTIVE", "PUBLISHING"), "STOP": ("COMPLETED",)}


def transition_study(client: Client, ledger: Ledger, key: str, study_id: str, action: str) -> None:
    """Move a study, unless it is there already; where the answer is lost, look whether it moved.

    Parameters
    ----------
    action : {"PAUSE", "START", "STOP"}

    Raises
    ------
    Unreachable
        The answer was lost and the study has not moved so far; the same call may be made again.
    ApiError
        The study cannot be moved so from where it is.
    """

    def find() -> str | None:
        state = str(client.studies.get(study_id).status)
        return state if state in _ARRIVED[action] else None

    if find() is not None:
        return
    try:
        client.studies.transition(study_id, action)
    except UNCERTAIN_OUTCOME:
        if IdempotentSteps(client, ledger, key).search(find) is None:
            raise
