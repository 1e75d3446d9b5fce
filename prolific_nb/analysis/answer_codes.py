"""The answers of a frame of one or several questions as integer codes, for statistics per person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..common.arguments import listed, require_column
from ..common.findings import Finding
from ..common.plurals import counted
from ..design.codebook import Codebook, Question
from ..errors import ArgumentTypeError, DataError
from .counts import Ints, unit_column
from .intervals import Floats
from .label_codes import codes_of
from .label_text import are_blank, quoted
from .question_column import divides
from .time_columns import read_moments, read_times
from .unique_rows import joint, repeated

Mask = npt.NDArray[np.bool_]
Questions = Codebook | Iterable[Question] | Iterable[Mapping[str, Any]]

MOST_LABELS = 30
"""Labels of a question beyond the most frequent ones count as one; these are mostly sets of options."""
FIFTHS = 5
"""Numbers are compared by the fifth of all answers that they are in."""
_KINDS = {"free_text": "text", "file_upload": "file", "free_text_with_unit": "number", "video_narration": "file"}


@dataclass(frozen=True, eq=False)
class Labels:
    """The labels of one question, one per person and unit, sorted by person and then in order of answering.

    Parameters
    ----------
    question : str
        Its text; "" if the frame is not divided by questions.
    who, units, labels : ndarray of int64, shape (n,)
        Codes of people (as in `AnswerCodes.people`), of units, and of labels.
    names : tuple of str, length q
        The labels.
    ordered : ndarray of bool, shape (n,)
        Whether the place of the answer in the order of answering is known.
    """

    question: str
    who: Ints
    units: Ints
    labels: Ints
    names: tuple[str, ...]
    ordered: Mask


@dataclass(frozen=True, eq=False)
class AnswerCodes:
    """A frame of answers, read for statistics per person.

    Parameters
    ----------
    frame : DataFrame
        The rows with a person and a unit.
    people : Index
        The people, by code.
    who, units : ndarray of int64, shape (n_rows,)
        Codes of the person and of the unit of each row.
    n_units : int
        Number of units.
    once : ndarray of bool, shape (n_rows,)
        The first row of each person and unit.
    answers : ndarray of int64, shape (n_people,)
        Answers: questions answered about a unit. A set of options is one answer.
    questions : tuple of Labels
        The questions whose answers can be compared, without gold rows and attention checks.
    scored, checked : ndarray of bool, shape (n_rows,)
        Rows with a known right answer: of a gold row, of an attention check.
    written : ndarray of bool, shape (n_rows,)
        Rows whose label is a text.
    label : str
        The column of the labels.
    notes : tuple of str
        What was left out.
    """

    frame: pd.DataFrame
    people: pd.Index
    who: Ints
    units: Ints
    n_units: int
    once: Mask
    answers: Ints
    questions: tuple[Labels, ...]
    scored: Mask
    checked: Mask
    written: Mask
    label: str
    notes: tuple[str, ...]

    @property
    def n_people(self) -> int:
        """People with an answer."""
        return len(self.people)


def read_answers(
    frame: pd.DataFrame, questions: Questions | None, unit: str | None, annotator: str, label: str
) -> AnswerCodes:
    """Read a frame of answers.

    Raises
    ------
    DataError
        A column is missing, or a person answered the same question about the same unit twice.
    """
    named, unit = unit, unit_column(frame, unit)
    _refuse_missing(frame, {"unit": unit, "annotator": annotator, "label": label})
    frame, who, people, units, n_units, dropped = _placed(frame, unit, annotator)
    asked, texts = _asked(frame, named, annotator, label)
    kinds = _kinds(frame, questions, texts, asked, label)
    known = (
        frame["expected"].notna().to_numpy(dtype=bool) if "expected" in frame.columns else np.zeros(len(frame), bool)
    )
    checks = _checks(frame, questions, texts, asked, known)
    checked = known & checks[asked]
    scored = known & ~checked
    gold_units = np.zeros(n_units, dtype=bool)
    gold_units[units[scored]] = True
    compared = ~(gold_units[units] | checks[asked])
    place, ordered = _order(frame)
    once = ~pd.Series(joint(units, len(people), who)).duplicated().to_numpy()
    found: list[Labels] = []
    for code, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
        if kind in ("text", "file"):
            continue
        rows = np.flatnonzero((asked == code) & compared) if len(texts) > 1 else np.flatnonzero(compared)
        labels = _labels(frame, rows, who[rows], units[rows], kind, label)
        if not once.all():
            _refuse_repeats(text, labels[0], who, units, len(people), (unit, annotator))
        found.append(_sorted(text, labels, place, ordered, who, units))
    written = np.isin(asked, [code for code, kind in enumerate(kinds) if kind == "text"])
    first = once
    if not once.all():  # several questions about a unit, or answers with several elements
        first = ~pd.Series(joint(joint(asked, n_units, units), len(people), who)).duplicated().to_numpy()
    return AnswerCodes(
        frame, people, who, units, n_units, once, np.bincount(who[first], minlength=len(people)), tuple(found), scored,
        checked, written, label, _notes(dropped, scored, checked),
    )  # fmt: skip


def totals(codes: Ints, size: int, weights: npt.NDArray[Any] | None = None) -> Floats:
    """Sum of the weights of each code, 1 each by default; float64, shape (size,)."""
    return np.asarray(np.bincount(codes, weights=weights, minlength=size), dtype=np.float64)


def _refuse_missing(frame: pd.DataFrame, named: Mapping[str, str]) -> None:
    found = []
    for option, name in named.items():
        require_column(option, name)
        if list(frame.columns).count(name) != 1:
            what = f"There is no column {name!r}." if name not in frame.columns else "Several columns have this name."
            found.append(Finding("error", what, f"The columns are {quoted(frame.columns, most=12)}; pass {option}=."))
    if len(set(named.values())) < len(named):
        found.append(Finding("error", "unit, annotator and label name the same column twice.", "Name three columns."))
    if found:
        raise DataError("The frame", found)


def _single_codes(column: pd.Series) -> tuple[npt.NDArray[np.int32], pd.Index]:
    """Codes and names; refuses cells that are not single values."""
    try:
        return codes_of(column)
    except TypeError as error:
        what, remedy = f"Its cells are not single values: {error}.", "Use one value per cell, and one row per option."
        raise DataError("The frame", [Finding("error", what, remedy, column=str(column.name))]) from error


def _placed(frame: pd.DataFrame, unit: str, annotator: str) -> tuple[pd.DataFrame, Ints, pd.Index, Ints, int, int]:
    """The rows with a person and a unit, with codes without gaps."""
    pairs = []
    for name in (annotator, unit):
        codes, names = _single_codes(frame[name])
        blank = np.append(are_blank(names), True)
        pairs.append((np.where(blank[codes], -1, codes).astype(np.int64), names))
    (who, people), (units, _) = pairs
    kept = (who >= 0) & (units >= 0)
    dropped = int(len(kept) - np.count_nonzero(kept))
    if dropped:
        frame, who, units = frame[kept], who[kept], units[kept]
    in_use = np.bincount(who, minlength=len(people)) > 0
    who = (np.cumsum(in_use) - 1)[who]
    used = np.bincount(units) > 0 if len(units) else np.zeros(0, bool)
    return frame, who, people[in_use], (np.cumsum(used) - 1)[units], int(used.sum()), dropped


def _asked(frame: pd.DataFrame, unit: str | None, annotator: str, label: str) -> tuple[Ints, list[str]]:
    if not divides(frame, unit, annotator, label):
        return np.zeros(len(frame), dtype=np.int64), [""]
    codes, names = codes_of(frame["question"])
    in_use = np.bincount(codes[codes >= 0], minlength=len(names)) > 0
    codes = np.append(np.cumsum(in_use) - 1, in_use.sum())[codes]  # rows without a question are one of their own
    texts = [str(name) for name in names[in_use]]
    return codes.astype(np.int64), [*texts, ""] if (codes == len(texts)).any() or not texts else texts


def _records(frame: pd.DataFrame, questions: Questions | None) -> list[Mapping[str, Any]]:
    given = frame.attrs.get("questions", ()) if questions is None else listed("questions", questions)
    for each in given:
        if not isinstance(each, Question) and not (isinstance(each, Mapping) and {"question", "kind"} <= each.keys()):
            raise ArgumentTypeError(f"questions holds {each!r:.80}. Pass the run's codebook, or its to_records().")
    return [vars(each) if isinstance(each, Question) else each for each in given]


def _kinds(
    frame: pd.DataFrame, questions: Questions | None, texts: Sequence[str], asked: Ints, label: str
) -> list[str]:
    """How the answers to each question are read: by the codebook, else by Prolific's type, else by the labels."""
    records = _records(frame, questions)
    book = {each["question"]: str(each["kind"]) for each in records}
    if texts == [""] and len(records) == 1:
        return [str(records[0]["kind"])]
    kinds = []
    for code, text in enumerate(texts):
        rows = asked == code
        kind = book.get(text)
        if kind is None and "type" in frame.columns and rows.any():
            kind = _KINDS.get(str(frame["type"].to_numpy()[np.argmax(rows)]))
        kinds.append(kind or _guessed(frame[label] if len(texts) == 1 else frame[label][rows]))
    return kinds


