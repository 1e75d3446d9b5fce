"""The participants of a study: their submissions, demographics and feedback."""

from __future__ import annotations

import os

import pandas as pd

from ..study.monitor.demographics import demographics_of
from ..study.monitor.feedback import feedback_frame
from ..study.monitor.submissions_table import submissions_frame
from .run_answers import Answers


class Participants(Answers):
    """The part of a `Run` that reads about participants; see there."""

    def submissions(self) -> pd.DataFrame:
        """The submissions, one row each, with status, times, minutes, reward, bonus and hourly pay."""
        return submissions_frame(self.client, self.study_id)

    def demographics(self, source: str | os.PathLike[str] | bytes | None = None) -> pd.DataFrame:
        """What participants say about themselves, from Prolific's demographic export.

        Parameters
        ----------
        source : path or bytes, optional
            The CSV from the page of the study, where the API does not export it.

        Returns
        -------
        DataFrame
            One row per submission, in the order of `submissions`: ``submission_id``, ``participant_id``, then the
            columns of `prolific_nb.read_demographics`, such as ``age``, ``sex``, ``country_of_residence`` and
            ``authenticity``. What participants did not share, or withdrew, is missing.
            ``run.responses().merge(run.demographics().drop(columns="participant_id"), on="submission_id")`` joins it
            to their answers.

        Raises
        ------
        ProlificError
            The API does not export demographics of this study; the message says where to download them.
        DataError
            `source` is not such an export.
        """
        return demographics_of(self.client, self.study_id, self.submissions(), source)

    def feedback(self) -> pd.DataFrame:
        """Ratings and comments of participants on this study.

        Returns
        -------
        DataFrame
            One row per participant who gave feedback: ``participant_id`` (missing unless shared), ``clarity``,
            ``difficulty``, ``fairness`` (Int64, as rated), ``comment``, ``category``, ``source``, ``created_at``.

        Raises
        ------
        ProlificError
            Prolific does not return feedback to this workspace.
        """
        return feedback_frame(self.client, self.study_id)
