"""The export of a batch: request, wait, download, and unpack without overwriting other files."""

from __future__ import annotations

import io
import json
import zipfile
from os import PathLike
from pathlib import Path, PurePosixPath, PureWindowsPath

from ...api import Client, Record
from ...api.polling import wait_until
from ...errors import Forbidden, NotFound, Rejected, StepFailed

_BATCH = "batch.json"
_MAX_BYTES = 20 << 30  # unpacked size; a larger archive could fill the disk
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


def unpack(archive: bytes, folder: str | PathLike[str], batch_id: str) -> Path:
    """Unpack an export into a folder that is new, empty, or holds an earlier export of the same batch.

    Parameters
    ----------
    archive : bytes
        The ZIP file.
    folder : path
        Created if it does not exist.
    batch_id : str
        The exported batch.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    FileExistsError
        The folder holds something else; nothing was written.
    StepFailed
        The archive contains paths outside the folder, or is too large; nothing was written.
    """
    target = Path(folder).expanduser()
    _refuse_other_content(target, batch_id)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        _refuse_unsafe(opened)
        target.mkdir(parents=True, exist_ok=True)
        opened.extractall(target)
    return target


def _refuse_other_content(target: Path, batch_id: str) -> None:
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    try:
        known = json.loads((target / _BATCH).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    if not isinstance(known, dict) or known.get("id") != batch_id:
        raise FileExistsError(
            f"{target} exists and is not an earlier export of batch {batch_id}. Nothing was written. "
            "Choose a folder that is empty or does not exist."
        )


def _refuse_unsafe(opened: zipfile.ZipFile) -> None:
    entries = opened.infolist()
    # A symbolic link or a path with ".." could write to any folder of this user.
    bad = [entry.filename for entry in entries if _is_outside(entry.filename) or entry.external_attr >> 28 == 0xA]
    if bad:
        raise StepFailed(
            f"The export contains paths outside its folder: {', '.join(map(repr, bad))}. Nothing was unpacked."
        )
    size = sum(entry.file_size for entry in entries)
    if size > _MAX_BYTES:
        raise StepFailed(f"The export would unpack to {size:,} bytes, more than {_MAX_BYTES:,}. Nothing was unpacked.")


def _is_outside(name: str) -> bool:
    paths = PurePosixPath(name), PureWindowsPath(name)
    return any(path.is_absolute() or ".." in path.parts or path.drive for path in paths)
