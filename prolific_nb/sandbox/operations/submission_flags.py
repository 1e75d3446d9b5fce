"""What a researcher left on a submission beside its state: the code it was completed with, a request to return it."""

from __future__ import annotations

from typing import Any

from ..state.sandbox_state import SandboxState
from ..storage.store import Document

_KIND = "mark"


def add(world: SandboxState, submission: dict[str, Any], **told: Any) -> None:
    """Leave something on a submission; what was left before stays, unless it is told anew."""
    kept = {"id": submission["id"], **of(world, submission["id"])}
    world.store.put(_KIND, submission["id"], {**kept, **told}, parent=submission["study_id"])


def of(world: SandboxState, submission_id: str) -> Document:
    """What was left on one submission; {} for nothing."""
    return world.store.get(_KIND, submission_id) or {}


def of_study(world: SandboxState, study_id: str) -> dict[str, Document]:
    """What was left on the submissions of a study, by their ids."""
    return {mark["id"]: mark for mark in world.store.all(_KIND, parent=study_id)}
