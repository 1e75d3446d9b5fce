"""Reading the files of an archive, a ZIP file or a folder: bounded, strict, and with the line of every fault."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from json import JSONDecoder
from pathlib import Path
from typing import IO, Any, NoReturn

from ..common.findings import Finding
from ..common.plurals import a_type
from ..common.zip_failures import ZIP_FAILURES
from ..errors import ArgumentError, InputError

MAX_MB = 200
"""Unpacked size up to which a file of an archive is read, in megabytes."""
_MOST = 10  # faulty lines in a message
_WHOLE = "Pass the ZIP file or the folder written by run.export(folder)."
_AGAIN = "Create the archive again: run.export(folder)."


def checked_limit(max_mb: float) -> float:
    """The limit, if it is a number of megabytes; ``float("inf")`` is none.

    Raises
    ------
    ValueError
        It is not a number above 0.
    """
    if isinstance(max_mb, bool) or not isinstance(max_mb, int | float) or not max_mb > 0:
        raise ArgumentError(f"max_mb={max_mb!r} is not valid. Pass a number of megabytes above 0.")
    return max_mb


class ArchiveFiles:
    """The files of an archive.

    Parameters
    ----------
    source : Path or bytes
        A ZIP file, the folder of its unpacked files, or the content of a ZIP file.
    max_mb : float
        The largest unpacked size of a file. It is counted while the file is read: a header may name any size.
    """

    def __init__(self, source: Path | bytes, max_mb: float = MAX_MB) -> None:
        self._source, self._max_mb = source, checked_limit(max_mb)
        self._name = "The export" if isinstance(source, bytes) else str(source)

    def refusal(self, *findings: Finding) -> InputError:
        """An InputError about this archive."""
        return InputError(self._name, findings)

    def read(self, name: str) -> str:
        """The text of a file.

        Raises
        ------
        InputError
            It is missing, damaged, encrypted, too large, or not UTF-8.
        """
        try:
            content = self._bytes(name)
        except ZIP_FAILURES as failure:
            reason = type(failure).__name__
            if isinstance(self._source, Path) and not self._source.exists():
                raise self.refusal(Finding("error", "There is no such file or folder.", _WHOLE)) from None
            if isinstance(failure, RuntimeError) and "encrypted" in str(failure):
                reason = "it is encrypted"
        else:
            return self._decoded(name, content)
        raise self.refusal(Finding("error", f"The file {name} cannot be read from the archive ({reason}).", _WHOLE))

    def _bytes(self, name: str) -> bytes:
        if isinstance(self._source, Path) and self._source.is_dir():
            path = self._source / name
            if not path.is_file():  # a pipe or a device would be read forever
                raise FileNotFoundError(name)
            with path.open("rb") as file:
                return self._bounded(name, file)
        if isinstance(self._source, Path) and not self._source.is_file():
            raise FileNotFoundError(str(self._source))
        opened_from = io.BytesIO(self._source) if isinstance(self._source, bytes) else self._source
        with zipfile.ZipFile(opened_from) as opened:
            entry = self._entry(opened, name)
            with opened.open(entry) as file:
                return self._bounded(name, file)

    def _entry(self, opened: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
        """The one entry with a name, at the top or in a folder."""
        infos = opened.infolist()
        found = [each for each in infos if each.filename == name]
        found = found or [each for each in infos if each.filename.endswith(f"/{name}")]
        if not found:
            raise KeyError(name)
        if len(found) > 1:
            what = f"The archive contains {len(found)} files {name}, so it is unclear which one is meant."
            raise self.refusal(Finding("error", what, _AGAIN))
        return found[0]

    def _bounded(self, name: str, file: IO[bytes]) -> bytes:
        limit = int(min(self._max_mb * 1_000_000, sys.maxsize - 1))
        content = file.read(limit + 1)
        if len(content) > limit:
            what = f"The file {name} unpacks to more than {self._max_mb:g} MB."
            raise self.refusal(Finding("error", what, "If that is expected, pass a larger max_mb=.", place=name))
        return content

    def _decoded(self, name: str, content: bytes) -> str:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as failure:
            line = content.count(b"\n", 0, failure.start) + 1
        raise self.refusal(Finding("error", "It is not UTF-8.", _AGAIN, place=f"{name}, line {line}"))

    def lines(self, name: str) -> list[tuple[int, dict[str, Any]]]:
        """The records of a file with one JSON object a line, each with the number of its line, from 1.

        Raises
        ------
        InputError
            Names every faulty line, up to ten.
        """
        # Not splitlines(): it would also split at U+2028 and similar characters inside strings.
        texts = [(number, line) for number, line in enumerate(self.read(name).split("\n"), 1) if line.strip()]
        found, faults = [], []
        for number, line in texts:
            record, fault = _parsed(line)
            if fault:
                faults.append((number, fault))
            else:
                found.append((number, record))
        if faults:
            raise self.refusal(*self.findings(name, faults))
        return found

    def findings(self, name: str, faults: list[tuple[int, str]]) -> Iterator[Finding]:
        """One finding for each faulty line, up to ten."""
        for number, fault in faults[:_MOST]:
            yield Finding("error", fault, _AGAIN, place=f"{name}, line {number}")
        if len(faults) > _MOST:
            yield Finding("error", f"{len(faults) - _MOST} more lines cannot be used.", _AGAIN, place=name)

    def record(self, name: str) -> dict[str, Any]:
        """The one JSON object of a file."""
        record, fault = _parsed(self.read(name))
        if fault:
            raise self.refusal(Finding("error", fault, _AGAIN, place=name))
        return record


def _parsed(text: str) -> tuple[dict[str, Any], str]:
    """The object in a JSON text, and what is wrong with it, or ""."""
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as failure:
        return {}, f"It is not valid JSON: {failure.msg} at character {failure.pos + 1}, as if it were cut or damaged."
    except ValueError as failure:
        return {}, f"It is not valid JSON: {failure}."
    except RecursionError:
        return {}, "It is nested too deeply to be read."
    return (value, "") if isinstance(value, dict) else ({}, f"It is {a_type(value)}, not a JSON object.")


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


_DECODER = JSONDecoder(parse_constant=_no_number)
