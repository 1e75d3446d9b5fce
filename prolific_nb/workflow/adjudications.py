"""Adjudications: the labels that a judge gave to rows, kept beside the ledger, one line per decision."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from ..analysis.counts import ADJUDICATOR
from ..common.arguments import require_path
from ..common.plurals import a_type, counted
from ..design import Codebook, text_of
from ..design.codebook import Question
from ..errors import ArgumentError, ArgumentTypeError, UnknownName
from ..responses.frame import _string_array, categorical
from ..responses.timing import times
from ..study.ledger import Ledger
from ..study.ledger_file import MEMORY
from .line_file import LineFile, LineList

_IN_MEMORY: WeakKeyDictionary[Ledger, dict[str, LineList]] = WeakKeyDictionary()


class Adjudications:
    """The labels that an adjudicator gave to rows: on disk at once, the last decision on a row wins.

    Parameters
    ----------
    path : str or os.PathLike
        A file of JSON lines, made by the first decision. Several programs may write to it.
    questions : Codebook, optional
        What was asked. Labels are checked against its options; without it any label is taken.
    rows : collection of str, optional
        The keys of the rows. Decisions on others are refused; without it any key is taken.

    Raises
    ------
    LedgerError
        Raised by every method if the file cannot be used.

    Examples
    --------
    >>> import tempfile
    >>> decisions = Adjudications(f"{tempfile.mkdtemp()}/run.jsonl")
    >>> decisions.decide("r1", "Good?", "yes", "It is irony.")
    >>> decisions.decide("r2", "Good?", "yes")
    >>> decisions.decide("r2", "Good?", "no")
    >>> decisions.frame()[["row", "question", "value", "participant_id"]]
      row question value participant_id
    0  r1    Good?   yes    adjudicator
    1  r2    Good?    no    adjudicator
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | LineList,
        questions: Codebook | None = None,
        rows: Collection[str] | None = None,
    ) -> None:
        self._lines: LineFile | LineList = (
            path if isinstance(path, LineList) else LineFile(require_path("path", path).absolute(), "adjudications")
        )
        self._questions = questions
        self._rows = rows

    def decide(self, row: str, question: str, label: Any, reason: str = "") -> None:
        """Give a row its label; an earlier decision on it is replaced. On disk when this returns.

        Parameters
        ----------
        row : str
            Its key, as in the column ``row`` of `run.responses()`.
        question : str
            The text of the question.
        label : str, number or iterable of str
            An option; the options, where several may be picked (none: ``[]``); a number; a text.
        reason : str
            Why; it becomes the ``explanation``.

        Raises
        ------
        UnknownName
            There is no such row, question or option; the message lists the options.
        ArgumentError
            The label is not one that this question can have.
        """
        self._require_row(row)
        if not isinstance(reason, str):
            raise ArgumentTypeError(f"reason is {reason!r:.80}; use a string.")
        given = _label(label, self._question(question))
        self._append(row, question, {"label": given, "reason": reason.strip()})

    def withdraw(self, row: str, question: str) -> None:
        """Take back the decision on a row; nothing happens if there is none.

        Raises
        ------
        UnknownName
            As for `decide`.
        """
        self._require_row(row)
        self._question(question)
        if (row, question) in self._valid():
            self._append(row, question, {"withdrawn": True})

    def frame(self) -> pd.DataFrame:
        """The decisions that hold, as a part of a tidy table: ``pd.concat([run.responses(), decisions.frame()])``.

        Returns
        -------
        DataFrame
            ``row``, ``question``, ``value`` (category of str; one line per pick where several options may be picked,
            NA for none), ``number`` (Float64; NA unless the question asks for one), ``explanation`` (str, the reason,
            NA without one), ``participant_id`` (``"adjudicator"``), ``created_at`` (UTC). In the order in which the
            rows were decided first.
        """
        cells = [each for decision in self._valid().values() for each in self._cells(decision)]
        row, question, value, number, reason, at = map(list, zip(*cells, strict=True)) if cells else [[]] * 6
        return pd.DataFrame(
            {
                "row": categorical(row),
                "question": categorical(question),
                "value": categorical(value),
                "number": pd.array(np.array(number, dtype=float), dtype="Float64"),
                "explanation": _string_array(reason),
                "participant_id": categorical([ADJUDICATOR] * len(cells)),
                "created_at": times(at),
            }
        )

    def _valid(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The decisions that hold by row and question."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for line in self._lines.lines():
            place = (str(line.get("row")), str(line.get("question")))
            if line.get("withdrawn"):
                found.pop(place, None)
            else:
                found[place] = line
        return found

    def _cells(self, decision: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
        label = decision["label"]
        numeric = any(each.question == decision["question"] and each.kind == "number" for each in self._questions or ())
        for value in (label or [None]) if isinstance(label, list) else [label]:
            number = float(value) if numeric else np.nan
            yield (decision["row"], decision["question"], value, number, decision["reason"] or None, decision["at"])

    def _append(self, row: str, question: str, what: dict[str, Any]) -> None:
        at = datetime.now(UTC).isoformat()
        self._lines.append({"row": row, "question": question, **what, "at": at})

    def _require_row(self, row: object) -> None:
        if not isinstance(row, str) or not row.strip():
            raise ArgumentTypeError(f"row is {row!r:.80}; use the key of a row, as in the column row of the answers.")
        if self._rows is not None and row not in self._rows:
            raise UnknownName(f"There is no row {row!r:.80}. Use a key as in the column row of run.responses().")

    def _question(self, text: str) -> Question | None:
        if not isinstance(text, str):
            raise ArgumentTypeError(f"question is {text!r:.80}; use the text of a question.")
        return None if self._questions is None else self._questions.find(text)

    def __len__(self) -> int:
        return len(self._valid())

    def __repr__(self) -> str:
        return f"Adjudications({counted(len(self), 'decision')})"


def adjudications_of(
    ledger: Ledger, key: str, study_id: str, questions: Codebook, rows: Collection[str] | None
) -> Adjudications:
    """The adjudications of a run, beside its ledger; in memory where the ledger is."""
    name = f"{key} {study_id}"  # a key is used again where its study is gone
    if str(ledger.path) == MEMORY:
        kept = _IN_MEMORY.setdefault(ledger, {}).setdefault(name, LineList())
        return Adjudications(kept, questions, rows)
    # IDs come from the server: what cannot be the name of a file is told apart by its digest.
    plain = re.sub(r"[^0-9A-Za-z_-]+", "_", name)[:80]
    folder = ledger.path.with_name(f"{ledger.path.stem}-adjudications")
    return Adjudications(folder / f"{plain}-{sha256(name.encode()).hexdigest()[:8]}.jsonl", questions, rows)


def _label(given: Any, question: Question | None) -> str | list[str]:
    """The label as it is kept: a string, or a list of strings where several options may be picked."""
    kind = question.kind if question is not None else None
    if kind == "file":
        raise ArgumentError(f"{question.question!r} asks for files, which cannot be adjudicated.")  # type: ignore[union-attr]
    several = not isinstance(given, str) and isinstance(given, Iterable)
    if kind == "many" or (kind is None and several):
        return _picks(list(given) if several else [given], question)
    text = _text(given)
    if kind == "number":
        return _number(text)
    if question is not None and question.options:
        _require_option(text, question)
    return text


def _picks(given: list[Any], question: Question | None) -> list[str]:
    texts = list(dict.fromkeys(map(_text, given)))
    if question is not None:
        for text in texts:
            _require_option(text, question)
        if question.limit is not None and len(texts) > question.limit:
            raise ArgumentError(
                f"{len(texts)} options are given for {question.question!r}; use at most {question.limit}."
            )
    return texts


def _text(given: Any) -> str:
    plain = given.item() if isinstance(given, np.generic) else given
    if not isinstance(plain, str | int | float) or (isinstance(plain, float) and not math.isfinite(plain)):
        raise ArgumentTypeError(f"The label is {a_type(plain)}: {plain!r:.80}. Use a string or a number.")
    text = text_of(plain)
    if not text.strip():
        raise ArgumentError("The label is empty. Use withdraw(row, question) to take a decision back.")
    return text


def _number(text: str) -> str:
    try:
        if math.isfinite(float(text)):
            return text
    except ValueError:
        pass
    raise ArgumentError(f"The label {text!r:.80} is not a number, and the question asks for one.")


def _require_option(text: str, question: Question) -> None:
    offered = [text_of(option) for option in question.options]
    if offered and text not in offered:
        raise UnknownName(
            f"{text!r:.80} is not an option of {question.question!r}. Use {', '.join(map(repr, offered))}."
        )
