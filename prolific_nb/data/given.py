"""Data as a caller passes it: a Dataset, or what it can be read from."""

from __future__ import annotations

from .dataset import Dataset
from .reading import read_data
from .sources import Source


def as_dataset(given: Dataset | Source) -> Dataset:
    """The dataset itself, or what `read_data` makes of a path, bytes or a DataFrame.

    Raises
    ------
    DataError
        It cannot be read.
    """
    return given if isinstance(given, Dataset) else read_data(given)
