"""What a review asks for: a frame's rows as acts, and everything that is wrong with them at once."""

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
LEAST_MESSAGE = 100  # characters that Prolific wants to tell a rejected participant
ENDS = {"approve": "APPROVED", "reject": "REJECTED"}
_ACTIONS = ("approve", "reject", "bonus", "")
_CLOSED = ("RESERVED", "ACTIVE", "TIMED-OUT", "RETURNED", "SCREENED OUT", "PARTIALLY APPROVED", *ENDS.values())
_COLUMNS = ("submission_id", "action", "category", "message", "bonus")
_LOOKED_UP = 10  # strange ids that are asked for one by one, to say whose they are


@dataclass(frozen=True)
class ReviewAction:
    """What is to be done about one submission.

    Parameters
    ----------
    submission_id, participant_id : str
    status : str
        As it was when this was proposed.
    action : {"approve", "reject", ""}
    category, message : str
        Of a rejection.
    bonus : Money or None
    on_top : int or None
        The bonuses, in minor units, that `bonus` was computed to come on top of; None where a person chose it.
    """

    submission_id: str
    participant_id: str
    status: str
    action: str = ""
    category: str = ""
    message: str = ""
    bonus: Money | None = None
    on_top: int | None = None


@dataclass(frozen=True)
class _Row:
    """One row of the frame, its cells without blanks around them; `bonus` as it was given, None where it is blank."""

    place: str
    submission_id: str
    action: str
    category: str
    message: str
    bonus: Any

    @property
    def asks(self) -> bool:
        return bool(self.action) or self.bonus is not None

    def money(self, currency: str) -> Money | None:
        return None if self.bonus is None else Money.parse(self.bonus, currency)


def parse_review(
    client: Client, study_id: str, frame: pd.DataFrame, submissions: Mapping[str, Record]
) -> tuple[list[ReviewAction], list[Finding]]:
    """The acts that a frame asks for, ordered by submission, and all findings about it.

    Parameters
    ----------
    frame : DataFrame
        With the columns ``submission_id`` and ``action``, and where needed ``category``, ``message``, ``bonus``.
    submissions : mapping
        The study's submissions by id.

    Returns
    -------
    list of ReviewAction, list of Finding
        There are no acts where a finding is an error.
    """
    found = list(_about_columns(frame))
    if found:
        return [], found
    rows = [row for row in _rows(frame) if row.asks]
    found += [*_about_ids(client, study_id, rows, submissions)]
    for row in rows:
        found += [*_about_decision(row), *_about_bonus(row, client.currency)]
        if row.submission_id in submissions:
            found += about_state(row.submission_id, row.action, str(submissions[row.submission_id].status))
    if any(each.level == "error" for each in found):
        return [], found
    acts = [_act(row, submissions[row.submission_id], client.currency) for row in rows]
    found += [finding for act in acts for finding in _about_rejected(act)]
    return sorted(acts, key=lambda act: act.submission_id), found


def _about_columns(frame: pd.DataFrame) -> Iterator[Finding]:
    for column in ("submission_id", "action"):
        if column not in frame.columns:
            remedy = f"Start from run.submissions() and add action: one of {', '.join(_ACTIONS[:3])}, or empty."
            yield Finding("error", "The frame lacks this column.", remedy, column=column)


def _rows(frame: pd.DataFrame) -> Iterator[_Row]:
    present = [column for column in _COLUMNS if column in frame.columns]
    for number, cells in enumerate(zip(*(frame[column] for column in present), strict=True)):
        row = dict.fromkeys(_COLUMNS) | {name: _cell(cell) for name, cell in zip(present, cells, strict=True)}
        texts = {name: "" if row[name] is None else str(row[name]) for name in _COLUMNS[:4]}
        place = f"submission {texts['submission_id']}" if texts["submission_id"] else f"frame.iloc[{number}]"
        yield _Row(place, **{**texts, "action": texts["action"].lower()}, bonus=row["bonus"])


def _cell(cell: Any) -> Any:
    """A cell, None where it is blank."""
    if isinstance(cell, str):
        return cell.strip() or None
    return None if pd.api.types.is_scalar(cell) and pd.isna(cell) else cell


