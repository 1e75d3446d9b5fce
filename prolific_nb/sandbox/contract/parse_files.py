"""Reading records from CSV and JSONL files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from . import strict_json

Record = dict[str, Any] | str  # a string is the reason why the record could not be read


def csv_records(text: str) -> Iterator[Record]:
    r"""The records of a CSV file, with the names of its header as keys.

    Examples
    --------
    >>> list(csv_records('id,review\n1,"Fine, really."\n2\n'))
    [{'id': '1', 'review': 'Fine, really.'}, 'The record has 1 cells, but the header has 2.']
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))  # a cell may be as long as the file
    try:
        header = next(reader, [])
        for cells in reader:
            if cells and len(cells) != len(header):
                yield f"The record has {len(cells)} cells, but the header has {len(header)}."
            elif cells:
                yield dict(zip(header, cells, strict=True))
    except csv.Error as error:
        yield f"The CSV cannot be read beyond line {reader.line_num}: {error}."
    finally:
        csv.field_size_limit(before)


def jsonl_records(text: str) -> Iterator[Record]:
    """The records of a file with one JSON object per line."""
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            record = strict_json.read(line, as_written=True)
        except ValueError as error:
            yield f"The line is not valid JSON: {error}."
        else:
            yield record if isinstance(record, dict) else "The line is not a JSON object."