def _guessed(labels: pd.Series) -> str:
    """Numbers with many different values are measured; everything else is a label."""
    numeric = pd.api.types.is_numeric_dtype(labels.dtype) and not pd.api.types.is_bool_dtype(labels.dtype)
    return "number" if numeric and labels.nunique() > MOST_LABELS else "single"


def _checks(frame: pd.DataFrame, questions: Questions | None, texts: Sequence[str], asked: Ints, known: Mask) -> Mask:
    """Which questions are attention checks: those with a right option, or, without a codebook, always known."""
    if records := _records(frame, questions):
        right = {each["question"] for each in records if each.get("right") is not None}
        return np.array([text in right for text in texts], bool)
    divided = bool(known.any()) and len(texts) > 1
    return np.asarray((np.bincount(asked[~known], minlength=len(texts)) == 0) & divided)


def _order(frame: pd.DataFrame) -> tuple[Floats, Mask]:
    """Two numbers, the second for equal first ones, that rise in the order of answering within each person, shape
    (2, n_rows); and whether it is known.
    """
    rows = np.arange(len(frame), dtype=float)
    if "position" not in frame.columns:
        return np.array([rows, rows]), np.zeros(len(frame), bool)
    place = read_times(frame, "position")
    known = ~np.isnan(place)
    if "created_at" in frame.columns and known.any():  # several submissions of one person
        moments = read_moments(frame, "created_at")
        if not np.isnan(moments[known]).any():
            # Moments may be those of submissions; the position then tells their answers apart.
            return np.array([np.where(known, moments, rows), np.where(known, place, rows)]), known
    return np.array([np.where(known, place, rows), rows]), known


