"""JSON answers → one tidy table: the column contract.

One row per element of an answer: a pick, a text, a number, a file. An answer without elements is one row with NA.

=================  ====================  =====================================================================
column             dtype                 what
=================  ====================  =====================================================================
response_id        category (str)        one participant's answer to one question about one task
created_at         datetime64, UTC       when it was given
participant_id     category (str)        who gave it
submission_id      category (str)        in which sitting
submission_status  category (str)        AWAITING REVIEW, APPROVED, RETURNED, …
task_id            category (str)        the task: one uploaded row shown with the layout
row                category (str)        key of the uploaded row (``pnb_row``); NA if it could not be found
position           Int64                 the task's place in the sitting, from 1
seconds            Float64               from the end of the task before, or the start of the sitting
instruction_id     category (str)        the question's id on the server
question           category (str)        the question's text
type               category (str)        Prolific's type of the question
value              category (str)        the answer
explanation        object or str         why, where asked for
number             Float64               the answer as a number where it is one
number_unit        category (str)        its unit
file_name          object or str         name of an uploaded file
file_key           object or str         its key in the export
=================  ====================  =====================================================================
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..design import Codebook, text_of

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
USABLE = ("AWAITING REVIEW", "APPROVED", "PARTIALLY APPROVED")
_NO_ELEMENT: list[Mapping[str, Any]] = [{}]


def tidy(
    responses: Iterable[Mapping[str, Any]], submissions: Iterable[Mapping[str, Any]], codebook: Codebook
) -> pd.DataFrame:
    """The tidy table of a batch's answers; see the head of this module for its columns.

    Parameters
    ----------
    responses : iterable of mapping
        Records of the API's responses.
    submissions : iterable of mapping
        Records of the study's submissions; they bring status and start of each sitting.
    codebook : Codebook
        With instruction ids; brings the questions' texts.

    Returns
    -------
    pandas.DataFrame
        ``row`` is all NA here; `with_rows` fills it.
    """
    columns = _columns(responses, {q.instruction_id: q.question for q in codebook if q.instruction_id})
    known = {record["id"]: record for record in submissions}
    columns["submission_status"] = [known.get(s, {}).get("status") for s in columns["submission_id"]]
    columns["row"] = [None] * len(columns["response_id"])
    frame = pd.DataFrame({name: _typed(name, cells) for name, cells in columns.items()})
    started = frame["submission_id"].map({s: record.get("started_at") for s, record in known.items()}).astype(object)
    frame[["position", "seconds"]] = _pace(frame, _times(started))
    return frame[list(COLUMNS)]


def _columns(responses: Iterable[Mapping[str, Any]], questions: Mapping[str, str]) -> dict[str, list[Any]]:
    """Lists of cells, filled in one pass over the records."""
    names = [name for name in COLUMNS if name not in ("submission_status", "row", "position", "seconds")]
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for record in responses:
        answer = record["response"]
        instruction = answer["instruction_id"]
        shared = {
            "response_id": record["id"],
            "created_at": record["created_at"],
            "participant_id": record["participant_id"],
            "submission_id": record.get("submission_id"),
            "task_id": record["task_id"],
            "instruction_id": instruction,
            "question": questions.get(instruction),
            "type": answer["type"],
        }
        for element in _elements(answer["answer"]):
            for name, cell in {**shared, **_element(element, answer["type"])}.items():
                columns[name].append(cell)
    return columns


def _elements(answer: Any) -> list[Mapping[str, Any]]:
    """The elements of an answer; what has another shape than documented is kept as a value, never a crash."""
    elements = answer if isinstance(answer, list) else [answer]
    return [each if isinstance(each, Mapping) else {"value": each} for each in elements] or _NO_ELEMENT


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str | bool | int | float):
        return None if value is None else text_of(value)
    return json.dumps(value, ensure_ascii=False)


def _element(element: Mapping[str, Any], kind: str) -> dict[str, Any]:
    value = element.get("value")
    return {
        "value": _text(value),
        "explanation": element.get("explanation"),
        "number": _number(value, kind),
        "number_unit": _text(element.get("unit")),
        "file_name": element.get("file_name"),
        "file_key": element.get("file_key"),
    }


def _number(value: Any, kind: str) -> float | None:
    """The answer as a number: JSON numbers, and what was typed into a field with a unit."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    if kind == "free_text_with_unit" and isinstance(value, str):
        return _parsed(value)
    return None


def _parsed(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:  # people write "about 3"; the text stays in `value`
        return None


def _typed(name: str, cells: list[Any]) -> Any:
    if name in CATEGORICAL:
        return categorical(cells)
    if name == "created_at":
        return _times(pd.Series(cells, dtype=object))
    if name == "number":
        return pd.array(cells, dtype="Float64")
    return pd.Series(cells, dtype=_text_dtype())


def categorical(cells: Iterable[Any]) -> pd.Categorical:
    """A categorical of text, its categories in order of appearance; text even where there are no cells."""
    codes, seen = pd.factorize(pd.Series(list(cells), dtype=object))
    return pd.Categorical.from_codes(codes, categories=pd.Index(seen, dtype=_text_dtype()))


def _text_dtype() -> Any:
    """What this version of pandas makes of text: ``str`` from 3 on, ``object`` before."""
    return pd.Series(["text"]).dtype


def _times(texts: pd.Series[Any]) -> pd.Series[Any]:
    # One unit whatever the texts: else an empty table would have seconds where a full one has microseconds.
    return pd.to_datetime(texts, utc=True, format="ISO8601").dt.as_unit("us")


def _pace(frame: pd.DataFrame, started: pd.Series[Any]) -> pd.DataFrame:
    """Position of each task in its sitting and seconds it took.

    A task ends with its last answer; it begins where the one before ended, the first one where the sitting began.
    """
    keys = ["submission_id", "task_id"]
    tasks = (
        pd.DataFrame({**{key: frame[key].astype(object) for key in keys}, "end": frame["created_at"], "start": started})
        .dropna(subset=["submission_id"])
        .groupby(keys, sort=False, as_index=False)
        .agg({"end": "max", "start": "first"})
        .sort_values(["submission_id", "end", "task_id"], kind="stable")
    )
    sittings = tasks.groupby("submission_id", sort=False)
    begun = sittings["end"].shift().fillna(tasks["start"])
    tasks["position"] = (sittings.cumcount() + 1).astype("Int64")
    tasks["seconds"] = (tasks["end"] - begun).dt.total_seconds().astype("Float64")
    spread = frame[keys].astype(object).merge(tasks, on=keys, how="left")
    return spread[["position", "seconds"]].set_axis(frame.index)
