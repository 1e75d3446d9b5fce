"""JSON lines in a file that only grows: each line is on disk before the call returns, one writer at a time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ..errors import LedgerError
from ..study.machine_lock import machine_lock

Line = Mapping[str, Any]
_PATIENCE = 30.0  # seconds; another writer needs a few milliseconds
_BLOCK = 1 << 16  # bytes
_TAIL = 200  # bytes: with its ID and its time a line is like no other


class LineFile:
    """A file of JSON lines, readable by its owner only; made with its folder by the first line.

    A line that a kill cut short was never confirmed: reading skips it, and the next writer removes it.

    Parameters
    ----------
    path : Path
        Of the file.
    content : str
        What the lines are, in the plural, for messages.
    """

    def __init__(self, path: Path, content: str) -> None:
        self.path, self.content = path, content

    def append(self, *lines: Line, first: Line | None = None) -> None:
        """Add lines, and return when they are on disk.

        Parameters
        ----------
        *lines : mapping
            JSON objects.
        first : mapping, optional
            The line before them where the file is new or empty.

        Raises
        ------
        LedgerError
            They could not be written; the file is as before. `LedgerBusy`: another program held the file all the time.
        """
        name = f"lines {os.path.realpath(self.path)}"
        with machine_lock(name, f"writing {self.content}", patience=_PATIENCE), self._naming():
            new = not self.path.exists()
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(self.path, "a+b", buffering=0, opener=_private) as file:
                _end_last_line(file)
                opening = first is not None and file.seek(0, os.SEEK_END) == 0
                _write_whole(file, b"".join(map(_encoded, (first, *lines) if first is not None and opening else lines)))
            if new:
                _sync_folder(self.path.parent)

    def lines(self) -> list[dict[str, Any]]:
        """All whole lines, in the order in which they were written.

        Raises
        ------
        LedgerError
            The file cannot be read, or a line before the last one is damaged; the message names it.
        """
        return LineReader(self).new_lines()

    def read(self, start: int = 0, size: int = -1) -> bytes:
        """The bytes of the file from `start` on, by default all; none if there is no file."""
        with self._naming():
            try:
                with self.path.open("rb") as file:
                    file.seek(start)
                    return file.read(size)
            except FileNotFoundError:
                return b""

    def identity(self) -> tuple[int, int, int] | None:
        """Device, number and size of the file; None if there is none."""
        with self._naming():
            try:
                found = self.path.stat()
            except FileNotFoundError:
                return None
            return found.st_dev, found.st_ino, found.st_size

    @contextmanager
    def _naming(self) -> Iterator[None]:
        try:
            yield
        except OSError as failure:
            raise LedgerError(
                f"The file of {self.content} {self.path} cannot be used ({failure.strerror or failure}); what was "
                "given now is not kept. Check the folder, its rights and the free space, then repeat it."
            ) from None

    def __repr__(self) -> str:
        return f"LineFile({str(self.path)!r})"


class LineReader:
    """Reads a file that grows: each call returns the lines that were added since the last one.

    Parameters
    ----------
    file : LineFile
        Other programs may write to it.
    """

    def __init__(self, file: LineFile) -> None:
        self._file = file
        self._seen: tuple[int, int, int] | None = None
        self._end = self._number = 0  # bytes, and lines, that were read
        self._tail = b""  # the last bytes that were read
        self._unended = False  # whether the last line that was read lacks its newline

    @property
    def replaced(self) -> bool:
        """Whether the file is not the one that was read with more lines, so that it must be read anew."""
        found = self._file.identity()
        if found == self._seen or self._seen is None:
            return False
        same = found is not None and found[:2] == self._seen[:2] and found[2] >= self._end
        return not same or self._file.read(self._end - len(self._tail), len(self._tail)) != self._tail

    def new_lines(self) -> list[dict[str, Any]]:
        """The lines after those that were read already; errors as those of `LineFile.lines`."""
        found = self._file.identity()
        if found is None or found[2] == self._end:
            return []
        self._seen, content = found, self._file.read(self._end)
        if self._unended and content.startswith(b"\n"):
            self._end, self._tail, content = self._end + 1, self._tail + b"\n", content[1:]
        *whole, rest = content.split(b"\n")
        lines = [self._record(number, text) for number, text in enumerate(whole, self._number + 1)]
        last = _parsed(rest)
        self._unended = last is not None
        read = len(content) - (0 if self._unended else len(rest))
        self._end, self._tail = self._end + read, (self._tail + content[:read])[-_TAIL:]
        self._number += len(whole) + self._unended
        return lines if last is None else [*lines, last]

    def _record(self, number: int, text: bytes) -> dict[str, Any]:
        found = _parsed(text)
        if found is None:
            raise LedgerError(
                f"Line {number} of {self._file.path} is damaged, so the {self._file.content} cannot be read. Remove "
                "the line with a text editor, or rename the file to begin anew."
            )
        return found


class LineList:
    """The same as a `LineFile` in memory, for runs whose ledger is in memory."""

    def __init__(self) -> None:
        self._lines: list[dict[str, Any]] = []

    def append(self, line: Line) -> None:
        """Add a line."""
        self._lines.append(dict(line))

    def lines(self) -> list[dict[str, Any]]:
        """All lines, in order."""
        return list(self._lines)

    def __repr__(self) -> str:
        return "LineList()"


def _encoded(line: Line) -> bytes:
    return json.dumps(dict(line)).encode() + b"\n"  # ASCII: also what UTF-8 cannot encode is kept


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _parsed(text: bytes) -> dict[str, Any] | None:
    """The record of a line; None for a part of one, which is never a whole JSON object."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _end_last_line(file: IO[bytes]) -> None:
    """End a last line that lacks only its newline; remove one that was cut short."""
    rest = _after_last_newline(file)
    if not rest:
        return
    if _parsed(rest) is None:
        file.truncate(file.seek(0, os.SEEK_END) - len(rest))
    else:
        file.write(b"\n")


def _after_last_newline(file: IO[bytes]) -> bytes:
    """The end of the file, read backwards: a long file is not read for each line that is added."""
    start, rest = file.seek(0, os.SEEK_END), b""
    while start and b"\n" not in rest:
        size = min(_BLOCK, start)
        start = file.seek(start - size)
        rest = file.read(size) + rest
    return rest.rpartition(b"\n")[2]


def _write_whole(file: IO[bytes], text: bytes) -> None:
    before = file.seek(0, os.SEEK_END)
    try:
        written = 0
        while written < len(text):  # a write without a buffer may take a part only
            written += file.write(text[written:])
        os.fsync(file.fileno())
    except OSError:
        file.truncate(before)
        raise


def _sync_folder(folder: Path) -> None:
    """The name of a new file survives a power cut too; Windows has no such call."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