def _labels(
    frame: pd.DataFrame, rows: Ints, who: Ints, units: Ints, kind: str, label: str
) -> tuple[Ints, Ints, tuple[str, ...]]:
    """Rows with a label (the first of each answer), the labels, and their names."""
    column = frame[label] if len(rows) == len(frame) else frame[label].iloc[rows]
    if kind == "number":
        tidy = label == "value" and "number" in frame.columns
        numbers = frame["number"].iloc[rows] if tidy else pd.to_numeric(column.astype(object), errors="coerce")
        return _fifths(rows, numbers.to_numpy(dtype=float, na_value=np.nan))
    codes, names = _single_codes(column)
    blank = np.append(are_blank(names), True)[codes]
    if kind == "many":
        return _sets(rows, np.where(blank, -1, codes), who, units, names)
    kept = ~blank
    return _commonest(rows[kept] if blank.any() else rows, codes[kept].astype(np.int64), [str(each) for each in names])


def _fifths(rows: Ints, numbers: Floats) -> tuple[Ints, Ints, tuple[str, ...]]:
    kept = np.isfinite(numbers)
    numbers = numbers[kept]
    edges = np.unique(np.quantile(numbers, np.arange(1, FIFTHS) / FIFTHS)) if len(numbers) else np.zeros(0)
    bounds = [f"{each:g}" for each in edges]
    names = [f"up to {first}" for first in bounds] + [f"above {bounds[-1]}" if bounds else "any number"]
    return rows[kept], np.searchsorted(edges, numbers).astype(np.int64), tuple(names)


