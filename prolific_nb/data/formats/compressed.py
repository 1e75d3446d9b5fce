"""Compressed files: gzip, bzip2, xz, and ZIP archives of one file."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any

from ...common.findings import Finding
from ...common.plurals import counted
from .unreadable import unreadable

MOST_BYTES = 2**30
"""At most this much is unpacked: a few kilobytes can unpack to more than the memory of the machine."""
ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_Stream = tuple[str, Callable[[IO[bytes]], Any]]
_STREAMS: dict[bytes, _Stream] = {
    b"\x1f\x8b\x08": ("gzip", lambda file: gzip.GzipFile(fileobj=file)),
    b"BZh": ("bzip2", bz2.BZ2File),
    b"\xfd7zXZ\0": ("xz", lzma.LZMAFile),
}
_MEMBERS = (  # a file that only this kind of archive has, what it is, and the remedy
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)", "Save it as .xlsx or as CSV (UTF-8)."),
    ("word/document.xml", "a Word document", "Save the table in it as CSV (UTF-8)."),
    ("ppt/presentation.xml", "a PowerPoint presentation", "Save the table in it as CSV (UTF-8)."),
    ("Index/Document.iwa", "an Apple Numbers document", "Export it as CSV (UTF-8) or Excel from Numbers."),
    ("META-INF/manifest.xml", "an OpenDocument file, such as .ods", "Save it as .xlsx or as CSV (UTF-8)."),
)
_MOST_NAMES = 10
_ENOUGH = 512  # bytes in which the format shows


def unpacked(raw: bytes) -> tuple[bytes, list[Finding]]:
    """The content of a compressed file, with a note; other bytes and Excel workbooks as they are.

    Raises
    ------
    Unreadable
        If the file is damaged, too large, protected, or contains several files.
    """
    if stream := _stream_of(raw):
        name, opened = stream
        return _unpacked_stream(raw, name, opened), [Finding("note", f"Unpacked with {name}.", "")]
    if raw.startswith((ZIP, _EMPTY_ZIP)):
        return _archive(raw)
    return raw, []


def is_packed(raw: bytes) -> bool:
    """Whether `unpacked` would unpack these bytes, or the file is an archive of another kind."""
    return bool(_stream_of(raw)) or raw.startswith((ZIP, _EMPTY_ZIP)) or raw[257:262] == b"ustar"


def _stream_of(raw: bytes) -> _Stream | None:
    """The compression of a file, by its first bytes."""
    found = next((stream for start, stream in _STREAMS.items() if raw.startswith(start)), None)
    # A CSV may begin with the three letters of bzip2.
    return None if found and found[0] == "bzip2" and raw[4:10] != b"1AY&SY" else found


def head_of(file: IO[bytes], size: int) -> bytes:
    """The first bytes of a file, unpacked if it is compressed; of a workbook, its first packed bytes.

    Raises
    ------
    Unreadable
        If an archive does not hold one file.
    OSError, EOFError, zlib.error, lzma.LZMAError
        If it is damaged.
    """
    start = file.read(_ENOUGH)
    file.seek(0)
    if stream := _stream_of(start):
        with stream[1](file) as inner:
            return bytes(inner.read(size))
    if not start.startswith((ZIP, _EMPTY_ZIP)):
        return file.read(size)
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if not _is_litter(name)]
        if "xl/workbook.xml" in names:
            return start
        if len(names) != 1:
            raise unreadable("The archive does not hold exactly one file.", "Unpack it and choose one file.")
        with archive.open(names[0]) as inner:
            return inner.read(size)


def checked_size(archive: zipfile.ZipFile) -> None:
    """Refuse an archive whose files would need too much memory."""
    if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
        raise _too_large()


def _too_large() -> Exception:
    what = f"It unpacks to more than {MOST_BYTES // 2**20:,} MB."
    return unreadable(what, "Check that it is the right file; if it is, unpack it and split it into smaller files.")


def _unpacked_stream(raw: bytes, name: str, opened: Callable[[IO[bytes]], Any]) -> bytes:
    try:
        with opened(BytesIO(raw)) as file:
            content: bytes = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
        what = f"The {name} file is damaged or incomplete: {error}."
        raise unreadable(what, "Download or copy it again.") from None
    if len(content) > MOST_BYTES:
        raise _too_large()
    return content


def _archive(raw: bytes) -> tuple[bytes, list[Finding]]:
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return raw, []
            for member, kind, remedy in _MEMBERS:
                if member in names:
                    raise unreadable(f"The file is {kind}.", remedy)
            checked_size(archive)
            return _only_file(archive)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError) as error:
        what = f"The ZIP archive is damaged or incomplete: {error}."
        raise unreadable(what, "Download or copy it again.") from None
    except NotImplementedError as error:  # zipfile: a compression or an encryption that Python does not have
        what = f"The ZIP archive cannot be unpacked: {error}."
        raise unreadable(what, "Unpack it with another program and pass the path of the file in it.") from None


def _only_file(archive: zipfile.ZipFile) -> tuple[bytes, list[Finding]]:
    members = [member for member in archive.infolist() if not member.is_dir() and not _is_litter(member.filename)]
    if not members:
        raise unreadable("The ZIP archive contains no file.", "Pass the path of a CSV, JSON or Excel file.")
    if len(members) > 1:
        listed = ", ".join(repr(member.filename) for member in members[:_MOST_NAMES])
        more = f" and {len(members) - _MOST_NAMES} more" if len(members) > _MOST_NAMES else ""
        what = f"The ZIP archive contains {counted(len(members), 'file')}: {listed}{more}."
        remedy = "Unpack it and pass the path of one of them, or a list of paths: read_data([path, path])."
        raise unreadable(what, remedy)
    if members[0].flag_bits & 1:
        remedy = "Unpack it with the password and pass the path of the file in it."
        raise unreadable("The ZIP archive is protected by a password.", remedy)
    note = Finding("note", f"Read {members[0].filename!r} from the ZIP archive.", "")
    return archive.read(members[0]), [note]


def _is_litter(name: str) -> bool:
    """Whether an operating system added this file to the archive."""
    path = PurePosixPath(name)
    return path.parts[:1] == ("__MACOSX",) or path.name.startswith("._") or path.name in (".DS_Store", "Thumbs.db")
