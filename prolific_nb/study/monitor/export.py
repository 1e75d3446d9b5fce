"""The export of a batch: request, wait, download, and unpack without overwriting other files."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path, PurePosixPath, PureWindowsPath
from uuid import uuid4

from ...api import Client, Record
from ...api.polling import wait_until
from ...common.arguments import require_path
from ...common.zip_failures import ZIP_FAILURES
from ...errors import FolderInUse, Forbidden, InputError, NotFound, Rejected, StepFailed

_BATCH = "batch.json"
MAX_MB = 4000
"""Unpacked size of an export in megabytes; a larger one could fill the disk."""
_CHUNK, _SHOWN = 1 << 20, 5
_NOTHING = "Nothing was written."
_EXPIRED = (Forbidden, Rejected, NotFound)  # storage's responses for an expired URL


def fetch_archive(client: Client, batch_id: str) -> bytes:
    """The ZIP file of a new export.

    Raises
    ------
    StepFailed
        The server could not create it.
    """
    job = client.batches.request_export(batch_id)
    ident = job.get("export_id")
    for last in (False, True):
        if ident is not None:
            job = _finished(client, batch_id, ident)
        if job.get("status") != "complete":
            raise StepFailed(f"The export of batch {batch_id} ended {job.get('status')!r}. Call run.export(...) again.")
        try:
            return client.batches.download_export(job)
        except _EXPIRED:
            if last:
                raise
        if ident is None:  # completed at once: a new request returns a new URL
            job = client.batches.request_export(batch_id)
            ident = job.get("export_id")
    raise AssertionError("the second attempt returns or raises")


def _finished(client: Client, batch_id: str, export_id: str) -> Record:
    return wait_until(
        lambda: client.batches.export_job(batch_id, export_id),
        lambda seen: seen.status != "generating",
        what="The export",
        every=client.pace.job,
    )


def unpack(
    archive: bytes,
    folder: str | PathLike[str],
    batch_id: str,
    *,
    max_mb: float = MAX_MB,
    check: Callable[[Path], object] = lambda _: None,
) -> Path:
    """Unpack an export into a folder that is new, empty, or holds an earlier export of the same batch.

    Everything is unpacked beside the folder first and moved into it at the end, so nothing is ever half-written.

    Parameters
    ----------
    archive : bytes
        The ZIP file.
    folder : path
        Created if it does not exist.
    batch_id : str
        The exported batch.
    max_mb : float
        The largest size of all files together, in megabytes; counted while unpacking.
    check : callable
        Examines the unpacked files before they are moved; an InputError that it raises is a fault of the archive.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    FolderInUse
        The folder holds something else; nothing was written.
    StepFailed
        The archive is damaged, contains paths outside the folder, or is too large; nothing was written.
    """
    target = require_path("folder", folder)
    _refuse_other_content(target, batch_id)
    with _beside(target) as partial:
        try:
            _extract(archive, partial, max_mb)
            _refuse_other_batch(partial, batch_id)
            check(partial)
            _move(partial, target)
            return target
        except (*ZIP_FAILURES, InputError) as failure:
            reason = f"{failure}".rstrip(".") or type(failure).__name__
    raise StepFailed(f"The export of batch {batch_id} cannot be unpacked: {reason}. {_NOTHING} Call run.export again.")


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A new folder beside another one, which is removed in the end, with parents that were created for it."""
    missing = [each for each in target.parents if not each.exists()]
    partial = target.parent / f".{target.name}.{uuid4().hex[:8]}.partial"
    try:
        try:
            partial.mkdir(parents=True)
        except OSError as failure:
            reason = failure.strerror or type(failure).__name__
        else:
            reason = ""
        if reason:
            raise StepFailed(f"The folder {target} cannot be written ({reason}). {_NOTHING} Choose another one.")
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        for each in missing:  # innermost first; those that hold the export by now stay
            with suppress(OSError):
                each.rmdir()


