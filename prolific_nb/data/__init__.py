"""The CSV as a value: reading it, checking it, and describing it to Prolific."""

from .columns import Kind, api_type
from .dataset import ROW_COLUMN, Dataset
from .reading import read_data, sample_data, sample_path
from .sources import Source

__all__ = ["ROW_COLUMN", "Dataset", "Kind", "Source", "api_type", "read_data", "sample_data", "sample_path"]
