"""Rows that need more votes, and what asking more people about them would cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Self

import pandas as pd

from ...analysis import Counts
from ...analysis.needs_more import rank_units
from ...common.arguments import listed
from ...common.findings import Finding
from ...common.money import Money
from ...common.plurals import counted
from ...data.gold.arrangement import gold_count
from ...design import Codebook
from ...errors import ArgumentError, InputError, ProlificError
from ...report import agreement
from ...report.one_label import only_reading
from ...report.question_selection import ColumnNames
from ...report.rows.disagreement_table import with_row
from ...study.quote import group_count
from ...study.spend.allowance import usable_cap
from ..run_growth import Growing

_COLUMNS = ColumnNames("row", "participant_id", "value")


class Needs(Growing):
    """The part of a `Run` that finds rows to ask more people about; see there."""

    def needs_more(
        self,
        target: float = 0.9,
        *,
        question: str | None = None,
        votes: int = 1,
        max_cost: str | Money | None = None,
        random_share: float = 0.1,
        after: Iterable[Self] = (),
        seed: int = 0,
    ) -> pd.DataFrame:
        """Rows whose label is not certain enough, those where further votes help most first. Nothing is spent.

        ``run.follow_up(run.needs_more(max_cost="40.00"))`` drafts the study that asks for them. A few votes in several
        rounds use the money best: ``run.needs_more(after=[follow])`` also counts the answers of earlier follow-ups.

        Parameters
        ----------
        target : float
            Probability of the label from which a row needs no more votes.
        question : str, optional
            The question with one label per row; required if there are several.
        votes : int
            Votes proposed for each row, the same for all.
        max_cost : str or Money, optional
            The highest cost of the follow-up with fees and VAT; as many rows are proposed as that pays for.
        random_share : float
            Share of the proposed rows that are drawn at random from all others, so that shares and agreement can be
            estimated from the answers (`prolific_nb.combine`).
        after : iterable of Run, optional
            Follow-ups of this run so far.
        seed : int
            Seed of the random draw.

        Returns
        -------
        DataFrame
            ``row, label, posterior, entropy, votes, proposed, gain`` as `prolific_nb.analysis.needs_more`; ``cost``
            (float), the row's part of the cost of the follow-up in major currency units; ``probability, reason``; then
            the columns of the row. All rows of a study cost the same, so the order by gain is that by gain per cost.
            ``attrs`` holds the whole ``"cost"`` (Money), a ``"note"``, the ``"study"`` and the studies in ``"after"``.

        Raises
        ------
        ValueError
            `question` is needed, its answers are numbers or several options, or a number is out of its range.
        SpendError
            `max_cost` cannot be used.
        ProlificError
            The answers cannot be joined to the rows.
        """
        after = listed("after", after)
        answers = self._answers_with(after)
        counts = _counts_of(answers, question)
        rows = self._rows_asked(counts)
        cap, ranking = usable_cap(self.client, max_cost), rank_units(counts, target, rows)

        @cache
        def found(most: int) -> pd.DataFrame:
            return ranking.proposed(votes=votes, most=most, random_share=random_share, seed=seed)

        @cache
        def cost(places: int) -> Money:
            pay = self.plan.pay.in_currency(self.client.currency)
            return Money(self.client.studies.total_cost(pay.minor, places) if places else 0, self.client.currency)

        def cost_of(most: int) -> Money:
            return cost(self._groups_of(found(most)["unit"]) * votes)

        most = len(rows) if cap is None else _most(cap, cost_of, len(found(len(rows))))
        units, total = found(most), cost_of(most)
        units.insert(list(units.columns).index("gain") + 1, "cost", float(total.major) / max(len(units), 1))
        table = with_row(units, answers, _COLUMNS)
        note = _note(table, target, len(rows), total)
        table.attrs = {"note": note, "cost": total, "study": self.study_id, "after": [run.study_id for run in after]}
        return table

    def _answers_with(self, after: Sequence[Growing]) -> pd.DataFrame:
        """The answers of this run and of its follow-ups in one table, with the codebook of this run."""
        tables = [run._table("usable") for run in (self, *after)]
        if others := [run.study_id for run in after if asked_by(run) != asked_by(self)]:
            what = f"Study {', '.join(others)} asks other questions than study {self.study_id}."
            raise InputError("needs_more", [Finding("error", what, "Pass follow-ups of this run only.")])
        answers = pd.concat(tables, ignore_index=True) if after else tables[0]
        answers.attrs = tables[0].attrs
        if len(answers) and answers["row"].isna().all():
            raise ProlificError(
                "The answers cannot be joined to rows, so no rows can be proposed. Open the run with its data: "
                "pnb.open_run(..., data=data)."
            )
        return answers

    def _rows_asked(self, counts: Counts) -> list[str]:
        """All rows of the study whose label is not known already; without the data, those with an answer."""
        known = {row for question in self.codebook for row, _ in question.gold}
        rows = counts.unit_names if self.data is None else self.data.row_keys
        return [str(row) for row in rows if row not in known]

    def _groups_of(self, rows: pd.Series) -> int:
        """Task groups that a study about these rows has."""
        data, size = self.data, self.plan.tasks_per_group
        if data is None or not len(rows) or (data.grouping is None and not gold_count(data, size)):
            return self.plan.groups(len(rows))
        return group_count(data.select(rows), self.plan)


def _note(table: pd.DataFrame, target: float, total: int, cost: Money) -> str:
    """How many rows are proposed, why, and what they cost."""
    drawn = int((table["reason"] == "random").sum())
    below = f"{counted(len(table) - drawn, 'row')} of {total} with a label below {target:g}"
    votes = counted(int(table["proposed"].sum()), "vote")
    return f"{below}, and {counted(drawn, 'row')} drawn at random: {votes} for {cost}."


def asked_by(run: Growing) -> list[dict[str, Any]]:
    """The questions as they were asked: what is known to be right may differ, as it does not change the answers."""
    bare = Codebook(replace(each, instruction_id=None, right=None, gold=()) for each in run.codebook)
    return bare.to_records()


def _counts_of(answers: pd.DataFrame, question: str | None) -> Counts:
    """The labels of the one question that has one label per row."""
    reading = only_reading(agreement(answers, questions=question, unit="row", draws=1))
    if reading.kind not in ("single", "scale"):
        what = f"{reading.question!r} has no single label per row, so there is no probability of it."
        raise ArgumentError(f"{what} Pass question=, with one option to choose.")
    return reading.counts


def require_origin(rows: object, study_id: str, after: Sequence[Growing]) -> None:
    """Refuse a frame of another run, or whose votes so far include follow-ups that are not named.

    Their people would be asked about the same rows again.
    """
    attrs = rows.attrs if isinstance(rows, pd.DataFrame) else {}
    if (study := attrs.get("study", study_id)) != study_id:
        what = f"The frame counts the answers of study {study}, and this run is study {study_id}."
        remedy = "Call follow_up of the run whose needs_more made the frame."
        raise InputError("follow_up", [Finding("error", what, remedy)])
    counted_in = attrs.get("after", [])
    if missing := [study for study in counted_in if study not in {run.study_id for run in after}]:
        what = f"The frame counts the answers of study {', '.join(missing)}, whose participants must be excluded."
        raise InputError(
            "follow_up", [Finding("error", what, "Pass the same runs: run.follow_up(frame, after=[...]).")]
        )


def _most(cap: Money, cost_of: Callable[[int], Money], most: int) -> int:
    """The largest number of rows that the cap pays for, by bisection: more rows never cost less."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if cost_of(middle) <= cap else (low, middle - 1)
    return low
