"""Places for people who take part by a link: taken from those that are free, and given back to the next."""

from __future__ import annotations

from math import inf
from sqlite3 import Row

from ...state.sandbox_state import SandboxState
from ...storage import revealed
from ...storage.store import Document
from .. import allocation, batch_tasks

_LEFT = ("RETURNED", "TIMED-OUT")
_HELD_BY_DECISION = """
SELECT s.group_id, COUNT(*) AS number FROM submissions s JOIN documents d ON d.kind = 'decision' AND d.id = s.id
WHERE s.study_id = ? AND s.outcome = 'RETURNED' GROUP BY s.group_id
"""
"""Places of submissions that the researcher returned: nobody else takes them."""


def shares(state: SandboxState, study: Document) -> dict[str, int]:
    """The places of each task group, in order; a study without a batch has one group."""
    if study["data_collection_id"] is None:
        return {"": int(study["total_available_places"])}
    batch = state.document("batch", study["data_collection_id"])
    groups = batch_tasks.group_ids(state, batch)[: study["groups"]]
    return dict(zip(groups, allocation.shares(study), strict=True))


def free(state: SandboxState, study: Document) -> dict[str, int]:
    """The number of free places of each task group that has any."""
    taken = revealed.taken_by_group(state.store, study, state.wall())
    held = _held(state, study)
    left = {group: most - taken.get(group, 0) - held.get(group, 0) for group, most in shares(state, study).items()}
    return {group: number for group, number in left.items() if number > 0}


def _held(state: SandboxState, study: Document) -> dict[str, int]:
    """The number of places of each task group that are neither taken nor free."""
    return {row["group_id"]: row["number"] for row in state.store.rows(_HELD_BY_DECISION, study["id"])}


def choose(state: SandboxState, study: Document, participant: str) -> str | None:
    """The task group with the most free places of those that the participant does not know; None if there is none."""
    known = {
        row["group_id"]
        for row in state.store.rows(
            "SELECT group_id FROM submissions WHERE study_id = ? AND participant_id = ?", study["id"], participant
        )
    }
    left = {group: number for group, number in free(state, study).items() if group not in known}
    return max(left, key=lambda group: left[group], default=None)


def take(state: SandboxState, study: Document, group: str, row: tuple[object, ...]) -> bool:
    """Store a submission that begins now; returns whether its place waited for a person."""
    state.store.add("submissions", [row])
    return inf in drop_surplus(state, study, group)


def drop_surplus(state: SandboxState, study: Document, group: str) -> list[float]:
    """Delete the future submissions of a group that have no place any more; returns when they would have started."""
    now, most = revealed.elapsed(study, state.wall()), shares(state, study)[group] - _held(state, study).get(group, 0)
    dropped = _without_a_place(state, study, group, now, most)
    for row in dropped:
        state.store.change("DELETE FROM submissions WHERE id = ?", row["id"])
        state.store.change("DELETE FROM responses WHERE study_id = ? AND submission_id = ?", study["id"], row["id"])
    return [row["started"] for row in dropped]


def _without_a_place(state: SandboxState, study: Document, group: str, now: float, most: int) -> list[Row]:
    """The future submissions that would exceed the places: all that begin when no place is free, in order of time.

    Each place is a chain of submissions of which all but the last leave. Whoever comes first takes a free place,
    whichever chain it was meant for, so in the end exactly one submission that fills a place is dropped.
    """
    columns = "SELECT id, started, ended, outcome FROM submissions WHERE study_id = ? AND group_id = ?"
    rows = state.store.rows(f"{columns} ORDER BY started, rowid", study["id"], group)
    filled, leaving, dropped = 0, list[float](), list[Row]()
    for row in rows:
        at = max(row["started"], now)
        leaving = [ends for ends in leaving if ends > at]
        if row["started"] > now and filled + len(leaving) >= most:
            dropped.append(row)
        elif row["outcome"] in revealed.FILLED:
            filled += 1
        elif row["outcome"] in _LEFT:
            leaving.append(row["ended"])
    return dropped


def give_back(state: SandboxState, study: Document, sitting: Document, at: float) -> None:
    """Open the place of a submission that ended at wall time `at` for whoever is next."""
    allocation.refill(state, study, sitting["group"], sitting["id"], revealed.elapsed(study, at))


def end_of(state: SandboxState, study_id: str) -> float:
    """Seconds after the publication at which the last place is filled; infinite while one waits for a person."""
    return float(state.store.rows("SELECT MAX(ended) AS last FROM submissions WHERE study_id = ?", study_id)[0]["last"])
