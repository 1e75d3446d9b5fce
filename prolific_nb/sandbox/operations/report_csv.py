"""The CSV report: one line per answered datapoint and question, with three columns per annotator."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from ..state.sandbox_state import SandboxState
from ..storage.store import Document
from . import batch_tasks, dataset_contents

ROW_COLUMNS = ("pnb_row", "META_pnb_row")  # added by prolific_nb to typed and untyped datasets
_FIXED = ("DataPoint_ID", "Task_Group_ID", "Task_Type", "Question")
_DATAPOINTS = "SELECT rowid AS number FROM datapoints WHERE dataset_id = ? ORDER BY rowid"


def report_csv(state: SandboxState, batch: Document, responses: Iterable[dict[str, Any]], annotators: int) -> str:
    """The report of these responses.

    Several selections of one answer are in one cell, separated by `` | ``; how the service writes them is undocumented.

    Parameters
    ----------
    responses : iterable of dict
        In order of time, which is the order of the annotators in a line.
    annotators : int
        Annotators per task; more columns are added for a datapoint with more responses.
    """
    fields = dataset_contents.fields_of(state, batch["dataset_id"])["fields"]
    columns = [name for name in fields if state.profile.join_by != "none" or name not in ROW_COLUMNS]
    answered: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for response in responses:
        answered.setdefault((response["task_id"], response["response"]["instruction_id"]), []).append(response)
    most = max([annotators, *map(len, answered.values())])
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    tail = [f"Annotator{n}_{what}" for n in range(1, most + 1) for what in ("ID", "Response", "Timestamp")]
    writer.writerow([*_FIXED, *columns, *tail])
    questions = batch_tasks.questions(batch)
    for task, datapoint_id in zip(batch_tasks.tasks(state, batch), _datapoint_ids(state, batch), strict=False):
        data = [task["datapoint"].get(column, "") for column in columns]
        for question in questions:
            if given := answered.get((task["id"], question["id"])):
                start = [datapoint_id, task["group_id"], question["type"], question["description"]]
                cells = [cell for each in given for cell in _annotator(question, each)]
                writer.writerow([*start, *data, *cells, *[""] * (len(tail) - len(cells))])
    return text.getvalue()


def _datapoint_ids(state: SandboxState, batch: Document) -> list[str]:
    """The IDs of the datapoints in the order of their tasks; they are not the IDs of the tasks."""
    dataset = batch["dataset_id"]
    return [state.ids.uuid("datapoint", dataset, row["number"]) for row in state.store.rows(_DATAPOINTS, dataset)]


def _annotator(question: dict[str, Any], response: dict[str, Any]) -> tuple[str, str, str]:
    picks = " | ".join(_words(question, element) for element in response["response"]["answer"])
    return response["participant_id"], picks, response["created_at"]


def _words(question: dict[str, Any], element: dict[str, Any]) -> str:
    """An element of an answer as shown to the participant: the label of an option, a number with its unit."""
    shown = [
        _label(question.get(options, []), element[name])
        for name, options in (("value", "options"), ("unit", "unit_options"))
        if name in element
    ]
    shown += [str(element["file_name"])] if "file_name" in element else []
    why = f" ({element['explanation']})" if "explanation" in element else ""
    return " ".join(shown) + why


def _label(options: list[dict[str, Any]], value: Any) -> str:
    same = (each["label"] for each in options if type(each["value"]) is type(value) and each["value"] == value)
    return str(next(same, value))
