"""JSON responses → one tidy table: the column contract.

One row per element of an answer: an option, a text, a number, a file. An answer without elements is one row with NA.

=================  ====================  =====================================================================
column             dtype                 content
=================  ====================  =====================================================================
response_id        category (str)        ID of one participant's response to one question about one task
created_at         datetime64, UTC       when it was stored: after the answer, or with all answers of the submission
participant_id     category (str)        the participant
submission_id      category (str)        the submission
submission_status  category (str)        AWAITING REVIEW, APPROVED, RETURNED, …
task_id            category (str)        the task: one uploaded row shown with the layout
row                category (str)        key of the uploaded row (``pnb_row``); NA if it is unknown
position           Int64                 position of the task in the submission, from 1; NA if all answers were stored
                                         together
seconds            Float64               since the end of the previous task, or the start of the submission; NA likewise
instruction_id     category (str)        the question's ID on the server
question           category (str)        the question's text
type               category (str)        Prolific's type of the question
value              category (str)        the answer
explanation        object or str         the explanation, if the question asks for one
number             Float64               the answer as a number, if it is one
number_unit        category (str)        its unit
file_name          object or str         name of an uploaded file
file_key           object or str         its key in the export
=================  ====================  =====================================================================

Where attention checks and gold rows were asked for, the column ``expected`` (category of str) after these has the
answer that is known to be right, in the form of ``value``; it is NA elsewhere.
"""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..api.shapes import ANY, MOMENT, TEXT, WRONG_SHAPE, Fault, Maybe, Shape
from ..common.plurals import a_type
from ..design import Codebook, text_of
from ..design.question_types import QUESTION_TYPES
from ..errors import ArgumentTypeError, UnexpectedResponse
from .timing import COMPLETED, pace, times

CATEGORICAL = (
    "response_id",
    "participant_id",
    "submission_id",
    "submission_status",
    "task_id",
    "row",
    "instruction_id",
    "question",
    "type",
    "value",
    "number_unit",
)
COLUMNS = (
    "response_id",
    "created_at",
    "participant_id",
    "submission_id",
    "submission_status",
    "task_id",
    "row",
    "position",
    "seconds",
    "instruction_id",
    "question",
    "type",
    "value",
    "explanation",
    "number",
    "number_unit",
    "file_name",
    "file_key",
)
EXPECTED = "expected"
"""The column with the answers that are known to be right; no column of the uploaded rows gets this name."""
RESPONSE = Shape(
    id=TEXT,
    created_at=MOMENT,
    participant_id=TEXT,
    submission_id=Maybe(TEXT),
    task_id=TEXT,
    response=Shape(instruction_id=TEXT, type=TEXT, answer=ANY),
)
"""What every response needs."""
SUBMISSION = Shape(id=TEXT, status=Maybe(TEXT), started_at=Maybe(MOMENT))
_BESIDE_VALUE = ("unit", "explanation", "file_name", "file_key")
_NUMERIC = tuple(name for name, each in QUESTION_TYPES.items() if "number" in each.columns)
_NO_ELEMENT: list[Mapping[str, Any]] = [{}]


def require_table(given: object) -> None:
    """Refuse with a TypeError what is not a DataFrame."""
    if not isinstance(given, pd.DataFrame):
        what = f"A table is expected, but this is {a_type(given)}."
        raise ArgumentTypeError(f"{what} Pass a pandas.DataFrame, such as run.responses().")


def tidy(
    responses: Iterable[Mapping[str, Any]], submissions: Iterable[Mapping[str, Any]], codebook: Codebook
) -> pd.DataFrame:
    """The tidy table of a batch's responses; the docstring of this module lists its columns.

    Parameters
    ----------
    responses : iterable of mapping
        Records of the API's responses.
    submissions : iterable of mapping
        Records of the study's submissions: their status and start.
    codebook : Codebook
        The questions by instruction ID.

    Returns
    -------
    pandas.DataFrame
        ``row`` is all NA here; `with_rows` fills it.

    Raises
    ------
    UnexpectedResponse
        A record lacks a field or has one of another type; names the first such record.

    Warns
    -----
    UserWarning
        The same response was returned more than once; it is counted once.
    """
    answers, sittings = list(responses), list(submissions)
    try:
        frame = _tidy(answers, sittings, codebook)
        if len(frame["response_id"].cat.categories) < len(answers):
            frame = _tidy(_without_copies(answers), sittings, codebook)
        return frame
    except WRONG_SHAPE as failure:
        reason = type(failure).__name__
    raise _unusable(answers, sittings, reason)


