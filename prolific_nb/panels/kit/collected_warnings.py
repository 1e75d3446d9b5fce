"""Warnings of a worker thread as strings, to be shown in a panel; there they would only be logged."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collected_warnings() -> Iterator[list[str]]:
    """Collect the warnings for users that are raised in this block; the list is filled at its end."""
    words: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            yield words
        finally:
            words += dict.fromkeys(str(one.message) for one in caught if issubclass(one.category, UserWarning))
