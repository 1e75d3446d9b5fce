"""Prolific's archive of answers → the same tidy table, without a server.

What the lines of the archive look like is not documented. So an answer is whatever record has a ``response`` in it, and
what such a record does not tell itself (its task, its submission, who gave it) is read from the lines around it.
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
    """An export as it was downloaded, a ZIP file, or unpacked, a folder.

    Raises
    ------
    InputError
        It is neither, or lacks one of its files.
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
            what = f"{name} cannot be read from it ({type(error).__name__})."
            failure = InputError(str(self.path), [Finding("error", what, "Use what run.export(folder) wrote.")])
        raise failure

    def lines(self, by: str) -> list[dict[str, Any]]:
        """The lines of the file that is ordered by ``"task"`` or by ``"submission"``."""
        # Not splitlines(): it would cut inside texts that hold U+2028 and its like.
        return [json.loads(line) for line in self._read(_FILES[by]).split("\n") if line.strip()]

    def responses(self, by: str) -> list[dict[str, Any]]:
        """The answers in the order in which they were given."""
        found = [record for line in self.lines(by) for record in _responses(line, {})]
        return sorted(found, key=lambda record: (record["created_at"], record["id"]))

    @cached_property
    def batch(self) -> dict[str, Any]:
        """The batch."""
        found: dict[str, Any] = json.loads(self._read("batch.json"))
        return found

    @property
    def codebook(self) -> Codebook:
        """The questions by the batch's layout; empty for a batch of the older flow, which has none."""
        layout = self.batch.get("batch_items")
        return Design.from_api(self.batch).codebook().with_instructions(layout) if layout else Codebook()

    @property
    def submissions(self) -> list[dict[str, Any]]:
        """Status and start of each submission."""
        return [{"id": line["submission_id"], **line} for line in self.lines("submission") if "submission_id" in line]

    @cached_property
    def datapoints(self) -> dict[str, dict[str, Any]]:
        """The uploaded row by task, where the lines tell."""
        return {
            line["task_id"]: line["datapoint"] for line in self.lines("task") if isinstance(line.get("datapoint"), dict)
        }


def _responses(value: Any, around: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every answer inside a JSON value, completed by the records it stands in."""
    if isinstance(value, list):
        for each in value:
            yield from _responses(each, around)
    elif isinstance(value, Mapping):
        known = {**around, **{name: value[name] for name in _INHERITED if value.get(name) is not None}}
        if isinstance(value.get("response"), Mapping) and "instruction_id" in value["response"]:
            yield {**value, **known}
            return
        for each in value.values():
            yield from _responses(each, known)


def read_export(
    source: str | os.PathLike[str], *, by: str = "submission", codebook: Codebook | None = None
) -> pd.DataFrame:
    """The answers in Prolific's archive as one tidy table, as `Run.responses` with ``include="all"`` gives it.

    Parameters
    ----------
    source : path
        The ZIP file, or the folder that `Run.export` wrote.
    by : {"submission", "task"}
        Which of the archive's two files is read; both hold the same answers.
    codebook : Codebook, optional
        The questions; by default those of the batch in the archive. One of the older flow has none there.

    Returns
    -------
    pandas.DataFrame
        The columns of `prolific_nb.responses.frame`, then those of the uploaded row where the archive has them.

    Raises
    ------
    InputError
        It is no such archive.
    ValueError
        `by` is something else.
    """
    if by not in _FILES:
        raise ValueError(f"by is {by!r}. Use one of {', '.join(map(repr, _FILES))}.")
    archive = Archive(source)
    book = archive.codebook if codebook is None else codebook
    if not book:
        warnings.warn("The archive does not tell its questions; give codebook=run.codebook.", stacklevel=2)
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
