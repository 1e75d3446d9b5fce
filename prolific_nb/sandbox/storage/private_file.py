"""Files that only their owner may read: they hold the sandbox's token and the rows of a dataset."""

from __future__ import annotations

import os
from contextlib import suppress

_OWNER_ONLY = 0o600


def make_private(path: str | os.PathLike[str]) -> None:
    """Create a file that only its owner may read and write, or make an existing one so.

    SQLite gives the files that it puts beside it the same permissions. Where the path cannot be created, opening it
    says why.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, _OWNER_ONLY))
        os.chmod(path, _OWNER_ONLY)
