"""A place to drop a file on: it is copied to this machine piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ...errors import DataError
from .browser_upload import Upload
from .file_browser import ENDINGS

_STATIC = Path(__file__).parent / "static"


class DropZone(anywidget.AnyWidget):
    """Takes one file at a time from the browser, by drop or by a button that chooses it.

    The browser sends ``begin``, then pieces, then ``end``; Python answers each with where the next piece begins, or
    with how it ended. Several views may send at once: every message has the id of its file.

    Parameters
    ----------
    begin : callable
        Called with the name and the size in bytes; returns the `Upload` to write to, or raises `DataError`.
    finished : callable
        Called with the path of each file that has arrived.
    failed : callable
        Called with the `DataError` of each file that is refused.
    """

    # A string, not a Path: anywidget watches the file of a Path, and a watched widget is never garbage-collected.
    _esm = (_STATIC / "drop_zone.js").read_text(encoding="utf-8")
    _css = (_STATIC / "drop_zone.css").read_text(encoding="utf-8")

    accept = traitlets.List(traitlets.Unicode(), list(ENDINGS)).tag(sync=True)

    def __init__(
        self,
        begin: Callable[[str, int], Upload],
        finished: Callable[[Path], None],
        failed: Callable[[DataError], None],
    ) -> None:
        super().__init__()
        self._begin, self._finished, self._failed = begin, finished, failed
        self._uploads: dict[str, Upload] = {}
        self.on_msg(self._received)

    def close(self) -> None:
        """Delete what has arrived of unfinished files, and close the widget."""
        for upload in list(self._uploads.values()):
            upload.cancel()
        self._uploads.clear()
        super().close()

    def _received(self, _: Any, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        act = {"begin": self._start, "piece": self._add, "end": self._end, "cancel": self._cancel}[content["kind"]]
        upload_id = str(content["id"])
        try:
            act(upload_id, content, buffers)
        except DataError as refusal:
            self._cancel(upload_id)
            self.send({"kind": "refused", "id": upload_id, "words": "The file was not copied."})
            self._failed(refusal)

    def _start(self, upload_id: str, content: dict[str, Any], _: Any) -> None:
        self._uploads[upload_id] = self._begin(str(content["name"]), int(content["size"]))
        self.send({"kind": "next", "id": upload_id, "offset": 0})

    def _add(self, upload_id: str, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        upload = self._uploads.get(upload_id)
        if upload is not None:  # otherwise it was cancelled in the meantime
            offset = upload.add(int(content["offset"]), buffers[0])
            self.send({"kind": "next", "id": upload_id, "offset": offset})

    def _end(self, upload_id: str, *_: Any) -> None:
        upload = self._uploads.get(upload_id)
        if upload is not None:
            path = upload.finish()
            del self._uploads[upload_id]
            self.send({"kind": "done", "id": upload_id, "words": f"Copied {path.name}."})
            self._finished(path)

    def _cancel(self, upload_id: str, *_: Any) -> None:
        upload = self._uploads.pop(upload_id, None)
        if upload is not None:
            upload.cancel()
