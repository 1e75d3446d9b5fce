"""HTTP client for the Prolific API; independent of notebooks, CSV files and designs."""

from .client import Client
from .records import Record
from .token import Token
from .transport import Transport

__all__ = ["Client", "Record", "Token", "Transport"]
