"""AgreementReport: agreement as a table, in words, as a plot and as a paragraph for a paper."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Literal

import pandas as pd

from .. import plots
from ..analysis import Aggregate
from ..common.display import paragraphs, visible
from .disagreement import confusion_of, units_table
from .methods import StudyContext, paragraph
from .narrative import SIMULATED, headline_of, words_of
from .question_agreement import QuestionAgreement, keys_of, table_of
from .question_selection import NotScored
from .scoring import COMPARABLE
from .slices import column_of, table_by, words_by

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

_SHOWN = ("coefficient", "value", "low", "high", "n_units")


@dataclass(frozen=True, eq=False, repr=False)
class AgreementReport:
    """Agreement per question, made by `prolific_nb.agreement`.

    Parameters
    ----------
    scored : tuple of QuestionAgreement
        The questions with their coefficients.
    left : tuple of NotScored
        The questions that cannot be scored.
    setting : StudyContext
        How the answers were collected and scored.
    by : str or None
        The column that the report is sliced by.
    slices : tuple
        Per value of `by`, the questions with their coefficients.
    """

    scored: tuple[QuestionAgreement, ...]
    left: tuple[NotScored, ...]
    setting: StudyContext
    by: str | None = None
    slices: tuple[tuple[Hashable, list[QuestionAgreement]], ...] = ()

    @property
    def mode(self) -> str | None:
        """``"SANDBOX"`` if the participants were simulated, ``"LIVE"`` if not, None if the frame does not record it."""
        return self.setting.mode

    @cached_property
    def table(self) -> pd.DataFrame:
        """The coefficients with their 95 % intervals.

        ``question, coefficient, value, low, high``; `n_units`, the units that the coefficient is computed from;
        `option`, if it is about a single option of several that may be picked; `note`, the reason for a value of nan
        and other caveats. Sliced reports have the slice as first column,
        named as the column sliced by, with ``" (slice)"`` where that would be one of these names.
        """
        return table_by(self.slices, self.by) if self.by is not None else table_of(self.scored)

    @cached_property
    def not_scored(self) -> pd.DataFrame:
        """``question, kind, why`` of the questions that cannot be scored."""
        return pd.DataFrame(list(self.left), columns=["question", "kind", "why"], dtype=object)

    @cached_property
    def words(self) -> str:
        """A paragraph per question, and what the intervals cover."""
        text = words_of(self.scored, self.left, self.mode, self.setting.left_out)
        return "\n\n".join([text, *words_by(self.slices, self.by)]) if self.by is not None else text

    @cached_property
    def headline(self) -> str:
        """The most important result in one sentence: the question with the lowest agreement."""
        return headline_of(self.scored, self.mode)

    @cached_property
    def units(self) -> pd.DataFrame:
        """Units with at least two answers, per question those with the lowest agreement first.

        ``question, unit, n_ratings, agreement, majority, labels`` as `prolific_nb.analysis.unit_disagreement`; for
        numbers ``mean, sd``, in the unit they were converted to. If the frame has the text of the rows, ``text`` after
        ``unit``: the first column of text that participants see, cut to 60 characters.
        """
        table = units_table(self.scored)
        texts = self.scored[0].reading.texts if self.scored else None
        if texts is not None and texts.known:
            table.insert(2, "text", pd.Series(texts.names(table["unit"]), index=table.index, dtype=object))
        return table

    @cached_property
    def confusion(self) -> Mapping[str, pd.DataFrame]:
        """Confusion of labels by question; see `prolific_nb.analysis.label_confusion`."""
        tables = ((each.question, confusion_of(each.reading)) for each in self.scored)
        return {question: table for question, table in tables if table is not None}

    def plot(
        self,
        ax: Axes | None = None,
        *,
        title: str | Literal[True] | None = True,
        palette: ColorType | Sequence[ColorType] | None = None,
    ) -> Axes:
        """Draw the coefficients of each question, or of each slice; see `prolific_nb.plots.agreement`.

        Several questions are drawn with percent agreement and α only, which most kinds of question have in common.

        Parameters
        ----------
        ax, title, palette
            As for `prolific_nb.plots.labels`.
        """
        note = SIMULATED if self.mode == "SANDBOX" else None
        return plots.agreement(self._drawn(), ax=ax, note=note, title=title, palette=palette)

    def to_methods(self, aggregate: Aggregate | None = None) -> str:
        """A methods paragraph for a paper: annotators, questions, dates, pay, and agreement with its sources.

        Parameters
        ----------
        aggregate : Aggregate, optional
            How one label per unit was obtained, such as by `prolific_nb.analysis.plurality`; gives the rule for ties.

        Returns
        -------
        str
            What the report does not know is in square brackets, to be filled in or deleted.
        """
        return paragraph(self.scored, self.setting, aggregate)

    def _drawn(self) -> pd.DataFrame:
        """Rows for the plot, named by question and slice, with the column ``lead``."""
        parts = [each for _, scored in self.slices for each in scored] if self.by is not None else self.scored
        keys, whole = keys_of(parts), self.table["option"].isna().to_numpy()
        table, keys = self.table[whole], keys[whole]
        if self.by is not None:
            several = table["question"].nunique() > 1
            slices = table[column_of(self.by)].astype(str)
            names = table["question"] + " · " + slices if several else f"{self.by}: " + slices
            table = table.assign(question=names)
        if table["question"].nunique() > 1:
            shared = keys["kind"].isin(list(COMPARABLE)).to_numpy()
            table, keys = table[shared], keys[shared]
            table = table.assign(coefficient=keys["kind"].map(dict(COMPARABLE)).to_numpy())
        return table.assign(lead=keys["lead"].to_numpy())

    def __repr__(self) -> str:
        text = self._shown().to_string(index=False, float_format="{:.2f}".format) if len(self.table) else "(no scores)"
        return visible("\n\n".join([f"{self.mode} agreement" if self.mode else "Agreement", text, self.words]))

    def _repr_html_(self) -> str:
        shown = self._shown().to_html(index=False, float_format="{:.2f}".format, na_rep="undefined", border=0)
        title = f"{self.mode} agreement" if self.mode else "Agreement"
        return visible(f'<div class="pnb-card"><p><b>{escape(title)}</b></p>{shown}{paragraphs(self.words)}</div>')

    def _shown(self) -> pd.DataFrame:
        """The table for display: options are appended to their question; notes are in the words."""
        table = self.table
        option = table["option"]
        asked = table["question"].where(option.isna(), table["question"] + " · " + option.astype(str))
        first = [column_of(self.by)] if self.by is not None else []
        return table.assign(question=asked)[[*first, "question", *_SHOWN]]
