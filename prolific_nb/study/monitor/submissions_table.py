"""Submissions as a table: participant, status, times and actual pay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ...api import Client, Record
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
    bonuses = _bonuses(client, records)
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
    # bonus_payments are documented for single submissions only; if the list has them, many requests are saved.
    found = {}
    for record in records:
        detailed = record if record.get("bonus_payments") is not None else client.submissions.get(record["id"])
        found[record["id"]] = [round(amount) for amount in detailed["bonus_payments"]]
    return found


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
