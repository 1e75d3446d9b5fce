"""The people of a study: a table of how each of them answered, and flags with the evidence for them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..analysis import Flags, Rules, annotators, flags
from .run_participants import Participants


class Judged(Participants):
    """The part of a `Run` that looks at how people answered; see there."""

    def annotators(self) -> pd.DataFrame:
        """How each participant answered, one row each; see `prolific_nb.analysis.annotators`.

        Usable submissions, with gold rows and attention checks. The words and pictures that the design shows predict
        how long a task takes; the minutes are those of the submissions.
        """
        return annotators(**self._answered())

    def flags(self, rules: Rules | None = None) -> Flags:
        """Participants whose answers show little care; see `prolific_nb.analysis.flags`. Nothing is rejected.

        Parameters
        ----------
        rules : Rules, optional
            Thresholds, such as ``analysis.Rules(gold=0.8)``.

        Returns
        -------
        Flags
            ``flags.to_review(approve_rest=True)`` is a frame for `review`: approvals of everybody who is not flagged,
            and proposals without an action for the others.
        """
        return flags(**self._answered(), rules=rules)

    def _answered(self) -> dict[str, Any]:
        frame = self._table("usable", checks=True)
        shown = [name for name in self.design.shown if name in frame.columns]
        return {"frame": frame, "shown": shown, "submissions": self.submissions()}
