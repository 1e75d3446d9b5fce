"""The content of a file as cells: CSV, JSON, Excel, compressed or not, in any common encoding."""

from .first_rows import FirstRows, first_rows
from .recognise import Options, file_cells
from .unreadable import Unreadable

__all__ = ["FirstRows", "Options", "Unreadable", "file_cells", "first_rows"]
