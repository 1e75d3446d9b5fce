"""A browser of the folders on the machine where Python runs, to find data there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from ...common.plurals import counted
from ..kit import widgets as w
from ..kit.controls import Guard, button, stack

ENDINGS = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xlsx", ".gz", ".zip")
_MAX_LISTED = 1000


@dataclass(frozen=True)
class Line:
    """One line of the list: a folder or a file."""

    label: str
    path: Path
    is_folder: bool


@dataclass(frozen=True)
class Listing:
    """The folders and readable files of a folder, and a note about it."""

    lines: tuple[Line, ...]
    note: str = ""


def list_folder(folder: Path) -> Listing:
    """The parent, the folders and the files of tables in a folder, by name, without hidden ones.

    For a folder that cannot be read: its parent, and a note.
    """
    up = [Line("../  (parent folder)", folder.parent, True)] if folder.parent != folder else []
    try:
        with os.scandir(folder) as entries:
            found = [line for entry in entries if (line := _line(entry))]
    except OSError as error:
        return Listing(tuple(up), f"This folder cannot be listed: {error.strerror}. Choose another folder.")
    found.sort(key=lambda line: (not line.is_folder, line.label.casefold()))
    return Listing((*up, *found[:_MAX_LISTED]), _note(found))


def _line(entry: os.DirEntry[str]) -> Line | None:
    if entry.name.startswith(".") or not _is_text(entry.name):
        return None
    try:
        if entry.is_dir():
            return Line(f"{entry.name}/", Path(entry.path), True)
        size = entry.stat().st_size
    except OSError:  # deleted in the meantime, or a broken link
        return None
    if not entry.name.casefold().endswith(ENDINGS):
        return None
    return Line(f"{entry.name}  ({readable_size(size)})", Path(entry.path), False)


def _is_text(name: str) -> bool:
    """Whether a name can be sent to the browser; file names need not be valid UTF-8."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _note(found: list[Line]) -> str:
    if len(found) > _MAX_LISTED:
        return f"The first {_MAX_LISTED:,} of {len(found):,} are listed. To use another file, type its path below."
    if not any(not line.is_folder for line in found):
        return f"There is no file to read in this folder ({', '.join(ENDINGS)})."
    return ""


def readable_size(size: int) -> str:
    """A number of bytes as text.

    Examples
    --------
    >>> readable_size(812), readable_size(14_200), readable_size(25_300_000)
    ('812 bytes', '14 kB', '25 MB')
    """
    if size < 1000:
        return counted(size, "byte")
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.0f} MB"


class FolderBrowser:
    """The widgets: the list of a folder, a path field, and a button that opens a folder.

    Parameters
    ----------
    folder : Path
        The folder to list first.
    guard : callable
        Wraps each callback; see `Panel.guard`.

    Attributes
    ----------
    box : ipywidgets.VBox
        All widgets.
    path : ipywidgets.Text
        The path of the chosen file.
    folder : Path
        The folder that is listed.
    """

    def __init__(self, folder: Path, guard: Guard) -> None:
        self.folder = folder
        self._lines: tuple[Line, ...] = ()
        self._where = w.HTML()
        look: dict[str, Any] = {"layout": {"width": "auto", "min_width": "0"}, "style": {"description_width": "3.5em"}}
        self._list = w.Select(description="Files", rows=6, **look)
        hint = "choose above, or type the path of a file"
        self.path = w.Text(description="Path", placeholder=hint, **look)
        self.open = button("Open folder", self._enter, guard, "List the chosen folder")
        self.open.disabled = True
        self.box = stack(self._where, self._list, self.path)
        self._list.observe(guard(self._choose), names="index")
        self.path.observe(guard(self._typed), names="value")
        self.show(folder)

    def show(self, folder: Path) -> None:
        """List a folder."""
        listing = list_folder(folder)
        self.folder, self._lines = folder, ()
        note = f'<br><span class="pnb-muted">{escape(listing.note)}</span>' if listing.note else ""
        # The name of a parent folder may not be valid UTF-8, which messages to the browser require.
        shown = str(folder).encode(errors="replace").decode()
        self._where.value = f'Folder: <bdi class="pnb-words">{escape(shown)}</bdi>{note}'
        self._list.options = [line.label for line in listing.lines]
        self._list.index = None
        # Last: while its options change, the list selects its first line by itself; that is not a choice.
        self._lines = listing.lines

    @property
    def _chosen(self) -> Line | None:
        place = self._list.index
        return self._lines[place] if place is not None and place < len(self._lines) else None

    def _choose(self, _: Any) -> None:
        line = self._chosen
        self.open.disabled = line is None or not line.is_folder
        if line is not None and not line.is_folder:
            self.path.value = as_typed(line.path)

    def _typed(self, _: Any) -> None:
        """List a folder that was typed; a file is only read when the button is clicked."""
        typed = os.path.expanduser(self.path.value.strip())
        if os.path.isdir(typed):
            self.show(Path(os.path.abspath(typed)))

    def _enter(self) -> None:
        line = self._chosen
        if line is not None and line.is_folder:
            self.show(Path(os.path.abspath(line.path)))


def as_typed(path: Path) -> str:
    """The path, relative if it is inside the working folder, so that code stays valid when the folder is moved."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
