"""What participants say about themselves: Prolific's demographic export as a table."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from ...api import Client
from ...common.arguments import require_path
from ...common.display import notify
from ...common.findings import Finding
from ...common.plurals import counted
from ...data.sources import file_bytes
from ...errors import DataError
from .where_offered import where_offered

Source = str | os.PathLike[str] | bytes

REFUSED = ("CONSENT_REVOKED", "DATA_EXPIRED")
"""Cells of the export that say why there is no answer."""
_ABSENT = {"", "NOCODE", "Prefer not to say", *REFUSED}
_TIMES = ("started_at", "completed_at", "reviewed_at", "archived_at")
_WHOLE = ("age", "total_approvals")
_NAMES = {
    "started": "started_at",
    "completed": "completed_at",
    "reviewed": "reviewed_at",
    "archived": "archived_at",
    "time_taken": "seconds",
    "time_taken_s": "seconds",
    "time_taken_seconds": "seconds",
    "language": "first_language",
    "authenticity_check_results": "authenticity",
    "authenticity_check": "authenticity",
    "authenticity_checks": "authenticity",
}
_KEYS = ("submission_id", "participant_id")
_GROUP = re.compile(r"/task-groups/([^/?#]+)")


def read_demographics(source: Source) -> pd.DataFrame:
    r"""Read Prolific's demographic export: the CSV from the website, or the bytes of one.

    Parameters
    ----------
    source : path or bytes
        The file, as downloaded.

    Returns
    -------
    DataFrame
        One row per submission. The names of its columns in lower case with underscores: ``submission_id``,
        ``participant_id``, ``status``, ``started_at``, ``completed_at``, ``reviewed_at`` (datetime64[us, UTC]),
        ``seconds`` (float64), ``age`` and ``total_approvals`` (Int64), ``authenticity``, and all other columns of the
        file as strings. What participants did not share is missing; ``attrs["missing"]`` has the number of cells per
        column and reason (``CONSENT_REVOKED``, ``DATA_EXPIRED``).

    Raises
    ------
    DataError
        The file is not such an export.

    Examples
    --------
    >>> csv = b"Submission id,Participant id,Age,Sex\ns1,p1,34,Female\ns2,p2,CONSENT_REVOKED,CONSENT_REVOKED\n"
    >>> table = read_demographics(csv)
    >>> table["age"].tolist(), table.attrs["missing"]["sex"]
    ([34, <NA>], {'CONSENT_REVOKED': 1})
    """
    subject, raw = _read(source)
    try:
        table = pd.read_csv(io.BytesIO(raw), dtype=str, keep_default_na=False, encoding="utf-8-sig", index_col=False)
    except (ValueError, pd.errors.ParserError) as failure:
        raise DataError(subject, [Finding("error", f"It is not a CSV in UTF-8: {failure}.", _DOWNLOAD)]) from None
    table.columns = pd.Index([_NAMES.get(name, name) for name in map(_snake, table.columns)])
    if findings := list(_unusable(table)):
        raise DataError(subject, findings)
    reasons = {name: _reasons(table[name]) for name in table.columns}
    typed = {name: _typed(subject, name, table[name]) for name in table.columns}
    found = pd.DataFrame(typed)
    if "url" in found and "task_group_id" not in found:
        found["task_group_id"] = found["url"].str.extract(_GROUP, expand=False)
    found.attrs["missing"] = {name: counts for name, counts in reasons.items() if counts}
    return found


def demographics_of(client: Client, study_id: str, submissions: pd.DataFrame, source: Source | None) -> pd.DataFrame:
    """The submissions of a study with what their participants say about themselves; see `Run.demographics`."""
    table = read_demographics(_export(client, study_id) if source is None else source)
    own = submissions[list(_KEYS)]
    key = next(name for name in _KEYS if name in table.columns)
    if key == "participant_id":  # one person is the same in every submission
        table = table.drop_duplicates(key)
    foreign = ~table[key].isin(own[key])
    if foreign.any():
        notify(f"{counted(int(foreign.sum()), 'row')} of the export left out: not of study {study_id}.")
    extra = [name for name in table.columns if name == key or name not in _KEYS]
    found = own.merge(table[extra], on=key, how="left", validate="one_to_one" if key == _KEYS[0] else "many_to_one")
    found.attrs = {**submissions.attrs, "missing": table.attrs["missing"]}
    return found


def _export(client: Client, study_id: str) -> bytes:
    what = f"Prolific exports no demographics of study {study_id} over its API"
    remedy = (
        'Download them on the study\'s page (Submissions, "Download demographic data") and pass the file: '
        'run.demographics("prolific_export.csv").'
    )
    return where_offered(lambda: client.studies.export_demographics(study_id), what, remedy)


_DOWNLOAD = 'Download it on the page of the study: Submissions, "Download demographic data".'


def _read(source: Source) -> tuple[str, bytes]:
    if isinstance(source, bytes):
        return "The demographic export", source
    path = str(require_path("source", source))
    return path, file_bytes(path, "Pass the path of the downloaded CSV.")


def _snake(name: str) -> str:
    """``"Time taken (s)"`` becomes ``"time_taken_s"``."""
    return re.sub(r"\W+", "_", name.strip().casefold()).strip("_")


def _unusable(table: pd.DataFrame) -> Iterator[Finding]:
    if not set(_KEYS) & set(table.columns):
        shown = ", ".join(map(repr, list(table.columns)[:8]))
        what = f"It has neither a column 'Submission id' nor 'Participant id'; its columns are {shown}."
        yield Finding("error", what, _DOWNLOAD)
    for name in table.columns[table.columns.duplicated()].unique():
        yield Finding("error", "Several columns have this name.", "Rename all but one of them.", column=name)
    if "submission_id" in table.columns and not table.columns.duplicated().any():
        twice = table["submission_id"].duplicated()
        if twice.any():
            what = f"Submission {table['submission_id'][twice].iloc[0]} is in the file twice."
            row = int(twice.to_numpy().argmax()) + 2
            yield Finding("error", what, "Download the file again.", row=row, column="submission_id")


def _reasons(column: pd.Series[Any]) -> dict[str, int]:
    return {reason: int(number) for reason in REFUSED if (number := (column == reason).sum())}


def _typed(subject: str, name: str, column: pd.Series[Any]) -> pd.Series[Any]:
    known = column.where(~column.isin(_ABSENT))
    convert = _WHOLE_OR_TIME.get(name)
    if convert is None:
        return known.astype(pd.Series(["text"]).dtype)
    try:
        return convert(known)
    except (ValueError, TypeError, OverflowError):
        for row, cell in zip(range(2, len(known) + 2), known, strict=True):
            if not _converts(convert, cell):
                finding = Finding("error", f"{cell!r} is not a valid {name}.", "Correct the cell.", row, name)
                raise DataError(subject, [finding]) from None
        raise


def _converts(convert: Any, cell: Any) -> bool:
    try:
        convert(pd.Series([cell], dtype=object))
    except (ValueError, TypeError, OverflowError):
        return False
    return True


def _whole(cells: pd.Series[Any]) -> pd.Series[Any]:
    return pd.to_numeric(cells.astype(object)).astype("Float64").astype("Int64")


def _moments(cells: pd.Series[Any]) -> pd.Series[Any]:
    return pd.to_datetime(cells.astype(object), utc=True, format="ISO8601").dt.as_unit("us")


def _seconds(cells: pd.Series[Any]) -> pd.Series[Any]:
    return pd.to_numeric(cells.astype(object)).astype("float64")


_WHOLE_OR_TIME = {**dict.fromkeys(_WHOLE, _whole), **dict.fromkeys(_TIMES, _moments), "seconds": _seconds}
