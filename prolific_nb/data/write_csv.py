"""Writing CSV as Prolific and spreadsheets read it: UTF-8, commas, a line feed at the end of each record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from typing import IO

# Some readers strip bare cells, and some end a line at a lone carriage return: both are quoted too.
_NEEDS_QUOTES = re.compile(r'[",\r\n]|^\s|\s$')


def write_csv(file: IO[bytes], header: Iterable[str], records: Iterable[tuple[str, ...]]) -> None:
    """Write the header and the records."""
    for record in chain([tuple(header)], records):
        line = ",".join(map(_quoted, record))
        # A line of one empty cell would read as a blank line.
        file.write((line or '""').encode() + b"\n")


def _quoted(cell: str) -> str:
    # Not csv.writer: before Python 3.13 it leaves a lone carriage return bare.
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if _NEEDS_QUOTES.search(cell) else cell
