"""The rows on which people disagree, the decisions of an adjudicator about them, and one label for each row."""

from __future__ import annotations

from .adjudications import Adjudications, adjudications_of
from .run_growth import Growing


class Disagreeing(Growing):
    """The part of a `Run` that settles disagreement; see there."""

    @property
    def adjudications(self) -> Adjudications:
        """The labels that an adjudicator gave to rows, kept beside the ledger; the same after a kernel restart."""
        rows = None if self.data is None else (*self.data.row_keys, *self._join.rows.values())
        return adjudications_of(self.ledger, self.key, self.study_id, self.codebook, rows)
