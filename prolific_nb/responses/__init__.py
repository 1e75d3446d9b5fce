"""Responses as one tidy table, each joined to the uploaded row that it is about."""

from .expected_answers import with_expected, with_or_without, without_checks
from .frame import COLUMNS, tidy
from .join import Join, find_rows
from .read_export import Archive, read_export
from .select import check_asked, finished, of_question, usable, with_rows
from .timing import USABLE, median_minutes, times_finding
from .uploaded_rows import with_uploaded_rows

__all__ = [
    "COLUMNS",
    "USABLE",
    "Archive",
    "Join",
    "check_asked",
    "find_rows",
    "finished",
    "median_minutes",
    "of_question",
    "read_export",
    "tidy",
    "times_finding",
    "usable",
    "with_expected",
    "with_or_without",
    "with_rows",
    "with_uploaded_rows",
    "without_checks",
]
