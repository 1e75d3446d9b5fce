"""Parse a review: the rows of a DataFrame become actions, with all findings about them at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...api import Client, Record
from ...common.findings import Finding
from ...common.money import Money
from ...errors import ApiError
from ..monitor.submissions_table import shown_by
from .similar_columns import check_similar

CATEGORIES = (
    "TOO_QUICKLY",
    "TOO_SLOWLY",
    "FAILED_INSTRUCTIONS",
    "INCOMP_LONGITUDINAL",
    "FAILED_CHECK",
    "LOW_EFFORT",
    "MALINGERING",
    "NO_CODE",
    "BAD_CODE",
    "NO_DATA",
    "UNSUPP_DEVICE",
    "OTHER",
)
"""Prolific's reasons for a rejection."""
MIN_MESSAGE = 100  # characters that Prolific requires in a message to a rejected participant
ENDS = {"approve": "APPROVED", "reject": "REJECTED"}
_ACTIONS = ("approve", "reject", "bonus", "")
_CLOSED = ("RESERVED", "ACTIVE", "TIMED-OUT", "RETURNED", "SCREENED OUT", "PARTIALLY APPROVED", *ENDS.values())
_COLUMNS = ("submission_id", "action", "category", "message", "bonus")
_MAX_LOOKUPS = 10  # unknown ids that are looked up one by one, to name their study


@dataclass(frozen=True)
class ReviewAction:
    """The action for one submission.

    Parameters
    ----------
    submission_id, participant_id : str
    status : str
        The status when the proposal was made.
    action : {"approve", "reject", ""}
    category, message : str
        For a rejection.
    bonus : Money or None
    on_top : int or None
        The bonuses paid so far, in minor units, that `bonus` was computed to add to; None if the user chose it.
    had : tuple of int or None
        The bonuses that a submission with `bonus` had when the proposal was made, in minor units; None if the server
        does not report them.
    """

    submission_id: str
    participant_id: str
    status: str
    action: str = ""
    category: str = ""
    message: str = ""
    bonus: Money | None = None
    on_top: int | None = None
    had: tuple[int, ...] | None = ()


@dataclass(frozen=True)
class _Row:
    """One row of the frame with stripped cells; `bonus` as given, None if it is blank."""

    place: str
    submission_id: str
    action: str
    category: str
    message: str
    bonus: Any

    @property
    def has_action(self) -> bool:
        return bool(self.action) or self.bonus is not None

    def money(self, currency: str) -> Money | None:
        return None if self.bonus is None else Money.parse(self.bonus, currency)


def parse_review(
    client: Client, study_id: str, frame: pd.DataFrame, submissions: Mapping[str, Record]
) -> tuple[list[ReviewAction], list[Finding]]:
    """The actions in a frame, ordered by submission, and all findings about it.

    Parameters
    ----------
    frame : DataFrame
        With the columns ``submission_id`` and ``action``, and if needed ``category``, ``message``, ``bonus``.
    submissions : mapping
        The study's submissions by id.

    Returns
    -------
    list of ReviewAction, list of Finding
        There are no actions if a finding is an error.
    """
    found = [*_check_columns(frame), *check_similar(frame.columns, _COLUMNS)]
    if any(each.level == "error" for each in found):
        return [], found
    rows = [row for row in _rows(frame) if row.has_action]
    found += [*_check_ids(client, study_id, rows, submissions)]
    for row in rows:
        found += [*_check_decision(row), *_check_bonus(row, client.currency)]
        if row.submission_id in submissions:
            found += check_state(row.submission_id, row.action, str(submissions[row.submission_id].status))
    if any(each.level == "error" for each in found):
        return [], found
    acts = [_action(client, row, submissions[row.submission_id]) for row in rows]
    found += [finding for act in acts for finding in _check_rejected(act)]
    return sorted(acts, key=lambda act: act.submission_id), found


def _check_columns(frame: pd.DataFrame) -> Iterator[Finding]:
    for column in ("submission_id", "action"):
        if column not in frame.columns:
            remedy = f"Start from run.submissions() and add the column action: {', '.join(_ACTIONS[:3])} or empty."
            yield Finding("error", "The frame lacks this column.", remedy, column=column)


def _rows(frame: pd.DataFrame) -> Iterator[_Row]:
    present = [column for column in _COLUMNS if column in frame.columns]
    for number, cells in enumerate(zip(*(frame[column] for column in present), strict=True)):
        row = dict.fromkeys(_COLUMNS) | {name: _cell(cell) for name, cell in zip(present, cells, strict=True)}
        strings = {name: "" if row[name] is None else str(row[name]) for name in _COLUMNS[:4]}
        place = f"submission {strings['submission_id']}" if strings["submission_id"] else f"frame.iloc[{number}]"
        yield _Row(place, **{**strings, "action": strings["action"].lower()}, bonus=row["bonus"])


