"""Prolific's archive of responses → the same tidy table, without a server.

The structure of the lines in the archive is undocumented. Any record with a ``response`` counts as a response, and an
ID that such a record lacks (of its task, submission or participant) is taken from the records that enclose it.
"""

from __future__ import annotations

import json
import os
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ..common.findings import Finding
from ..data import ROW_COLUMN
from ..data.legacy_csv import HIDDEN
from ..design import Codebook, Design
from ..errors import InputError
from .frame import categorical, tidy, translated
from .select import free_names

_FILES = {"task": "responses-by-task.jsonl", "submission": "responses-by-submission.jsonl"}
_ROW_COLUMNS = (ROW_COLUMN, f"{HIDDEN}{ROW_COLUMN}")
_INHERITED = ("task_id", "submission_id", "participant_id")


class Archive:
    """An export: the downloaded ZIP file, or the folder of its unpacked files.

    Raises
    ------
    InputError
        If it is neither, or lacks one of its files.
    """

    def __init__(self, source: str | os.PathLike[str]) -> None:
        self.path = Path(source).expanduser()

    def _read(self, name: str) -> str:
        try:
            if self.path.is_dir():
                return (self.path / name).read_text(encoding="utf-8")
            with zipfile.ZipFile(self.path) as opened:
                return opened.read(name).decode("utf-8")
        except (OSError, KeyError, zipfile.BadZipFile, UnicodeDecodeError) as error:
            what = f"The file {name} cannot be read from the archive ({type(error).__name__})."
            remedy = "Pass the ZIP file or the folder written by run.export(folder)."
            failure = InputError(str(self.path), [Finding("error", what, remedy)])
        raise failure

    def lines(self, by: str) -> list[dict[str, Any]]:
        """The lines of the file by ``"task"`` or by ``"submission"``."""
        # Not splitlines(): it would also split at U+2028 and similar characters inside strings.
        return [json.loads(line) for line in self._read(_FILES[by]).split("\n") if line.strip()]

    def responses(self, by: str) -> list[dict[str, Any]]:
        """The responses in the order of their creation."""
        found = [record for line in self.lines(by) for record in _responses(line, {})]
        return sorted(found, key=lambda record: (record["created_at"], record["id"]))

    @cached_property
    def batch(self) -> dict[str, Any]:
        """The batch."""
        found: dict[str, Any] = json.loads(self._read("batch.json"))
        return found

    @property
    def codebook(self) -> Codebook:
        """The questions in the batch's layout; empty for a batch of the legacy flow, which has no layout."""
        layout = self.batch.get("batch_items")
        return Design.from_api(self.batch).codebook().with_instructions(layout) if layout else Codebook()

    @property
    def submissions(self) -> list[dict[str, Any]]:
        """The records of the submissions, with their status and start."""
        return [{"id": line["submission_id"], **line} for line in self.lines("submission") if "submission_id" in line]

    @cached_property
    def datapoints(self) -> dict[str, dict[str, Any]]:
        """The uploaded row by task, if the lines contain it."""
        return {
            line["task_id"]: line["datapoint"] for line in self.lines("task") if isinstance(line.get("datapoint"), dict)
        }


def _responses(value: Any, inherited: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every response inside a JSON value, with the IDs of the enclosing records."""
    if isinstance(value, list):
        for each in value:
            yield from _responses(each, inherited)
    elif isinstance(value, Mapping):
        known = {**inherited, **{name: value[name] for name in _INHERITED if value.get(name) is not None}}
        if isinstance(value.get("response"), Mapping) and "instruction_id" in value["response"]:
            yield {**value, **known}
            return
        for each in value.values():
            yield from _responses(each, known)


def read_export(
    source: str | os.PathLike[str], *, by: str = "submission", codebook: Codebook | None = None
) -> pd.DataFrame:
    """The responses in Prolific's archive as one tidy table, like `Run.responses` with ``include="all"``.

    Parameters
    ----------
    source : path
        The ZIP file or the folder written by `Run.export`.
    by : {"submission", "task"}
        Which of the archive's two files to read; both contain the same responses.
    codebook : Codebook, optional
        The questions; by default those of the batch in the archive. Required for a batch of the legacy flow.

    Returns
    -------
    pandas.DataFrame
        The columns of `prolific_nb.responses.frame`, then those of the uploaded row if the archive has them.

    Raises
    ------
    InputError
        If `source` is not such an archive.
    ValueError
        If `by` is not valid.
    """
    if by not in _FILES:
        raise ValueError(f"by={by!r} is not valid. Use one of {', '.join(map(repr, _FILES))}.")
    archive = Archive(source)
    book = archive.codebook if codebook is None else codebook
    if not book:
        warnings.warn("The archive does not contain the questions. Pass codebook=run.codebook.", stacklevel=2)
    frame = tidy(archive.responses(by), archive.submissions, book)
    frame = _with_datapoints(frame, archive.datapoints)
    frame.attrs |= {"questions": book.to_records()}
    return frame


def _with_datapoints(frame: pd.DataFrame, datapoints: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    keys = {task: next((row[name] for name in _ROW_COLUMNS if name in row), None) for task, row in datapoints.items()}
    frame = frame.assign(row=translated(frame["task_id"].array, keys))
    unmatched = int(frame["row"].isna().sum())
    own = list(dict.fromkeys(name for row in datapoints.values() for name in row if name not in _ROW_COLUMNS))
    names = free_names([name.removeprefix(HIDDEN) for name in own], list(frame.columns))
    tasks = categorical(frame["task_id"])
    for name, free in zip(own, names, strict=True):
        cells = [datapoints.get(task, {}).get(name) for task in tasks.categories]
        frame[free] = pd.Series(cells).reindex(tasks.codes).array
    frame.attrs["join"] = {"by": "export", "unmatched": unmatched}
    return frame
