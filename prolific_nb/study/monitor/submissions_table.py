"""Submissions as a table: who took part, for how long, for which real pay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ...api import Client, Record

PAID = ("AWAITING REVIEW", "APPROVED", "PARTIALLY APPROVED")
"""Statuses of those who have finished and get their reward."""
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
        column              dtype                what
        ==================  ===================  ==================================================================
        submission_id       str                  one person's sitting
        participant_id      str                  who
        status              str                  AWAITING REVIEW, APPROVED, REJECTED, RETURNED, …
        started_at          datetime64[us, UTC]
        completed_at        datetime64[us, UTC]  NaT while open, or given up
        minutes             float64              between the two
        reward_minor        int64                reward in minor units (pence, cents)
        bonus_minor         int64                bonuses paid so far, in minor units
        hourly              float64              reward and bonuses per hour, in major units; NaN while open, and for
                                                 those who are not paid
        return_requested    datetime64[us, UTC]  when a return was asked for
        ==================  ===================  ==================================================================

        ``attrs`` holds ``"mode"`` and ``"currency"``.
    """
    records = list(client.submissions.list(study_id))
    reward = client.studies.get(study_id).reward
    bonuses = _bonuses(client, records)
    frame = pd.DataFrame(
        {
            **{name: _texts(record.get(key) for record in records) for name, key in _IDENTITIES.items()},
            **{name: _times(record.get(name) for record in records) for name in _TIMES},
            "reward_minor": _whole(_or(record.get("reward"), reward) for record in records),
            "bonus_minor": _whole(sum(bonuses[record.id]) for record in records),
        }
    )
    frame["minutes"] = (frame["completed_at"] - frame["started_at"]).dt.total_seconds() / 60
    pay = (frame["reward_minor"] + frame["bonus_minor"]) / 100 * 60 / frame["minutes"]
    frame["hourly"] = pay.where(frame["status"].isin(PAID) & (frame["minutes"] > 0))
    frame.attrs |= {"mode": client.mode, "currency": client.currency}
    return frame[list(_COLUMNS)]


_IDENTITIES = {"submission_id": "id", "participant_id": "participant_id", "status": "status"}
_COLUMNS = (
    *_IDENTITIES,
    *_TIMES[:2],
    "minutes",
    "reward_minor",
    "bonus_minor",
    "hourly",
    "return_requested",
)


def bonuses_of(client: Client, study_id: str, ids: Iterable[str]) -> dict[str, list[int]]:
    """The bonuses paid so far to some submissions of a study, in minor units, by submission id."""
    wanted = set(ids)
    return _bonuses(client, [record for record in client.submissions.list(study_id) if record.id in wanted])


def _bonuses(client: Client, records: Iterable[Mapping[str, Any]]) -> dict[str, list[int]]:
    # bonus_payments are documented for a single submission only; where a list has them, many requests are saved.
    found = {}
    for record in records:
        told = record if "bonus_payments" in record else client.submissions.get(record["id"])
        found[record["id"]] = [round(amount) for amount in told.get("bonus_payments") or []]
    return found


def by_id(client: Client, study_id: str) -> dict[str, Record]:
    """The submissions of a study by id."""
    return {record.id: record for record in client.submissions.list(study_id)}


def _or(value: Any, other: Any) -> Any:
    return other if value is None else value


def _whole(amounts: Iterable[float]) -> pd.Series[Any]:
    return pd.Series([round(amount) for amount in amounts], dtype="int64")


def _texts(cells: Iterable[Any]) -> pd.Series[Any]:
    """Text of the dtype that this version of pandas has for text, even where there are no cells."""
    return pd.Series(list(cells), dtype=pd.Series(["text"]).dtype)


def _times(cells: Iterable[Any]) -> pd.Series[Any]:
    # One unit whatever the texts: else an empty table would have seconds where a full one has microseconds.
    return pd.to_datetime(pd.Series(list(cells), dtype=object), utc=True, format="ISO8601").dt.as_unit("us")