def _unusable(responses: list[Any], submissions: list[Any], reason: str) -> UnexpectedResponse:
    """The error for records of the wrong shape. They are examined only now: reading most tables needs no checks."""
    remedy = "Request them again; if the error persists, update prolific_nb."
    for name, records, shape in (("response", responses, RESPONSE), ("submission", submissions, SUBMISSION)):
        for number, record in enumerate(records, 1):
            if fault := shape.fault(record):
                where = f"{name} {number} of {len(records)}"
                what = f"The table cannot be made: in {where}, {fault.sentence()}. {remedy}"
                return UnexpectedResponse(what, field=fault.place)
    return UnexpectedResponse(f"The table cannot be made: a value cannot be converted ({reason}). {remedy}")


def _without_copies(responses: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Each response once; two different ones with one ID cannot be told apart."""
    by_id: dict[str, Mapping[str, Any]] = {}
    for record in responses:
        if by_id.setdefault(record["id"], record) != record:
            fault = Fault("id", record["id"], "of one response; two different ones have it")
            raise UnexpectedResponse(f"The table cannot be made: {fault.sentence()}. Request them again.", field="id")
    warnings.warn(
        f"{len(responses) - len(by_id)} responses were returned more than once; each is counted once.", stacklevel=5
    )
    return list(by_id.values())


def _tidy(
    responses: Sequence[Mapping[str, Any]], submissions: Sequence[Mapping[str, Any]], codebook: Codebook
) -> pd.DataFrame:
    lists, elements, counts = _collected(responses)
    positions = np.repeat(np.arange(len(counts)), counts)
    known = {record["id"]: record for record in submissions}
    cells = _response_columns(lists, {q.instruction_id: q.question for q in codebook if q.instruction_id})
    cells["submission_status"] = translated(
        cells["submission_id"], {s: each.get("status") for s, each in known.items()}
    )
    sittings = [known.get(name, {}) for name in cells["submission_id"].categories]
    started = _plausible(times(each.get("started_at") for each in sittings))
    completed = np.array([each.get("status") in COMPLETED for each in sittings], dtype=bool)
    cells["position"], cells["seconds"] = pace(
        cells["submission_id"], cells["task_id"], cells["created_at"], started, completed
    )
    cells = {name: each.take(positions) for name, each in cells.items()}
    cells |= _element_columns(elements, cells["type"].isin(_NUMERIC))
    cells["row"] = categorical([None] * len(positions))
    return pd.DataFrame({name: cells[name] for name in COLUMNS})


def _collected(
    responses: Iterable[Mapping[str, Any]],
) -> tuple[dict[str, list[Any]], list[Mapping[str, Any]], list[int]]:
    """The values shared by all elements of a response, one list per column; the elements; their number per response."""
    shared = ("id", "created_at", "participant_id", "submission_id", "task_id", "instruction_id", "type")
    lists: dict[str, list[Any]] = {name: [] for name in shared}
    id_, created, participant, submission, task, instruction, kind = (each.append for each in lists.values())
    elements: list[Mapping[str, Any]] = []
    counts = []
    # One pass over the records: they are scattered in memory, and a pass per column takes three times as long.
    for record in responses:
        response = record["response"]
        id_(record["id"])
        created(record["created_at"])
        participant(record["participant_id"])
        submission(record.get("submission_id"))
        task(record["task_id"])
        instruction(response["instruction_id"])
        kind(response["type"])
        parts = _elements(response["answer"])
        elements += parts
        counts.append(len(parts))
    return lists, elements, counts


def _plausible(moments: Any) -> Any:
    """The times, if each is in a year that can be true."""
    years = (moments.min().year, moments.max().year)  # NaN if there are none
    if years[0] <= 1700 or years[1] >= 2260:
        raise ValueError(f"{years[0]} to {years[1]}")
    return moments


def _response_columns(lists: Mapping[str, list[Any]], questions: Mapping[str, str]) -> dict[str, Any]:
    """Columns shared by all elements of a response, one cell per response."""
    for name, each in lists.items():  # pandas would convert numbers to times, and keep numbers among strings
        if not set(map(type, each)) <= ({str, type(None)} if name == "submission_id" else {str}):
            raise TypeError(name)
    cells: dict[str, Any] = {name: categorical(each) for name, each in lists.items() if name != "created_at"}
    cells["response_id"] = cells.pop("id")
    cells["created_at"] = _plausible(times(lists["created_at"]))
    if cells["created_at"].isna().any():
        raise ValueError("created_at")
    cells["question"] = translated(cells["instruction_id"], questions)
    return cells


def _element_columns(elements: Sequence[Mapping[str, Any]], with_unit: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """Columns with a value per element."""
    values = [each.get("value") for each in elements]
    n = len(elements)
    bare = sum(map(len, elements)) == n and None not in values  # true for most studies
    other = {name: [None] * n if bare else [each.get(name) for each in elements] for name in _BESIDE_VALUE}
    return {
        "value": categorical(_as_strings(values)),
        "number": _numbers(values, with_unit),
        "number_unit": categorical(_as_strings(other.pop("unit"))),
        **{name: _string_array(cells) for name, cells in other.items()},
    }


def _as_strings(values: Sequence[Any]) -> list[str | None]:
    return [each if type(each) is str else _text(each) for each in values]


def _elements(answer: Any) -> list[Mapping[str, Any]]:
    """The elements of an answer; an answer of an undocumented shape is kept as a value instead of raising an error."""
    if type(answer) is list and len(answer) == 1 and type(answer[0]) is dict:
        return answer  # the common case: isinstance(…, Mapping) takes ten times as long
    elements = answer if isinstance(answer, list) else [answer]
    return [each if isinstance(each, Mapping) else {"value": each} for each in elements] or _NO_ELEMENT


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str | bool | int | float):
        if isinstance(value, float) and not math.isfinite(value):
            return repr(value)
        return None if value is None else text_of(value)
    return json.dumps(value, ensure_ascii=False)


def _numbers(values: Sequence[Any], with_unit: npt.NDArray[np.bool_]) -> Any:
    """The answers as numbers: JSON numbers, and strings typed into a field with a unit."""
    numbers = np.full(len(values), np.nan)
    if not with_unit.any() and set(map(type, values)) <= {str}:
        return pd.array(numbers, dtype="Float64")
    for position, value in enumerate(values):
        if type(value) is str:
            if with_unit[position]:
                numbers[position] = _parsed(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            numbers[position] = _parsed(value)
    return pd.array(numbers, dtype="Float64")


def _parsed(value: str | int | float) -> float:
    try:
        return float(value)
    except (ValueError, OverflowError):  # such as "about 3"; it stays in `value`
        return np.nan


def translated(column: pd.Categorical, words: Mapping[Any, Any]) -> pd.Categorical:
    """Replace each category by its value in `words`; missing if it has none."""
    each = categorical(words.get(name) for name in column.categories)
    codes = np.append(each.codes, -1)[column.codes]  # missing values have code -1, which is the last element
    return pd.Categorical.from_codes(codes, categories=each.categories)


def categorical(cells: Iterable[Any]) -> pd.Categorical:
    """A categorical of strings with categories in order of appearance; of strings even if there are no cells."""
    cells = list(cells)
    seen = dict.fromkeys(cells)  # takes half the time of pandas' factorize
    seen.pop(None, None)
    codes: Any = np.arange(len(cells))
    if len(seen) < len(cells):
        code_of: dict[Any, int] = dict(zip(seen, codes.tolist(), strict=False)) | {None: -1}
        codes = np.fromiter(map(code_of.__getitem__, cells), dtype=np.intp, count=len(cells))
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(seen), dtype=_text_dtype()), validate=False)


def _string_array(cells: list[Any]) -> Any:
    if cells.count(None) == len(cells):  # true for most studies: skips the conversion of each cell
        return pd.array([None], dtype=_text_dtype()).take(np.zeros(len(cells), dtype=np.intp))
    return pd.Series(cells, dtype=_text_dtype()).array


def _text_dtype() -> Any:
    """The dtype of strings in this version of pandas: ``str`` since 3, ``object`` before."""
    return pd.Series(["text"]).dtype
