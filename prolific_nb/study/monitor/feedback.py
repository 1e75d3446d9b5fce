"""What participants say about a study: their ratings and comments."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...api import Client, Record
from .where_offered import where_offered

RATINGS = ("clarity", "difficulty", "fairness")
_LARGEST = 100  # a larger number is not a rating
_TEXT = ("comment", "category", "source")


def feedback_frame(client: Client, study_id: str) -> pd.DataFrame:
    """The feedback on a study, one row per participant who gave some; see `Run.feedback`."""
    records = _records(client, study_id)
    strings = pd.Series(["text"]).dtype
    columns: dict[str, Any] = {
        "participant_id": pd.Series([each.get("participant_id") for each in records], dtype=strings)
    }
    for name in RATINGS:
        columns[name] = pd.Series([_rating(each, name) for each in records], dtype="Int64")
    for name in _TEXT:
        columns[name] = pd.Series([each.get(name) for each in records], dtype=strings)
    moments = pd.Series([each.get("created_at") for each in records], dtype=object)
    columns["created_at"] = pd.to_datetime(moments, utc=True, format="ISO8601", errors="coerce").dt.as_unit("us")
    frame = pd.DataFrame(columns)
    frame.attrs["mode"] = client.mode
    return frame


def _rating(record: Record, name: str) -> Any:
    """A rating, which may stand in the record or in an object of its own."""
    nested = record.get("ratings")
    value = nested.get(name) if isinstance(nested, dict) else record.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST else None


def _records(client: Client, study_id: str) -> list[Record]:
    what = f"Prolific returns no feedback on study {study_id}"
    remedy = "It is not available to every workspace; read it on the page of the study."
    return where_offered(lambda: list(client.studies.feedback(study_id)), what, remedy)
