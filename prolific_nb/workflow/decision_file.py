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


class DecisionFile:
    """A file of JSON lines, readable by its owner only; made with its folder by the first line.

    A line that a kill cut short was never confirmed: reading skips it, and the next writer removes it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, line: Line) -> None:
        """Add a line, and return when it is on disk.

        Raises
        ------
        LedgerError
            It could not be written; the file is as before. `LedgerBusy`: another program held the file all the time.
        """
        text = json.dumps(dict(line)).encode() + b"\n"  # ASCII: also what UTF-8 cannot encode is kept
        with machine_lock(f"decisions {self.path}", "writing an adjudication", patience=_PATIENCE), self._naming():
            new = not self.path.exists()
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(self.path, "a+b", buffering=0, opener=_private) as file:
                _end_last_line(file)
                _write_whole(file, text)
            if new:
                _sync_folder(self.path.parent)

    def lines(self) -> list[dict[str, Any]]:
        """All whole lines, in the order in which they were written.

        Raises
        ------
        LedgerError
            The file cannot be read, or a line before the last one is damaged; the message names it.
        """
        with self._naming():
            content = self.path.read_bytes() if self.path.exists() else b""
        *whole, last = content.split(b"\n")
        read = [self._record(number, text) for number, text in enumerate(whole, 1)]
        return read if _parsed(last) is None else [*read, json.loads(last)]

    def _record(self, number: int, text: bytes) -> dict[str, Any]:
        found = _parsed(text)
        if found is None:
            raise LedgerError(
                f"Line {number} of {self.path} is damaged, so the adjudications cannot be read. Remove the line with "
                "a text editor, or rename the file to begin anew."
            )
        return found

    @contextmanager
    def _naming(self) -> Iterator[None]:
        try:
            yield
        except OSError as failure:
            raise LedgerError(
                f"The file of adjudications {self.path} cannot be used ({failure.strerror or failure}); what was given "
                "now is not kept. Check the folder, its rights and the free space, then repeat it."
            ) from None

    def __repr__(self) -> str:
        return f"DecisionFile({str(self.path)!r})"


class DecisionList:
    """The same in memory, for runs whose ledger is in memory."""

    def __init__(self) -> None:
        self._lines: list[dict[str, Any]] = []

    def append(self, line: Line) -> None:
        """Add a line."""
        self._lines.append(dict(line))

    def lines(self) -> list[dict[str, Any]]:
        """All lines, in order."""
        return list(self._lines)

    def __repr__(self) -> str:
        return "DecisionList()"


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
    file.seek(0)
    rest = file.read().rpartition(b"\n")[2]
    if not rest:
        return
    if _parsed(rest) is None:
        file.truncate(file.tell() - len(rest))
    else:
        file.write(b"\n")


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
