"""Columns: their names, and the kind of content in their cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePosixPath
from typing import Literal, get_args
from urllib.parse import urlsplit

from ..common.findings import Finding
from ..common.plurals import counted, numbered
from ..errors import UnknownName

Kind = Literal["text", "image", "audio", "video", "group", "other"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_API_TYPES: dict[Kind, str] = {
    "text": "text",
    "image": "image_url",
    "audio": "audio_url",
    "video": "video_url",
    "group": "task_group_id",
    "other": "text",
}
_EXTENSIONS: dict[Kind, frozenset[str]] = {
    "image": frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".bmp", ".avif"}),
    "audio": frozenset({".aac", ".m4a", ".mp3", ".wav"}),
    "video": frozenset({".mp4", ".webm", ".mov"}),
}
MEDIA: tuple[Kind, ...] = ("image", "audio", "video")
_GROUP_NAMES = frozenset({"task_group_id", "meta_task_group_id"})
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[!-Z^-~]*)?")  # most of them, and faster than urlsplit
_SAMPLE = 1000
# A few invalid URLs must not turn a column of images into text: the checks report them instead.
_MOSTLY = 0.9
_WORD = re.compile(r"[^\W\d_]{2,}")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{6,}")


def api_type(kind: Kind) -> str:
    """The type of a shown column of this kind in Prolific's schema.

    Examples
    --------
    >>> api_type("image"), api_type("other")
    ('image_url', 'text')
    """
    return _API_TYPES[kind]


def place_of(names: Sequence[str], column: str) -> int:
    """The place of a column.

    Raises
    ------
    UnknownName
        If there is no such column.
    """
    if column not in names:
        raise UnknownName(f"There is no column {column!r}. The columns are {', '.join(map(repr, names))}.")
    return names.index(column)


def guess_kind(name: str, cells: Iterable[str]) -> Kind:
    """The kind of a column, guessed from its name and its first 1,000 cells that are not empty.

    A grouping key is recognised by its name only (``task_group_id``, ``META_TASK_GROUP_ID``). Media are absolute
    URLs with the extension of an image, audio or video file. Text is prose: at least half of the cells have three
    words or more.

    Examples
    --------
    >>> guess_kind("photo", ["https://example.org/a.jpg?size=2", ""])
    'image'
    >>> guess_kind("review", ["It broke after a day.", "Lovely."]), guess_kind("id", ["A-17", "B-2"])
    ('text', 'other')
    """
    if name.casefold() in _GROUP_NAMES:
        return "group"
    filled = list(islice((cell for cell in cells if cell.strip()), _SAMPLE))
    if not filled:
        return "other"
    kind, times = Counter(map(_media_kind, filled)).most_common(1)[0]
    if kind and times >= _MOSTLY * len(filled):
        return kind
    return "text" if sum(map(_is_prose, filled)) >= len(filled) / 2 else "other"


def is_url(cell: str) -> bool:
    """Whether a cell is an absolute http or https URL."""
    if _PLAIN_URL.fullmatch(cell):
        return True
    try:
        parts = urlsplit(cell.strip())
    except ValueError:  # such as an unclosed bracket: not a URL
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", cell.strip())


def _media_kind(cell: str) -> Kind | None:
    if not is_url(cell):
        return None
    extension = PurePosixPath(urlsplit(cell.strip()).path).suffix.casefold()
    return next((kind for kind, extensions in _EXTENSIONS.items() if extension in extensions), None)


def _is_prose(cell: str) -> bool:
    # Scripts such as Thai, Khmer, Japanese and Chinese do not put spaces between words.
    return (len(_WORD.findall(cell)) >= 3 and not is_url(cell)) or bool(_UNSPACED.search(cell))


def kinds_of(names: Sequence[str], cells: Sequence[Iterable[str]], given: Mapping[str, str]) -> tuple[Kind, ...]:
    """The kind of each column: as given, or guessed. `cells` are columns; pass `given` to `check_kinds` first."""
    known: dict[str, Kind] = {kind: kind for kind in KINDS}
    return tuple(
        known[given[name]] if name in given else guess_kind(name, column)
        for name, column in zip(names, cells, strict=True)
    )


def check_kinds(names: Sequence[str], given: Mapping[str, str]) -> Iterator[Finding]:
    """Problems in the `kinds` that the caller passed."""
    for name, kind in given.items():
        if name not in names:
            remedy = f"The columns are {', '.join(map(repr, names))}."
            yield Finding("error", "kinds= names a column that is not in the data.", remedy, column=name)
        if kind not in KINDS:
            remedy = f"Use one of {', '.join(KINDS)}."
            yield Finding("error", f"kinds= has the unknown kind {kind!r}.", remedy, column=name)


def tidy_names(header: Sequence[object]) -> tuple[list[str], list[Finding]]:
    """Column names as strings without surrounding white space, and the findings about them.

    Parameters
    ----------
    header : sequence
        As in the file or the DataFrame; in a DataFrame they may be of any type.
    """
    names = [str(name).strip() for name in header]
    findings = [*_changed(header, names), *_unusable(names)]
    return names, findings


def _changed(header: Sequence[object], names: Sequence[str]) -> Iterator[Finding]:
    for before, name in zip(header, names, strict=True):
        if not isinstance(before, str):
            yield Finding("note", f"The column name {before!r} was converted to the string {name!r}.", "", column=name)
        elif before != name:
            yield Finding("note", "White space around the column name was removed.", "", column=name)


def _unusable(names: Sequence[str]) -> Iterator[Finding]:
    positions: dict[str, list[int]] = {}
    for position, name in enumerate(names, 1):
        positions.setdefault(name, []).append(position)
    for name, found in positions.items():
        where = f"{numbered('column', found)} from the left"
        if not name:
            remedy = "Name it in the first row, or pass header_rows=0 if that row is data."
            yield Finding("error", f"{counted(len(found), 'column')} without a name.", remedy, row=1, place=where)
        elif len(found) > 1:
            what = f"{len(found)} columns have the same name."
            remedy = "Give every column its own name, or pass header_rows=0 if the first row is data."
            yield Finding("error", what, remedy, row=1, column=name, place=where)


def free_names(names: Sequence[str], taken: Sequence[str]) -> list[str]:
    """The names, with the prefix ``row_`` for names that are taken or repeated."""
    free: list[str] = []
    for name in names:
        while name in taken or name in free:
            name = f"row_{name}"
        free.append(name)
    return free
