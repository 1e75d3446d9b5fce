"""The CSV as a value: reading it, checking it, and describing it to Prolific."""

from .columns import Kind, api_type
from .dataset import ROW_COLUMN, Dataset
from .formats import FirstRows, first_rows
from .given import as_dataset
from .reading import read_data, sample_data, sample_path
from .sources import Source

__all__ = [
    "ROW_COLUMN",
    "Dataset",
    "FirstRows",
    "Kind",
    "Source",
    "api_type",
    "as_dataset",
    "first_rows",
    "read_data",
    "sample_data",
    "sample_path",
]