def _sets(rows: Ints, codes: Ints, who: Ints, units: Ints, names: pd.Index) -> tuple[Ints, Ints, tuple[str, ...]]:
    """Each set of options as one label. A set is the sum of a random number for each option (Zobrist 1970)."""
    keys = np.random.default_rng(0).integers(1, 2**62, size=len(names) + 1, dtype=np.int64)
    keys[-1] = 0  # nothing was picked
    answer = pd.factorize(joint(units, int(who.max(initial=0)) + 1, who))[0].astype(np.int64)
    pick = joint(answer, len(names) + 1, np.where(codes < 0, len(names), codes))
    once = ~pd.Series(pick).duplicated().to_numpy()
    sums = np.zeros(int(answer.max(initial=-1)) + 1, dtype=np.int64)
    np.add.at(sums, answer[once], keys[codes[once]])
    first = np.unique(answer, return_index=True)[1]
    labels, different = pd.factorize(sums)
    example = pd.Series(np.arange(len(labels))).groupby(labels).first().to_numpy()
    spelled = _spelled(example, answer[once], codes[once], names)
    return _commonest(rows[first], labels.astype(np.int64), spelled[: len(different)])


def _spelled(example: Ints, answer: Ints, codes: Ints, names: pd.Index) -> list[str]:
    """The options of the first answer with each set."""
    place = {one: number for number, one in enumerate(example.tolist())}
    picked: list[list[str]] = [[] for _ in example]
    for row in np.flatnonzero(np.isin(answer, example)):
        if codes[row] >= 0:
            picked[place[int(answer[row])]].append(str(names[codes[row]]))
    return [" + ".join(sorted(each)) or "nothing" for each in picked]


def _commonest(rows: Ints, codes: Ints, names: list[str]) -> tuple[Ints, Ints, tuple[str, ...]]:
    """Codes without gaps; beyond the most frequent labels, all others are one."""
    often = np.bincount(codes, minlength=len(names))
    in_use = np.flatnonzero(often)
    if len(in_use) <= MOST_LABELS:
        return rows, (np.cumsum(often > 0) - 1)[codes], tuple(names[each] for each in in_use)
    kept = np.sort(in_use[np.argsort(-often[in_use], kind="stable")][: MOST_LABELS - 1])
    place = np.full(len(names), MOST_LABELS - 1)
    place[kept] = np.arange(len(kept))
    return rows, place[codes], (*(names[each] for each in kept), "another")


def _refuse_repeats(text: str, rows: Ints, who: Ints, units: Ints, n_people: int, columns: tuple[str, str]) -> None:
    twice = repeated(joint(units[rows], n_people, who[rows]))
    if not len(twice):
        return
    what = (
        f"{counted(len(twice), 'unit')} were labelled more than once by the same {columns[1]}"
        f"{f' in the question {text!r}' if text else ''}."
    )
    remedy = (
        f"Keep one label per {columns[0]} and {columns[1]}. If several options may be picked, pass the codebook: "
        "questions=design.codebook()."
    )
    raise DataError("The frame", [Finding("error", what, remedy, column=columns[1])])


def _sorted(
    text: str, found: tuple[Ints, Ints, tuple[str, ...]], place: Floats, ordered: Mask, who: Ints, units: Ints
) -> Labels:
    rows, labels, names = found
    order = _by_person(who[rows], place[:, rows])
    rows, labels = rows[order], labels[order]
    return Labels(text, who[rows], units[rows], labels.astype(np.int64), names, ordered[rows])


def _by_person(who: Ints, place: Floats) -> Ints:
    within, (first, second) = who[1:] == who[:-1], place
    behind = (first[1:] < first[:-1]) | ((first[1:] == first[:-1]) & (second[1:] < second[:-1]))
    if not ((who[1:] < who[:-1]) | (within & behind)).any():
        return np.arange(len(who))
    return np.lexsort((second, first, who))


def _notes(dropped: int, scored: Mask, checked: Mask) -> tuple[str, ...]:
    notes = []
    if dropped:
        notes.append(f"{counted(dropped, 'row')} without a person or a unit left out.")
    if scored.any() or checked.any():
        notes.append("Gold rows and attention checks are scored, and left out of agreement.")
    return tuple(notes)
