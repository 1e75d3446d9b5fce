"""Submissions as a table: participant, status, times and actual pay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...api import Client, Record
from ...common.money import minor_units
from ...errors import SpendError
from .status import PAID

_TIMES = ("started_at", "completed_at", "return_requested")


def submissions_frame(client: Client, study_id: str) -> pd.DataFrame:
    """The submissions of a study, one row each, in the server's order.

    Parameters
    ----------
    client : Client
    study_id : str

    Returns
    -------
    pandas.DataFrame
        ==================  ===================  ==================================================================
        column              dtype                meaning
        ==================  ===================  ==================================================================
        submission_id       str                  one participant's submission
        participant_id      str                  the participant
        status              str                  AWAITING REVIEW, APPROVED, REJECTED, RETURNED, …
        started_at          datetime64[us, UTC]
        completed_at        datetime64[us, UTC]  NaT while open, or if not completed
        minutes             float64              between the two
        reward_minor        int64                reward in minor units (pence, cents)
        bonus_minor         int64                bonuses paid so far, in minor units
        hourly              float64              reward and bonuses per hour, in major units; NaN while open, and if
                                                 the submission is not paid
        return_requested    datetime64[us, UTC]  when a return was requested
        ==================  ===================  ==================================================================

        ``attrs`` holds ``"mode"`` and ``"currency"``.
    """
    records = list(client.submissions.list(study_id))
    reward = client.studies.get(study_id).reward
    bonuses = {record.id: shown_by(client, record).bonuses or () for record in records}
    frame = pd.DataFrame(
        {
            **{name: _strings(record[key] for record in records) for name, key in _IDENTITIES.items()},
            **{name: _times(record.get(name) for record in records) for name in _TIMES},
            "reward_minor": _integers(_default(record.get("reward"), reward) for record in records),
            "bonus_minor": _integers(sum(bonuses[record.id]) for record in records),
        }
    )
    frame["minutes"] = (frame["completed_at"] - frame["started_at"]).dt.total_seconds() / 60
    pay = (frame["reward_minor"] + frame["bonus_minor"]) / 100 * 60 / frame["minutes"]
    frame["hourly"] = pay.where(frame["status"].isin(PAID) & (frame["minutes"] > 0))
    frame.attrs |= {"mode": client.mode, "currency": client.currency}
    return frame[list(COLUMNS)]


_IDENTITIES = {"submission_id": "id", "participant_id": "participant_id", "status": "status"}
COLUMNS = (
    *_IDENTITIES,
    *_TIMES[:2],
    "minutes",
    "reward_minor",
    "bonus_minor",
    "hourly",
    "return_requested",
)


@dataclass(frozen=True)
class Shown:
    """What the server shows of a submission right now.

    Parameters
    ----------
    status : str
    bonuses : tuple of int or None
        The bonuses paid so far, in minor units: one by one, or as a sum. None if they are not reported.
    """

    status: str
    bonuses: tuple[int, ...] | None


def shown_of(client: Client, study_id: str, ids: Iterable[str]) -> dict[str, Shown]:
    """What the server shows of some submissions of a study, by submission ID."""
    wanted = set(ids)
    records = [record for record in client.submissions.list(study_id) if record.id in wanted]
    return {record.id: shown_by(client, record) for record in records}


def shown_by(client: Client, record: Record) -> Shown:
    """What a record of the list of submissions shows, and the submission itself where the list leaves it out.

    Raises
    ------
    SpendError
        A bonus is not a whole number of minor units.
    """
    # bonus_payments are documented for single submissions only; if the list has them, many requests are saved.
    detailed = record if record.get("bonus_payments") is not None else client.submissions.get(record.id)
    return Shown(str(detailed.get("status", record.get("status"))), _bonuses(record.id, detailed.get("bonus_payments")))


def _bonuses(submission_id: str, reported: Any) -> tuple[int, ...] | None:
    if reported is None:
        return None
    if not isinstance(reported, Sequence):
        reported = [reported]  # a sum
    if isinstance(reported, str):
        raise SpendError(
            f"Prolific reports the bonuses of submission {submission_id} as {reported!r}, but they must be a list of "
            "amounts. Nothing was spent. Try again later, and compare with Prolific's page."
        )
    amounts = [minor_units(amount, f"a bonus of submission {submission_id}") for amount in reported]
    return tuple(amount for amount in amounts if amount)


def by_id(client: Client, study_id: str) -> dict[str, Record]:
    """The submissions of a study by id."""
    return {record.id: record for record in client.submissions.list(study_id)}


def _default(value: Any, default: Any) -> Any:
    return default if value is None else value


def _integers(amounts: Iterable[float]) -> pd.Series[Any]:
    return pd.Series([round(amount) for amount in amounts], dtype="int64")


def _strings(cells: Iterable[Any]) -> pd.Series[Any]:
    """Cells with the string dtype of this pandas version, even if there are no cells."""
    return pd.Series(list(cells), dtype=pd.Series(["string"]).dtype)


def _times(cells: Iterable[Any]) -> pd.Series[Any]:
    # A fixed unit: otherwise an empty table would have seconds and a full one microseconds.
    return pd.to_datetime(pd.Series(list(cells), dtype=object), utc=True, format="ISO8601").dt.as_unit("us")
