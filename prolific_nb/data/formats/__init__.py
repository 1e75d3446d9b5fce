"""The content of a file as cells: CSV, JSON, Excel, compressed or not, in any common encoding."""

from .recognise import Options, file_cells
from .unreadable import Unreadable

__all__ = ["Options", "Unreadable", "file_cells"]
