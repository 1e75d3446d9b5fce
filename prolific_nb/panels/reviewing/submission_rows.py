"""The submissions of a run as rows for the table and for sentences: their figures, and which can be decided."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from ...common.display import suppress_notices, visible
from ...study.review.actions import check_state
from ...workflow.run import Run
from ..kit.html_table import shorten
from .found_flags import COLUMNS, FoundFlags

AWAITING = "AWAITING REVIEW"
_COLUMNS: tuple[dict[str, Any], ...] = (
    {"key": "participant_id", "label": "Participant"},
    {"key": "status", "label": "Status"},
    {"key": "minutes", "label": "Minutes", "digits": 1, "missing": "not finished"},
    {"key": "hourly", "label": "Pay per hour", "digits": 2, "missing": "not paid"},
    {"key": "seconds", "label": "Seconds per task", "digits": 1, "missing": "not known"},
    {"key": "answers", "label": "Answers", "digits": 0, "missing": "not known"},
    {"key": "bonus", "label": "Bonus had", "digits": 2, "missing": "not known"},
)
_PLACES = {"status": ("flags",), "minutes": ("speed_z", "agreement", "known", "longest_run")}
_NEW = "arrived since"


@dataclass(frozen=True)
class Submissions:
    """What was read of a run: its submissions and, once they were fetched, figures from their answers.

    Parameters
    ----------
    run : Run
    frame : DataFrame
        As from ``run.submissions()``.
    answers : DataFrame or None
        By submission ID: ``answers``, their number, and ``seconds``, the median for one task, NA if it is not known.
    found : FoundFlags or None
        Once somebody has looked for flags.
    """

    run: Run
    frame: pd.DataFrame
    answers: pd.DataFrame | None = None
    found: FoundFlags | None = None
    people: Mapping[str, str] = field(init=False)
    statuses: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        ids = self.frame["submission_id"]
        object.__setattr__(self, "people", dict(zip(ids, self.frame["participant_id"], strict=True)))
        object.__setattr__(self, "statuses", dict(zip(ids, self.frame["status"], strict=True)))

    @property
    def awaiting(self) -> int:
        """The number of submissions that await review."""
        return len(self.awaiting_ids)

    @property
    def awaiting_ids(self) -> tuple[str, ...]:
        """The submissions that await review."""
        return tuple(each for each, status in self.statuses.items() if status == AWAITING)

    @property
    def unflagged_ids(self) -> tuple[str, ...]:
        """Those of them that were looked at and have no flag; all of them if nobody has looked for flags."""
        found = self.found
        if found is None:
            return self.awaiting_ids
        return tuple(each for each in self.awaiting_ids if found.has(each) and each not in found.proposed)

    def proposed(self, submission_ids: Iterable[str]) -> list[tuple[str, str]]:
        """Category and message of a rejection for each of some submissions; none unless all are flagged."""
        found, ids = self.found.proposed if self.found is not None else {}, list(submission_ids)
        return [found[each] for each in ids] if all(each in found for each in ids) else []

    def can(self, action: str, submission_id: str) -> bool:
        """Whether a submission may be approved or rejected as far as is known here."""
        return not list(check_state(submission_id, action, self.statuses[submission_id]))

    def slower_than_median(self, submission_ids: Iterable[str]) -> int:
        """How many of some submissions took longer than the median."""
        minutes = self.frame.loc[self.frame["submission_id"].isin(list(submission_ids)), "minutes"]
        return int((minutes > self.frame["minutes"].median()).sum())

    def figures(self, submission_id: str) -> dict[str, str]:
        """The figures of one participant for a sentence; unknown ones are left out."""
        row = self._table.loc[submission_id]
        known = {"minutes": (row["minutes"], 1), "answers": (row["answers"], 0)}
        known["median"] = (self.frame["minutes"].median(), 1)
        figures = {name: f"{value:.{digits}f}" for name, (value, digits) in known.items() if pd.notna(value)}
        for _, message in self.proposed([submission_id]):
            figures["sentence"] = message
        return figures

    @cached_property
    def _table(self) -> pd.DataFrame:
        table = self.frame.set_index("submission_id").assign(bonus=lambda frame: frame["bonus_minor"] / 100)
        joined: Any = self.answers if self.answers is not None else pd.DataFrame(columns=["answers", "seconds"])
        return table.join(joined) if self.found is None else table.join(joined).join(self.found.table)


def read_submissions(run: Run) -> Submissions:
    """Read the submissions of a run from the server."""
    run.cost()  # cached, so that showing the code sends no request
    return Submissions(run, run.submissions())


def read_answers(run: Run) -> pd.DataFrame:
    """The number of answers of each submission, and its median seconds per task."""
    with suppress_notices():
        frame = run.responses(include="all", checks=True)
    of_each = frame[frame["submission_id"].notna()].groupby("submission_id", observed=True)
    tasks = frame.drop_duplicates(["submission_id", "task_id"])
    seconds = tasks.groupby("submission_id", observed=True)["seconds"].median()
    return pd.DataFrame({"answers": of_each["response_id"].nunique(), "seconds": seconds})


def columns_of(extra: pd.DataFrame | None, found: FoundFlags | None = None) -> list[dict[str, Any]]:
    """The columns of the table: those of flags in between, those of an additional frame last."""
    more = [] if extra is None else [name for name in extra.columns if name != "submission_id"]
    known = found.columns if found is not None else []
    columns = []
    for column in _COLUMNS:
        added = [{"key": key, **COLUMNS[key]} for key in _PLACES.get(column["key"], ()) if key in known]
        columns += [column, *added]
    return [*columns, *({"key": f"extra {name}", "label": shorten(visible(name), 40)} for name in more)]


def rows_of(seen: Submissions, extra: pd.DataFrame | None) -> list[dict[str, Any]]:
    """The rows of the table as JSON: strings, numbers, and None for what is not known."""
    table, found = seen._table, seen.found
    if found is not None:
        table = table.assign(flags=table["flags"].where(table.index.isin(found.table.index), _NEW))
    if extra is not None:
        more = extra.drop_duplicates("submission_id").set_index("submission_id")
        table = table.join(more.add_prefix("extra "))
    columns = columns_of(extra, found)
    keys = [column[name] for column in columns for name in ("key", "text") if name in column]
    cells = {"id": list(table.index), **{key: [_plain(cell) for cell in table[key]] for key in keys}}
    return [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]


def _plain(cell: Any) -> Any:
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return None
    if pd.api.types.is_bool(cell) or not pd.api.types.is_number(cell):
        return shorten(visible(cell))
    number = float(cell)  # type: ignore[arg-type]
    return number if math.isfinite(number) else None
