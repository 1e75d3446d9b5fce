"""Small datasets for tests, and their content as lists."""

from __future__ import annotations

import io

import pandas as pd
import pytest

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


def refused(raw: bytes, **options: str) -> DataError:
    with pytest.raises(DataError) as caught:
        read_data(raw, **options)
    return caught.value
