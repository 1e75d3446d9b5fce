"""Find answers by question, label, participant and text; a table is prepared once for many searches."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..design import Codebook, text_of
from ..design.question_types.question import no_such_question
from ..errors import UnknownName
from .frame import COLUMNS, require_table

Mask = npt.NDArray[np.bool_]
_SEARCHED = ("value", "explanation", "number_unit", "file_name")


def find_answers(
    frame: pd.DataFrame,
    *,
    question: str | None = None,
    label: str | float | None = None,
    participant: str | None = None,
    text: str | None = None,
) -> pd.DataFrame:
    """The answers that match all that is given.

    Parameters
    ----------
    frame : DataFrame
        As returned by `run.responses()`.
    question : str, optional
        The text of a question.
    label : str or number, optional
        The answer given, such as ``"good"``.
    participant : str, optional
        Their ID.
    text : str, optional
        Occurs in the answer, its explanation or a column of the uploaded row, in upper or lower case.

    Returns
    -------
    DataFrame
        Rows of `frame`, in their order and with their index.

    Raises
    ------
    UnknownName
        There is no such question.

    Examples
    --------
    >>> frame = pd.DataFrame({"question": ["Why?", "Why?"], "value": ["Too loud", "Cheap"], "review": ["A", "B"]})
    >>> find_answers(frame, text="LOUD")["value"].tolist()
    ['Too loud']
    """
    return Searchable(frame).find(question=question, label=label, participant=participant, text=text)


class Searchable:
    """A table of answers, prepared so that searching it takes no pass over its cells.

    Parameters
    ----------
    frame : DataFrame
        As returned by `run.responses()`.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        require_table(frame)
        self.frame = frame
        self._texts = [_coded(frame.iloc[:, place]) for place in _searched(frame)]

    def find(
        self,
        *,
        question: str | None = None,
        label: str | float | None = None,
        participant: str | None = None,
        text: str | None = None,
    ) -> pd.DataFrame:
        """As `find_answers`."""
        kept = np.ones(len(self.frame), dtype=bool)
        if question is not None:
            self._require_question(question)
            kept &= self._equal("question", question)
        if label is not None:
            kept &= self._equal("value", label if isinstance(label, str) else text_of(label))
        if participant is not None:
            kept &= self._equal("participant_id", participant)
        if text:
            kept &= self._containing(text)
        return self.frame if kept.all() else self.frame[kept]

    def _equal(self, name: str, value: str) -> Mask:
        column = self.frame[name]
        column = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype("category")
        names = column.cat.categories
        if pd.api.types.is_numeric_dtype(names.dtype):  # labels of a table of one's own
            names = pd.Index([text_of(each) for each in names.tolist()])
        [code] = names.get_indexer(pd.Index([value]))
        found: Mask = (column.cat.codes == code).to_numpy() & (code >= 0)
        return found

    def _containing(self, text: str) -> Mask:
        wanted = " ".join(text.split()).casefold()
        kept = np.zeros(len(self.frame), dtype=bool)
        for codes, texts in self._texts:
            hits = np.fromiter((wanted in each for each in texts), dtype=bool, count=len(texts))
            kept |= np.append(hits, False)[codes]
        return kept

    def _require_question(self, question: str) -> None:
        asked = [each.question for each in Codebook.from_records(self.frame.attrs.get("questions", ()))]
        known = dict.fromkeys([*asked, *self.frame["question"].dropna().unique().tolist()])
        if question not in known:
            raise UnknownName(no_such_question(question, map(str, known)))


def _searched(frame: pd.DataFrame) -> list[int]:
    """Positions of the columns of text: answers, and the columns of the uploaded rows."""
    return [place for place, name in enumerate(frame.columns) if name in _SEARCHED or name not in COLUMNS]


def _coded(column: pd.Series[Any]) -> tuple[npt.NDArray[Any], list[str]]:
    """A code for each cell, and the text of each code; equal texts are searched once. Missing cells have code -1."""
    codes, cells = pd.factorize(column)
    return codes, [" ".join(str(each).split()).casefold() for each in cells]
