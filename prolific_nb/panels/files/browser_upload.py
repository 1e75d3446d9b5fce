"""Writes a file uploaded in the browser to a folder, so that code can read it again."""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path

from ...common.findings import Finding
from ...errors import DataError
from .file_browser import ENDINGS

MAX_BYTES = 8_000_000
"""Largest upload in bytes; above 10 MiB Jupyter's websocket drops the message without an error.

See https://github.com/jupyter-widgets/ipywidgets/issues/2522.
"""


def keep_upload(folder: Path, name: str, content: bytes) -> Path:
    """Write an upload under its own name, or as ``name-1.csv`` if another file has that name.

    Parameters
    ----------
    folder : Path
        The folder to write to.
    name : str
        The name as the browser sent it; folders in it are dropped.
    content : bytes
        At most `MAX_BYTES`.

    Raises
    ------
    DataError
        If it is too large, its name does not have one of the `ENDINGS`, or the folder is not writable.
    """
    kept = plain_name(name)
    if len(content) > MAX_BYTES:
        what = f"The file has {len(content):,} bytes; an upload may have at most {MAX_BYTES:,} (8 MB)."
        raise DataError(kept, [Finding("error", what, "Upload it in JupyterLab's file browser, then choose it here.")])
    if not kept.casefold().endswith(ENDINGS):
        what = f"The file name does not end with {', '.join(ENDINGS)}."
        raise DataError(kept or "The upload", [Finding("error", what, "Save it as CSV and upload that.")])
    try:
        return _write(folder, Path(kept), content)
    except OSError as error:
        what = f"The file cannot be written to {folder}: {error.strerror}."
    remedy = "In the list above, choose a folder that you can write to, then upload again."
    raise DataError(kept, [Finding("error", what, remedy)])


def plain_name(name: str) -> str:
    r"""The last part of a path, without leading dots and unprintable characters.

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
        with path.open("xb") as file:  # "x": a file created in the meantime is not overwritten
            file.write(content)
    return path