def _about_ids(client: Client, study_id: str, rows: list[_Row], submissions: Mapping[str, Record]) -> Iterator[Finding]:
    for row in rows:
        if not row.submission_id:
            yield Finding("error", "The row names no submission.", "Write its id.", place=row.place)
    strange = [row.submission_id for row in rows if row.submission_id and row.submission_id not in submissions]
    for number, ident in enumerate(dict.fromkeys(strange)):
        whose = _study_of(client, ident) if number < _LOOKED_UP else ""
        what = f"It belongs to study {whose}, not to {study_id}." if whose else f"Study {study_id} has no such one."
        yield Finding("error", what, "Take the ids from run.submissions().", place=f"submission {ident}")
    for ident, times in Counter(row.submission_id for row in rows if row.submission_id).items():
        if times > 1:
            what, remedy = f"It stands in {times} rows.", "Leave one; a bonus may stand beside an approval."
            yield Finding("error", what, remedy, place=f"submission {ident}")


def _study_of(client: Client, submission_id: str) -> str:
    """The study of a submission, "" where the server does not know it."""
    try:
        return str(client.submissions.get(submission_id).study_id)
    except ApiError:
        return ""


def _about_decision(row: _Row) -> Iterator[Finding]:
    if row.action not in _ACTIONS:
        remedy = f"Use {', '.join(_ACTIONS[:3])}, or leave it empty."
        yield Finding("error", f"{row.action!r} is no action.", remedy, column="action", place=row.place)
    if row.action == "reject" and row.category not in CATEGORIES:
        what = f"{row.category!r} is no category of Prolific's." if row.category else "A rejection needs a category."
        yield Finding("error", what, f"Use one of {', '.join(CATEGORIES)}.", column="category", place=row.place)
    if row.action == "reject" and len(row.message) < LEAST_MESSAGE:
        what = f"A rejection needs a message of {LEAST_MESSAGE} characters; this one has {len(row.message)}."
        remedy = "Tell the participant what was wrong, so that they can do better."
        yield Finding("error", what, remedy, column="message", place=row.place)


def _about_bonus(row: _Row, currency: str) -> Iterator[Finding]:
    try:
        money = row.money(currency)
    except (TypeError, ValueError) as wrong:
        yield Finding("error", str(wrong), "", column="bonus", place=row.place)
        return
    if money is not None and money.minor <= 0:
        yield Finding("error", f"{money} is nothing.", "Leave it empty.", column="bonus", place=row.place)
    if money is None and row.action == "bonus":
        what, remedy = "The action is bonus, and there is no amount.", 'Write it, for example "0.50".'
        yield Finding("error", what, remedy, column="bonus", place=row.place)


def about_state(submission_id: str, action: str, status: str) -> Iterator[Finding]:
    """Whether a submission in this state can be approved or rejected; states nobody has heard of are let through.

    Examples
    --------
    >>> [finding.level for finding in about_state("5d0c", "approve", "APPROVED")]
    ['note']
    >>> [finding.level for finding in about_state("5d0c", "approve", "RETURNED")]
    ['error']
    """
    place = f"submission {submission_id}"
    if status == ENDS.get(action):
        yield Finding("note", f"It is {status} already; nothing to do.", "", place=place)
    elif action in ENDS and status in _CLOSED:
        what = f"It is {status}; {action} is possible only while it is AWAITING REVIEW."
        yield Finding("error", what, "Leave the action empty, or decide on Prolific's page.", place=place)


def _about_rejected(act: ReviewAction) -> Iterator[Finding]:
    if act.bonus is not None and (act.status == "REJECTED" or act.action == "reject"):
        what = f"A bonus of {act.bonus} for a rejected submission."
        yield Finding("warning", what, "Leave it empty unless you mean it.", place=f"submission {act.submission_id}")


def _act(row: _Row, submission: Record, currency: str) -> ReviewAction:
    decision = row.action if row.action in ENDS else ""
    told = (row.category, row.message) if decision == "reject" else ("", "")
    who = str(submission.get("participant_id") or "")
    return ReviewAction(row.submission_id, who, str(submission.status), decision, *told, bonus=row.money(currency))
