"""Choosing a file: drop one, pick one in a folder of this machine, type its path, or take the sample."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...errors import DataError
from ..kit.controls import Guard, button, row, stack
from .browser_upload import Upload
from .drop_zone import DropZone
from .file_browser import FolderBrowser, as_typed


class FileChooser:
    """The widgets.

    Parameters
    ----------
    folder : Path
        The folder to list first; dropped files are copied to the folder that is listed.
    guard : callable
        `Panel.guard`.
    use, sample : callable
        Called when the file of the path, or the sample, is to be used.
    copied : callable
        Called with the path of a file that was dropped.
    refused : callable
        Called with the `DataError` of a file that could not be copied.

    Attributes
    ----------
    path : ipywidgets.Text
    use, sample : ipywidgets.Button
    box : ipywidgets.VBox
    """

    def __init__(
        self,
        folder: Path,
        guard: Guard,
        *,
        use: Callable[[], Any],
        sample: Callable[[], Any],
        copied: Callable[[str], Any],
        refused: Callable[[DataError], Any],
    ) -> None:
        self._browser = FolderBrowser(folder, guard)
        self._copied = guard(copied)
        self.path = self._browser.path
        self.use = button("Use this file", use, guard, "Read the file of this path")
        self.zone = DropZone(self._begin, self._arrived, guard(refused))
        self.sample = button("Use the sample", sample, guard, "120 short product reviews")
        self.box = stack(self.zone, self._browser.box, row(self.use, self._browser.open, self.sample))

    def _begin(self, name: str, size: int) -> Upload:
        return Upload(self._browser.folder, name, size)

    def _arrived(self, path: Path) -> None:
        self._browser.show(path.parent)
        self.path.value = as_typed(path)
        self._copied(as_typed(path))