def _extract(archive: bytes, folder: Path, max_mb: float) -> None:
    left = max_mb * 1_000_000
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        _refuse_unsafe(opened)
        for entry in opened.infolist():
            path = folder / PurePosixPath(entry.filename)
            if entry.is_dir():
                path.mkdir(parents=True, exist_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(entry) as source, path.open("xb") as file:
                while chunk := source.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise StepFailed(
                            f"The export would unpack to more than {max_mb:g} MB. {_NOTHING} If that is expected, "
                            "pass a larger limit: run.export(folder, max_mb=...)."
                        )
                    file.write(chunk)


def _move(partial: Path, target: Path) -> None:
    """Move all files, replacing those of an earlier export; other files of the folder stay."""
    if not target.exists():
        partial.replace(target)
        return
    moves = [(file, target / file.relative_to(partial)) for file in sorted(partial.rglob("*")) if file.is_file()]
    inside = target.resolve()
    for _, path in moves:  # all are checked before the first one is moved
        if (
            path.is_dir()
            or not path.parent.resolve().is_relative_to(inside)
            or any(each.is_file() for each in path.parents)
        ):
            raise StepFailed(
                f"{path} is in the way of the export, or leads out of its folder. {_NOTHING} Remove it, or choose "
                "another folder."
            )
    for file, path in moves:
        path.parent.mkdir(parents=True, exist_ok=True)
        file.replace(path)


def _refuse_other_content(target: Path, batch_id: str) -> None:
    try:
        if not target.exists() or (target.is_dir() and not any(target.iterdir())):
            return
    except (OSError, ValueError) as failure:
        reason = str(failure)
    else:
        reason = ""
    if reason:
        raise StepFailed(f"The folder {str(target)!r} cannot be used ({reason}). {_NOTHING} Choose another one.")
    if _batch_in(target) != batch_id:
        raise FolderInUse(
            f"{target} exists and is not an earlier export of batch {batch_id}. Nothing was written. "
            "Choose a folder that is empty or does not exist."
        )


def _refuse_other_batch(unpacked: Path, batch_id: str) -> None:
    found = _batch_in(unpacked)
    if found is not None and found != batch_id:
        raise StepFailed(
            f"The export is that of batch {found!r}, not of batch {batch_id}. {_NOTHING} Call run.export again."
        )


def _batch_in(folder: Path) -> object:
    """The ID of the batch that the files of an export are about; None where they do not say."""
    try:
        known = json.loads((folder / _BATCH).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return known.get("id") if isinstance(known, dict) else None


def _refuse_unsafe(opened: zipfile.ZipFile) -> None:
    entries = opened.infolist()
    # A symbolic link or a path with ".." could write to any folder of this user.
    bad = [entry.filename for entry in entries if _is_outside(entry.filename) or entry.external_attr >> 28 == 0xA]
    if bad:
        raise StepFailed(
            f"The export contains paths outside its folder: {', '.join(map(repr, bad[:_SHOWN]))}. Nothing was unpacked."
        )
    if odd := [entry.orig_filename for entry in entries if not entry.orig_filename.isprintable()]:
        raise StepFailed(
            f"The export contains file names with control characters: {', '.join(map(repr, odd[:_SHOWN]))}. "
            "Nothing was unpacked."
        )
    times = Counter(str(PurePosixPath(entry.filename)) for entry in entries)
    if repeated := [name for name, count in times.items() if count > 1]:
        raise StepFailed(
            f"The export contains several files of one name: {', '.join(map(repr, repeated[:_SHOWN]))}. "
            "Nothing was unpacked. Call run.export again."
        )
    if locked := [entry.filename for entry in entries if entry.flag_bits & 1]:
        raise StepFailed(f"The export is encrypted: {', '.join(map(repr, locked[:_SHOWN]))}. Nothing was unpacked.")


def _is_outside(name: str) -> bool:
    paths = PurePosixPath(name), PureWindowsPath(name)
    return any(path.is_absolute() or ".." in path.parts or path.drive for path in paths)
