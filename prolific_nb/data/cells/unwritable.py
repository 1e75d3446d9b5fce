"""Strings that UTF-8 cannot hold: DataFrames and JSON may have them, a CSV to upload may not."""

from __future__ import annotations

from ...common.findings import Finding


def is_writable(text: str) -> bool:
    """Whether a CSV can hold a string: it has no NUL and no half of a surrogate pair."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def unwritable(row: int, column: str) -> Finding:
    """The error about one cell."""
    what = "The cell contains a NUL or half a surrogate pair, which a CSV cannot hold."
    return Finding("error", what, "Remove the character, for example with str.replace.", row, column)
