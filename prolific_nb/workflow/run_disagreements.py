"""The rows on which people disagree, the decisions of an adjudicator about them, and one label for each row."""

from __future__ import annotations

import pandas as pd

from ..report import aggregate_labels, disagreements
from ..report.one_label import Method
from .adjudications import Adjudications, adjudications_of
from .run_growth import Growing


class Disagreeing(Growing):
    """The part of a `Run` that settles disagreement; see there."""

    @property
    def adjudications(self) -> Adjudications:
        """The labels that an adjudicator gave to rows, kept beside the ledger; the same after a kernel restart."""
        rows = self._join.rows.values() if self._join.rows else self._joined
        known = None if self.data is None else (*self.data.row_keys, *rows)
        return adjudications_of(self.ledger, self.key, self.study_id, self.codebook, known)

    def disagreements(self, question: str | None = None) -> pd.DataFrame:
        """Rows on which people disagree so far, worst first, with their labels and the columns of the row.

        Parameters
        ----------
        question : str, optional
            Only this question.

        Returns
        -------
        DataFrame
            As of `prolific_nb.disagreements`: the labels, their shares and entropy in bits, and the explanations.

        Raises
        ------
        UnknownName
            There is no such question.
        """
        return disagreements(self._table("usable"), question)

    def labels(
        self, question: str | None = None, *, method: Method | None = None, adjudicated: bool = True
    ) -> pd.DataFrame:
        """One label for each row, with its share, its votes, and who decided it.

        Parameters
        ----------
        question : str, optional
            Required if several questions can be aggregated.
        method : {"plurality", "weighted_vote", "dawid_skene", "median", "mean"}, optional
            As for `prolific_nb.aggregate_labels`: the plurality by default, the median of numbers.
        adjudicated : bool
            Whether decisions in `adjudications` hold, whatever the answers are. Otherwise tied rows have no label.

        Returns
        -------
        DataFrame
            As of `prolific_nb.aggregate_labels`; ``decided_by`` is the method or ``"adjudicator"``.

        Raises
        ------
        ArgumentError
            The answers cannot be aggregated, `question` is needed, or `method` is not one for this kind of question.
        LedgerError
            The file of adjudications cannot be used.
        """
        decisions = self.adjudications.frame() if adjudicated else None
        return aggregate_labels(self._table("usable"), question, method=method, adjudications=decisions)
