"""Prolific over HTTP. Knows nothing of notebooks, CSV files or designs."""

from .client import Client
from .records import Record
from .token import Token
from .transport import Transport

__all__ = ["Client", "Record", "Token", "Transport"]
