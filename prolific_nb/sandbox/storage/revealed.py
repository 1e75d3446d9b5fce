"""The progress of a study: all events are simulated at its publication, and its clock reveals them."""

from __future__ import annotations

from math import ceil
from sqlite3 import Row
from typing import Any

from .clock import Calendar
from .store import Document, Store

# Whether a rejection frees a place is undocumented.
FILLED = ("AWAITING REVIEW", "APPROVED", "PARTIALLY APPROVED", "REJECTED")
_DONE = (*FILLED, "SCREENED OUT")
EXTRA = "extra seconds"
"""Kind of the documents about people who went on while the study's clock stood still."""
_SUBMISSIONS = """
SELECT *, CASE WHEN ended <= ? THEN outcome ELSE 'ACTIVE' END AS status
FROM submissions WHERE study_id = ? AND started <= ?
"""
_TIMED = _SUBMISSIONS.replace(
    "SELECT *,",
    f"""SELECT *, (SELECT json_extract(body, '$.seconds') FROM documents
                   WHERE kind = '{EXTRA}' AND documents.id = submissions.id) AS extra,""",
)


def on_completion(study: Document) -> str:
    """The status of a submission that is completed: its study approves it at once, or the researcher reviews it."""
    return "APPROVED" if study["approves"] else "AWAITING REVIEW"


def elapsed(study: Document, now: float) -> float:
    """Sandbox seconds for which the study was ACTIVE up to wall time `now`; -1 before its publication."""
    run = study["run"]
    if run is None:
        return -1.0
    running = 0.0 if run["since"] is None else max(now - run["since"], 0.0) * run["speed"]
    return float(min(run["before"] + running, study["ends"]))


def status(study: Document, now: float) -> str:
    """The study's status; ACTIVE ends when the last place is filled."""
    known = str(study["status"])
    if known == "ACTIVE" and elapsed(study, now) >= study["ends"]:
        # None: a submission awaits review, although the study approves completed submissions automatically.
        last = study.get("reviewed", 0)
        reviewed = last == study["ends"] or (study["approves"] and last is not None)
        return "COMPLETED" if reviewed else "AWAITING REVIEW"
    return known


def last_moment(study: Document, now: float) -> int:
    """The last event of an ended study in whole seconds; later records must not have earlier timestamps."""
    if study["run"] is None or status(study, now) in ("ACTIVE", "PAUSED"):
        return 0
    return ceil(float(study["published"]) + elapsed(study, now))


def submissions(store: Store, study: Document, now: float) -> list[dict[str, Any]]:
    """The study's submissions revealed so far, ordered by start time.

    Returns
    -------
    list of dict
        ``id, study_id, participant_id, status, started_at, completed_at, seconds``; the last two are None if the
        submission is active or was not completed.
    """
    calendar = Calendar.of(store)
    return [submission(study, row, calendar) for row in started(store, study, now)]


def started(store: Store, study: Document, now: float) -> list[Row]:
    """The rows of `submissions`, for a page of them: `submission` takes most of the time of a long list."""
    passed = elapsed(study, now)
    return store.rows(_TIMED + "ORDER BY started, id", passed, study["id"], passed)


def one_submission(store: Store, study: Document, ident: str, now: float) -> dict[str, Any] | None:
    """One of `submissions`, by its ID; None before it is started."""
    passed = elapsed(study, now)
    found = store.rows(_TIMED + "AND id = ?", passed, study["id"], passed, ident)
    return submission(study, found[0], Calendar.of(store)) if found else None


def submission(study: Document, row: Row, calendar: Calendar) -> dict[str, Any]:
    """One of `submissions`, from its row."""
    done, ended = row["status"] in _DONE, row["ended"] + (row["extra"] or 0.0)
    return {
        "id": row["id"],
        "study_id": study["id"],
        "participant_id": row["participant_id"],
        "status": row["status"],
        "started_at": calendar.iso(study["published"] + row["started"]),
        "completed_at": calendar.iso(study["published"] + ended) if done else None,
        "seconds": round(ended - row["started"], 3) if done else None,
    }


def taken_by_group(store: Store, study: Document, now: float) -> dict[str, int]:
    """Places of each task group that are filled or have an active submission."""
    passed, among = elapsed(study, now), ", ".join(f"'{status}'" for status in (*FILLED, "ACTIVE"))
    counted = f"SELECT group_id, COUNT(*) AS number FROM ({_SUBMISSIONS}) WHERE status IN ({among}) GROUP BY group_id"
    return {row["group_id"]: row["number"] for row in store.rows(counted, passed, study["id"], passed)}


def counts(store: Store, study: Document, now: float) -> dict[str, int]:
    """Revealed submissions by status."""
    passed, counted = elapsed(study, now), f"SELECT status, COUNT(*) AS number FROM ({_SUBMISSIONS}) GROUP BY status"
    return {row["status"]: row["number"] for row in store.rows(counted, passed, study["id"], passed)}
