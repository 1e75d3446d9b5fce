"""The decisions of a judge about the disputes of a run, in words and as the program that makes them again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from ...common.display import quoted
from ...design.codebook import Question
from ...workflow.run import Run
from .disputes import COMPARED, shown

Key = tuple[str, str]
"""Row and question."""


@dataclass(frozen=True)
class Decided:
    """One decision.

    Parameters
    ----------
    values : tuple of str
        The label; several where several options may be picked.
    reason : str
    at : datetime
        With its time zone.
    """

    values: tuple[str, ...]
    reason: str
    at: datetime

    def label(self, asked: Question) -> str | list[str]:
        """The label, as `run.adjudications.decide` takes it."""
        return list(self.values) if asked.kind == "many" else self.values[0]

    def words(self, asked: Question) -> str:
        """Such as “decided: good, by you, 14:03”; with its day if that is another."""
        local = self.at.astimezone()
        day = "" if local.date() == datetime.now().astimezone().date() else f"{local:%Y-%m-%d} "
        return f"decided: {shown(asked, self.values)}, by you, {day}{local:%H:%M}"


def decisions_in(frame: pd.DataFrame) -> dict[Key, Decided]:
    """The decisions in a frame of adjudications, by row and question."""
    found: dict[Key, Decided] = {}
    columns = [frame[name].astype(object) for name in ("row", "question", "value", "explanation", "created_at")]
    for row, question, value, reason, at in zip(*columns, strict=True):
        before = found[row, question].values if (row, question) in found else ()
        values = before if pd.isna(value) else (*before, str(value))
        found[row, question] = Decided(values, "" if pd.isna(reason) else str(reason), at.to_pydatetime())
    return found


def program(run: Run, decisions: Mapping[Key, Decided], question: str) -> str:
    """Python that makes the same decisions and the labels of the rows, for a program that has ``run``."""
    compared = [each.question for each in run.codebook if each.kind in COMPARED and len(each.units) < 2]
    shown = quoted(question) if question else ""
    lines = [f"print(run.disagreements({shown}))"] if not question or question in compared else []
    lines += _deciding(run, decisions)
    decided = [question] if question else list(dict.fromkeys(asked for _, asked in decisions))
    lines += [f"print(run.labels({quoted(each)}, adjudicated=True))" for each in decided if each in compared]
    return "\n".join([*lines, ""])


def _deciding(run: Run, decisions: Mapping[Key, Decided]) -> Iterable[str]:
    asked = {each.question: each for each in run.codebook}
    for (row, question), each in decisions.items():
        if question in asked:
            label: Any = each.label(asked[question])
            given = f"[{', '.join(map(quoted, label))}]" if isinstance(label, list) else quoted(label)
            reason = f", reason={quoted(each.reason)}" if each.reason else ""
            yield f"run.adjudications.decide({quoted(row)}, {quoted(question)}, {given}{reason})"
