"""Untyped datasets (V3): the types of their columns, and reading their files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from ...common.zip_failures import ZIP_FAILURES
from ..storage.store import Document
from .parse_files import csv_records

GROUPING = "META_TASK_GROUP_ID"
HIDDEN = "META_"
_NO_RECORDS = "The file contains no records."


def fields(columns: Iterable[str]) -> Document:
    """The columns of a file as the schema of an equivalent typed dataset.

    Examples
    --------
    >>> list(fields(["review", "META_source", "META_TASK_GROUP_ID"])["fields"].values())
    [{'type': 'text'}, {'type': 'metadata'}, {'type': 'task_group_id'}]
    """
    return {"strict": False, "fields": {name: {"type": _type(name)} for name in columns}}


def _type(column: str) -> str:
    if column == GROUPING:
        return "task_group_id"
    return "metadata" if column.startswith(HIDDEN) else "text"


def read(raw: bytes, filename: str) -> tuple[list[dict[str, Any]], str]:
    """The records of an uploaded file, or none and the reason; files are accepted or rejected as a whole.

    Parameters
    ----------
    raw : bytes
        A CSV file, or a ZIP of CSV files, which are read in the order of their names.
    """
    try:
        found = [record for text in _texts(raw, filename) for record in csv_records(text)]
    except UnicodeDecodeError as error:
        return [], f"The file is not UTF-8: {error}."
    except ZIP_FAILURES as error:
        return [], f"The file is not a readable ZIP: {error or 'it ends too soon'}."
    faults = [record for record in found if isinstance(record, str)]
    records = [record for record in found if not isinstance(record, str)]
    return ([], faults[0]) if faults else (records, "" if records else _NO_RECORDS)


def _texts(raw: bytes, filename: str) -> Iterator[str]:
    if not filename.lower().endswith(".zip"):
        yield raw.decode("utf-8-sig")
        return
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        for name in sorted(opened.namelist()):
            if name.lower().endswith(".csv") and not name.startswith("__MACOSX/"):
                yield opened.read(name).decode("utf-8-sig")
