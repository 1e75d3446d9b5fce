"""Answers that are known to be right: those of attention checks, and those of gold rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..common.plurals import counted
from ..design import Codebook, Question
from .frame import COLUMNS, EXPECTED, categorical
from .select import part_of

Mask = npt.NDArray[np.bool_]


def with_expected(frame: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """The tidy table with the column ``expected``, after the columns of the contract.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `tidy` or `with_rows`; an earlier column ``expected`` is replaced. A gold answer is found by ``row``.
    codebook : Codebook
        Questions with ``right`` (attention checks) or ``gold`` (rows with a known answer).

    Returns
    -------
    pandas.DataFrame
        ``expected`` is a category of str in the form of ``value``; all NA if nothing is known.

    Examples
    --------
    >>> from prolific_nb.design import Question
    >>> check = Question("Choose b.", "single", "multiple_choice", ("a", "b"), ("a", "b"), 1, right="b")
    >>> frame = pd.DataFrame({"question": ["Choose b.", "Good?"], "row": ["r1", "r1"], "value": ["a", "yes"]})
    >>> with_expected(frame, Codebook([check]))["expected"].tolist()
    ['b', nan]
    """
    known = frame.drop(columns=EXPECTED, errors="ignore")
    answers = np.full(len(frame), None, dtype=object)
    for question, asked in _scored(frame, codebook):
        answers[asked] = question.right if question.right is not None else _gold(known.loc[asked, "row"], question)
    place = sum(name in known.columns for name in COLUMNS)
    known.insert(place, EXPECTED, pd.Series(categorical(answers), index=known.index))
    known.attrs = dict(frame.attrs)
    return known


def without_checks(frame: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """The tidy table without attention checks, without every answer about a gold row, and without ``expected``.

    All questions about a gold row are left out, also those without a known answer: these rows were chosen for
    checking, so they are not a sample of what is annotated. ``attrs["checks"]`` says how many answers were left out;
    it is absent if there are none.
    """
    checks, gold = known_lines(frame, codebook)
    kept = part_of(frame, ~(checks | gold)) if (checks | gold).any() else frame
    kept = kept.drop(columns=EXPECTED, errors="ignore")
    if len(kept) < len(frame):
        kept.attrs["checks"] = left_out(frame, checks, gold)
    return kept


def with_or_without(frame: pd.DataFrame, codebook: Codebook, *, checks: bool) -> pd.DataFrame:
    """As `with_expected` or as `without_checks`; ``attrs["questions"]`` has the codebook that goes with it."""
    chosen = with_expected(frame, codebook) if checks else without_checks(frame, codebook)
    chosen.attrs["questions"] = (codebook if checks else codebook.without_checks()).to_records()
    return chosen


def known_lines(frame: pd.DataFrame, codebook: Codebook) -> tuple[Mask, Mask]:
    """Which lines of the table answer an attention check, and which others are about a gold row.

    Lines with an ``expected`` answer are gold, whatever the codebook has.
    """
    checks, gold = (np.zeros(len(frame), dtype=bool) for _ in range(2))
    for question, asked in _scored(frame, codebook):
        checks |= asked if question.right is not None else False
    rows = {row for question in codebook for row, _ in question.gold}
    if rows and "row" in frame:
        gold |= frame["row"].isin(list(rows)).to_numpy(dtype=bool)
    if EXPECTED in frame:
        gold |= frame[EXPECTED].notna().to_numpy(dtype=bool)
    return checks, gold & ~checks


def left_out(frame: pd.DataFrame, checks: Mask, gold: Mask) -> str:
    """The sentence on what was left out, from the lines as `known_lines` returns them."""
    nouns = (
        (checks, "answer to an attention check", "answers to attention checks"),
        (gold, "answer about a gold row", "answers about gold rows"),
    )
    lines = pd.Series(np.arange(len(frame)), index=frame.index)
    has_ids = "response_id" in frame and frame["response_id"].notna().any()  # Prolific's report has none
    ids: Any = frame["response_id"] if has_ids else lines
    counts = ((ids[kept].nunique(), one, several) for kept, one, several in nouns)
    return f"Left out: {' and '.join(counted(*each) for each in counts if each[0])}."


def _scored(frame: pd.DataFrame, codebook: Codebook) -> Iterator[tuple[Question, Mask]]:
    """The questions with known answers, each with its lines: by ID, or by text where the table has other IDs."""
    for each in codebook:
        if each.right is not None or each.gold:
            asked = _equal(frame, "instruction_id", each.instruction_id)
            yield each, asked if asked.any() else _equal(frame, "question", each.question)


def _equal(frame: pd.DataFrame, name: str, value: str | None) -> Mask:
    if value is None or name not in frame:
        return np.zeros(len(frame), dtype=bool)
    return (frame[name] == value).fillna(False).to_numpy(dtype=bool)


def _gold(rows: pd.Series[Any], question: Question) -> npt.NDArray[np.object_]:
    known = dict(question.gold)
    return np.array([known.get(row) for row in rows.tolist()], dtype=object)
