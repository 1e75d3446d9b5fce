"""Small datasets for tests, and their content as lists."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import prolific_nb
from prolific_nb.data import Dataset, read_data
from prolific_nb.errors import DataError


def made(**columns: list[str]) -> Dataset:
    return read_data(pd.DataFrame(columns))


def uploaded(data: Dataset) -> bytes:
    file = io.BytesIO()
    data.write_upload(file)
    return file.getvalue()


def records(data: Dataset) -> list[list[str]]:
    return [list(data.columns), *map(list, zip(*map(data.cells, data.columns), strict=True))]


def refused(raw: bytes, **options: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        read_data(raw, **options)
    return caught.value


def again(data: Dataset, **sources: object) -> Dataset:
    """The data that its own code reads; `sources` are the variables in it."""
    scope: dict[str, Any] = {"pnb": prolific_nb, **sources}
    exec(data.to_code("made"), scope)
    made: Dataset = scope["made"]
    return made


def followed(raw: bytes, path: Path) -> Dataset:
    """The data that the code in the first remedy reads, if this is the content of the file."""
    path.write_bytes(raw)
    try:
        findings = read_data(path).findings
    except DataError as error:
        findings = error.findings
    remedy = next(finding.remedy for finding in findings if "read_data(" in finding.remedy)
    code = remedy[remedy.index("read_data(") :]
    end = next(n for n in range(1, len(code) + 1) if code[:n].count("(") == code[:n].count(")") > 0)
    read: Dataset = eval(code[:end], {"read_data": read_data, "pd": pd, "json": json, "re": re, "path": path})
    return read
