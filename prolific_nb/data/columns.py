"""What each column is: its name, and what its cells hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePosixPath
from typing import Literal, get_args
from urllib.parse import urlsplit

from ..common.findings import Finding
from ..common.plurals import counted, numbered

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
_SAMPLE = 1000
# A few broken addresses must not turn a column of pictures into text: they are to be found instead.
_MOSTLY = 0.9
_WORD = re.compile(r"[^\W\d_]{2,}")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{6,}")


def api_type(kind: Kind) -> str:
    """The type that a shown column of this kind has in Prolific's schema.

    Examples
    --------
    >>> api_type("image"), api_type("other")
    ('image_url', 'text')
    """
    return _API_TYPES[kind]


def guess_kind(name: str, cells: Sequence[str]) -> Kind:
    """What a column holds, by its name and its first 1,000 cells that are not empty.

    A grouping key is known only by its name (``task_group_id``, ``META_TASK_GROUP_ID``). Media are absolute
    addresses that end like pictures, sound or film. Text is prose: half of the cells have three words or more.

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


def is_address(cell: str) -> bool:
    """Whether a cell is an absolute web address."""
    try:
        parts = urlsplit(cell.strip())
    except ValueError:  # such as an unclosed bracket: no address, which is the answer asked for
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", cell.strip())


def _media_kind(cell: str) -> Kind | None:
    if not is_address(cell):
        return None
    ending = PurePosixPath(urlsplit(cell.strip()).path).suffix.casefold()
    return next((kind for kind, endings in _EXTENSIONS.items() if ending in endings), None)


def _is_prose(cell: str) -> bool:
    # Thai, Khmer, Japanese, Chinese and their neighbours write no spaces between words.
    return (len(_WORD.findall(cell)) >= 3 and not is_address(cell)) or bool(_UNSPACED.search(cell))


def kinds_of(names: Sequence[str], cells: Sequence[Sequence[str]], told: Mapping[str, str]) -> tuple[Kind, ...]:
    """The kind of each column: as told, else guessed; `cells` are columns. Check `told` first."""
    known: dict[str, Kind] = {kind: kind for kind in KINDS}
    return tuple(
        known[told[name]] if name in told else guess_kind(name, column)
        for name, column in zip(names, cells, strict=True)
    )


def check_told(names: Sequence[str], told: Mapping[str, str]) -> Iterator[Finding]:
    """Faults in the `kinds` that a caller gave."""
    for name, kind in told.items():
        if name not in names:
            remedy = f"The columns are {', '.join(map(repr, names))}."
            yield Finding("error", "kinds= names a column that the data lacks.", remedy, column=name)
        if kind not in KINDS:
            remedy = f"Use one of {', '.join(KINDS)}."
            yield Finding("error", f"kinds= gives the unknown kind {kind!r}.", remedy, column=name)


def tidy_names(header: Sequence[object]) -> tuple[list[str], list[Finding]]:
    """Names as text without white space around them, with what is wrong with them.

    Parameters
    ----------
    header : sequence
        As the file or the frame has them; in a frame they may be anything.
    """
    names = [str(name).strip() for name in header]
    findings = [*_changed(header, names), *_unusable(names)]
    return names, findings


def _changed(header: Sequence[object], names: Sequence[str]) -> Iterator[Finding]:
    for before, name in zip(header, names, strict=True):
        if not isinstance(before, str):
            yield Finding("note", f"The column's name {before!r} was made the text {name!r}.", "", column=name)
        elif before != name:
            yield Finding("note", "White space around the column's name was taken off.", "", column=name)


def _unusable(names: Sequence[str]) -> Iterator[Finding]:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names, 1):
        places.setdefault(name, []).append(place)
    for name, found in places.items():
        where = f"{numbered('column', found)} from the left"
        if not name:
            remedy = "Name it in the first row. If pandas wrote the file, the index did it: to_csv(…, index=False)."
            yield Finding("error", f"{counted(len(found), 'column')} without a name.", remedy, row=1, place=where)
        elif len(found) > 1:
            what = f"{len(found)} columns have the same name."
            yield Finding("error", what, "Give every column a name of its own.", row=1, column=name, place=where)
