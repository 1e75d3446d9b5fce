"""A file that came through the browser is kept in a folder, so that code can read it again."""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path

from ...common.findings import Finding
from ...errors import DataError
from .file_browser import ENDINGS

MOST = 8_000_000
"""Bytes that an upload may have; above 10 MiB Jupyter's connection drops it without a word."""


def keep_upload(folder: Path, name: str, content: bytes) -> Path:
    """Write an upload under its own name, or under ``name-1.csv`` where that is another file's.

    Parameters
    ----------
    folder : Path
        Where to.
    name : str
        As the browser gave it; folders in it are left out.
    content : bytes
        At most `MOST`.

    Raises
    ------
    DataError
        If it is too large, no CSV by its name, or the folder takes no files.
    """
    kept = plain_name(name)
    if len(content) > MOST:
        what = f"It has {len(content):,} bytes; this button takes {MOST:,} (8 MB)."
        raise DataError(kept, [Finding("error", what, "Upload it in JupyterLab's file browser, then choose it here.")])
    if not kept.casefold().endswith(ENDINGS):
        what = f"Its name does not end with {', '.join(ENDINGS)}."
        raise DataError(kept or "The upload", [Finding("error", what, "Save it as CSV and upload that.")])
    try:
        return _write(folder, Path(kept), content)
    except OSError as error:
        what = f"It cannot be written into {folder}: {error.strerror}."
    raise DataError(kept, [Finding("error", what, "Choose a folder of your own in the list above, then upload again.")])


def plain_name(name: str) -> str:
    r"""The last part of a name, without what could hide it or lead elsewhere.

    Examples
    --------
    >>> plain_name("../../etc/reviews.csv"), plain_name("C:\\fakepath\\.reviews\0.csv")
    ('reviews.csv', 'reviews.csv')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable()).strip().lstrip(".")


def _write(folder: Path, name: Path, content: bytes) -> Path:
    numbered = (f"{name.stem}-{number}{name.suffix}" for number in count(1))
    paths = (folder / candidate for candidate in chain([name.name], numbered))
    path = next(path for path in paths if not path.exists() or (path.is_file() and path.read_bytes() == content))
    if not path.exists():
        with path.open("xb") as file:  # x: whatever came there meanwhile is not written over
            file.write(content)
    return path
