"""The CSV as a value: reading it, checking it, and describing it to Prolific."""

from .columns import Kind, api_type
from .dataset import ROW_COLUMN, Dataset
from .formats import FirstRows, first_rows
from .given import as_dataset
from .gold.arrangement import Arrangement, arranged, gold_count, group_count
from .gold.gold_rows import GoldRows
from .reading import read_data, sample_data, sample_path
from .sources import Source

__all__ = [
    "ROW_COLUMN",
    "Arrangement",
    "Dataset",
    "FirstRows",
    "GoldRows",
    "Kind",
    "Source",
    "api_type",
    "arranged",
    "as_dataset",
    "first_rows",
    "gold_count",
    "group_count",
    "read_data",
    "sample_data",
    "sample_path",
]
