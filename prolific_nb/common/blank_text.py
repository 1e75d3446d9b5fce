"""What counts as an empty cell: text without a visible character."""

from __future__ import annotations

import unicodedata


def is_blank(value: object) -> bool:
    r"""Whether a value is a string without a visible character: empty, white space, zero-width or control characters.

    Examples
    --------
    >>> [is_blank(each) for each in ["", " \t", "\u00a0", "\u200b", "0", None]]
    [True, True, True, True, False, False]
    """
    if not isinstance(value, str) or value.isalnum():
        return False
    return all(unicodedata.category(each)[0] == "Z" or unicodedata.category(each) in ("Cc", "Cf") for each in value)
