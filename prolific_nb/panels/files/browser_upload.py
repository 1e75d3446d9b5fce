"""Writes a file that arrives from the browser in pieces to a folder, so that code can read it again."""

from __future__ import annotations

import filecmp
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from ...common.findings import Finding
from ...errors import DataError
from .file_browser import ENDINGS, readable_size

MAX_BYTES = 2**30
"""Largest upload in bytes: as much as `read_data` unpacks."""


class Upload:
    """A file that is being copied; it appears under its own name, or as ``name-1.csv`` if another file has that name.

    Parameters
    ----------
    folder : Path
        The folder to write to.
    name : str
        The name as the browser sent it; folders in it are dropped.
    size : int
        The number of bytes that will arrive, at most `MAX_BYTES`.

    Raises
    ------
    DataError
        If it is too large, its name does not have one of the `ENDINGS`, or the folder is not writable.
    """

    def __init__(self, folder: Path, name: str, size: int) -> None:
        self.name, self.size, self.written = plain_name(name), size, 0
        self._folder = folder
        if size > MAX_BYTES:
            what = f"The file has {size:,} bytes; an upload may have at most {MAX_BYTES:,}."
            raise self._refusal(what, "Copy it to this machine in another way, then choose it in the list.")
        if not self.name.casefold().endswith(ENDINGS):
            raise self._refusal(f"The file name does not end with {', '.join(ENDINGS)}.", "Save it as CSV first.")
        try:
            with suppress(FileNotFoundError):
                (folder / self.name).lstat()  # a name that the folder cannot hold is refused before the content
            descriptor, self._part = tempfile.mkstemp(dir=folder, prefix=".pnb-", suffix=".part")
            self._file = os.fdopen(descriptor, "wb")
        except OSError as error:
            raise self._not_written(error) from None

    def add(self, offset: int, piece: bytes | memoryview) -> int:
        """Write the next piece; returns where the one after it begins.

        Raises
        ------
        DataError
            If it is not the next one, is too long, or cannot be written.
        """
        if offset != self.written or self.written + len(piece) > self.size:
            raise self._refusal("A part of the file was lost on its way.", "Choose the file again.")
        try:
            self._file.write(piece)
        except OSError as error:
            raise self._not_written(error) from None
        self.written += len(piece)
        return self.written

    def finish(self) -> Path:
        """Put the file in its place; a file with this name and content is used instead.

        Raises
        ------
        DataError
            If bytes are missing, or it cannot be written.
        """
        try:
            if self.written != self.size:
                raise self._refusal(f"{self.size - self.written:,} bytes are missing.", "Choose the file again.")
            self._file.close()
            return self._placed(Path(self._part))
        except OSError as error:
            raise self._not_written(error) from None
        finally:
            self.cancel()

    def cancel(self) -> None:
        """Delete what has been written, unless it is in its place already."""
        self._file.close()
        Path(self._part).unlink(missing_ok=True)

    def _placed(self, part: Path) -> Path:
        for path in self._names():
            if path.is_file() and filecmp.cmp(path, part, shallow=False):
                return path
            try:
                path.open("xb").close()  # "x": a file that exists, or is created at this moment, is not overwritten
            except FileExistsError:
                continue
            part.chmod(path.stat().st_mode)  # temporary files are readable by their owner only
            os.replace(part, path)
            return path
        raise AssertionError("The names never end.")

    def _names(self) -> Iterator[Path]:
        name = Path(self.name)
        yield self._folder / name
        for number in count(1):
            yield self._folder / f"{name.stem}-{number}{name.suffix}"

    def _refusal(self, what: str, remedy: str) -> DataError:
        return DataError(self.name or "The upload", [Finding("error", what, remedy)])

    def _not_written(self, error: OSError) -> DataError:
        what = f"The file cannot be written to {self._folder}: {error.strerror}."
        return self._refusal(what, "In the list of files, choose a folder that you can write to, then try again.")

    def __str__(self) -> str:
        return f"{self.name} ({readable_size(self.size)})"


def plain_name(name: str) -> str:
    r"""The last part of a path, without leading dots and unprintable characters.

    Examples
    --------
    >>> plain_name("../../etc/reviews.csv"), plain_name("C:\\fakepath\\.reviews\0.csv")
    ('reviews.csv', 'reviews.csv')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable()).strip().lstrip(".")
