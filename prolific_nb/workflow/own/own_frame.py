"""Labels as the tidy table of `responses`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ...responses import Join, tidy, with_or_without, with_rows
from .history import History
from .subject import Subject

STATUS = "OWN"
"""The ``submission_status`` of labels that were not given on Prolific."""


def labels_frame(people: Mapping[str, History], subject: Subject, *, checks: bool) -> pd.DataFrame:
    """The labels of some annotators, in the columns of `prolific_nb.responses.frame` and then those of the data."""
    records = [record for name, history in people.items() for record in _records(name, history, subject)]
    sittings = [{"id": name, "status": STATUS} for name in people]
    frame = tidy(records, sittings, subject.codebook)
    # The times were measured, and need not be inferred from when the answers were stored.
    of_record = frame["response_id"].cat.codes.to_numpy()
    frame["position"] = pd.array([each["position"] for each in records], dtype="Int64").take(of_record)
    frame["seconds"] = pd.array([each["seconds"] for each in records], dtype="Float64").take(of_record)
    rows = {row: row for history in people.values() for row in history.answered}
    frame = with_or_without(with_rows(frame, Join("own", rows), subject.data), subject.codebook, checks=checks)
    frame.attrs["shown"] = list(subject.design.shown)
    return frame


def _records(name: str, history: History, subject: Subject) -> Iterator[dict[str, Any]]:
    """The answers of a person as responses of the API, with position and seconds besides."""
    for position, (row, line) in enumerate(history.answered.items(), 1):
        for number, question in enumerate(subject.codebook):
            yield {
                "id": f"{line['id']}-{number + 1}",
                "created_at": line["at"],
                "participant_id": name,
                "submission_id": name,
                "task_id": row,
                "response": {
                    "instruction_id": question.instruction_id,
                    "type": question.type,
                    "answer": line["answers"][number],
                },
                "position": position,
                "seconds": history.seconds(row),
            }