def _cell(cell: Any) -> Any:
    """The value of a cell, None if it is blank."""
    if isinstance(cell, str):
        return cell.strip() or None
    return None if pd.api.types.is_scalar(cell) and pd.isna(cell) else cell


def _check_ids(client: Client, study_id: str, rows: list[_Row], submissions: Mapping[str, Record]) -> Iterator[Finding]:
    for row in rows:
        if not row.submission_id:
            yield Finding(
                "error", "The row has no submission ID.", "Take the ID from run.submissions().", place=row.place
            )
    unknown = [row.submission_id for row in rows if row.submission_id and row.submission_id not in submissions]
    for number, submission_id in enumerate(dict.fromkeys(unknown)):
        other = _study_of(client, submission_id) if number < _MAX_LOOKUPS else ""
        what = (
            f"It belongs to study {other}, not to {study_id}." if other else f"Study {study_id} has no such submission."
        )
        yield Finding("error", what, "Take the IDs from run.submissions().", place=f"submission {submission_id}")
    for submission_id, times in Counter(row.submission_id for row in rows if row.submission_id).items():
        if times > 1:
            what, remedy = f"It appears in {times} rows.", "Keep one row; it can hold both an approval and a bonus."
            yield Finding("error", what, remedy, place=f"submission {submission_id}")


def _study_of(client: Client, submission_id: str) -> str:
    """The study of a submission, "" if the server does not know it."""
    try:
        return str(client.submissions.get(submission_id).study_id)
    except ApiError:
        return ""


def _check_decision(row: _Row) -> Iterator[Finding]:
    if row.action not in _ACTIONS:
        remedy = f"Use {', '.join(_ACTIONS[:3])}, or leave it empty."
        yield Finding("error", f"{row.action!r} is not a valid action.", remedy, column="action", place=row.place)
    if row.action == "reject" and row.category not in CATEGORIES:
        what = (
            f"{row.category!r} is not one of Prolific's categories."
            if row.category
            else "A rejection needs a category."
        )
        yield Finding("error", what, f"Use one of {', '.join(CATEGORIES)}.", column="category", place=row.place)
    if row.action == "reject" and len(row.message) < MIN_MESSAGE:
        what = f"A rejection needs a message of at least {MIN_MESSAGE} characters; this one has {len(row.message)}."
        remedy = "Explain to the participant what was wrong."
        yield Finding("error", what, remedy, column="message", place=row.place)


def _check_bonus(row: _Row, currency: str) -> Iterator[Finding]:
    try:
        money = row.money(currency)
    except (TypeError, ValueError) as wrong:
        yield Finding("error", str(wrong), "", column="bonus", place=row.place)
        return
    if money is not None and money.minor <= 0:
        yield Finding(
            "error",
            f"The bonus is {money}; it must be above 0.",
            "Raise it or leave it empty.",
            column="bonus",
            place=row.place,
        )
    if money is None and row.action == "bonus":
        what, remedy = "The action is bonus, but there is no amount.", 'Enter an amount, for example "0.50".'
        yield Finding("error", what, remedy, column="bonus", place=row.place)


def check_state(submission_id: str, action: str, status: str) -> Iterator[Finding]:
    """Findings if a submission in this state cannot be approved or rejected; unknown states are accepted.

    Examples
    --------
    >>> [finding.level for finding in check_state("5d0c", "approve", "APPROVED")]
    ['note']
    >>> [finding.level for finding in check_state("5d0c", "approve", "RETURNED")]
    ['error']
    """
    place = f"submission {submission_id}"
    if status == ENDS.get(action):
        yield Finding("note", f"It is {status} already; no action needed.", "", place=place)
    elif action in ENDS and status in _CLOSED:
        what = f"It is {status}; {action} is possible only while it is AWAITING REVIEW."
        yield Finding("error", what, "Leave the action empty, or decide on Prolific's page.", place=place)


def _check_rejected(act: ReviewAction) -> Iterator[Finding]:
    if act.bonus is not None and (act.status == "REJECTED" or act.action == "reject"):
        what = f"A bonus of {act.bonus} for a rejected submission."
        yield Finding(
            "warning", what, "Leave the bonus empty unless this is intended.", place=f"submission {act.submission_id}"
        )


def _action(client: Client, row: _Row, submission: Record) -> ReviewAction:
    decision = row.action if row.action in ENDS else ""
    reason = (row.category, row.message) if decision == "reject" else ("", "")
    return ReviewAction(
        row.submission_id,
        str(submission.get("participant_id") or ""),
        str(submission.status),
        decision,
        *reason,
        bonus=row.money(client.currency),
        had=() if row.bonus is None else shown_by(client, submission).bonuses,
    )
