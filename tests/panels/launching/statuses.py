"""Statuses of a study at chosen moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from prolific_nb.common.money import Money
from prolific_nb.study.monitor.status import Status

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def gbp(amount: str) -> Money:
    return Money.parse(amount, "GBP")


def status(filled: Sequence[float] = (), places: int = 36, state: str = "ACTIVE", **changes: Any) -> Status:
    """A study whose places were filled at these minutes after its first participant started."""
    completed = tuple(at(minutes) for minutes in filled)
    given: dict[str, Any] = {
        "mode": "SANDBOX",
        "study_id": "s1",
        "state": state,
        "places": places,
        "taken": len(filled),
        "counts": {"AWAITING REVIEW": len(filled), "TOTAL": len(filled)},
        "reward": gbp("1.50"),
        "spent": gbp("2.27") * len(filled),
        "reserved": gbp("2.27") * (places - len(filled)),
        "started": START if filled else None,
        "completed": completed,
        "as_of": completed[-1] if completed else None,
    }
    return Status(**given | changes)
