"""One's own templates: designs saved under a name, for every notebook of this person on this machine."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from ...common.arguments import require_string
from ...common.findings import Finding
from ...common.plurals import a_type, counted
from ...errors import ArgumentError, ArgumentTypeError, DesignError, UnknownName
from ..codebook import Codebook
from ..design import Design
from .built_in_templates import MAKERS, TEMPLATES, Shown

_LONGEST = 60  # characters of a name
_REMEDY = "Save the template again under this name, or delete it with pnb.delete_template(name)."


@dataclass(frozen=True)
class _Saved:
    name: str
    file: Path
    record: Any

    def design(self) -> Design:
        """The design; a DesignError if the file is not that of a template."""
        if not isinstance(self.record, dict):
            found = Finding("error", f"The file {self.file} is not that of a template.", _REMEDY)
            raise DesignError(f"The template {self.name!r}", [found])
        return Design.from_json(json.dumps(self.record["design"]))


def templates_folder() -> Path:
    """The folder of one's own templates, which need not exist."""
    # Imported here, since composing a design needs the standard library only.
    from platformdirs import user_data_path

    return Path(user_data_path("prolific_nb", appauthor=False)) / "templates"


def templates() -> dict[str, str]:
    """All templates by name, each with what it asks for: those of this package, then one's own.

    Examples
    --------
    >>> templates()["rating"]
    'A point on a scale, and how sure the participant is.'
    """
    return {**TEMPLATES, **{each.name: _about(each) for each in _saved()}}


def template(name: str, data: Shown | None = None) -> Design:
    """A design to start from.

    Parameters
    ----------
    name : str
        One of `templates`: of a usual kind, or saved with `save_template`.
    data : Dataset, optional
        For those of this package: its best columns are shown, and the words fit their content. Without it, the columns
        are named ``"text"``, or ``"answer_a"`` and ``"answer_b"``. Saved ones show the columns that they were saved
        with.

    Raises
    ------
    LookupError
        If there is no such template; the message names similar ones.
    DesignError
        If the file of a saved one cannot be read.

    Examples
    --------
    >>> template("rating").shown
    ('text',)
    >>> sorted(TEMPLATES)
    ['classification', 'free text', 'multi-label', 'pairwise comparison', 'rating']
    """
    require_string("name", name)
    return MAKERS[name][1](data) if name in MAKERS else _find(name).design()


def save_template(design: Design, name: str, *, replace: bool = False) -> Path:
    """Save a design as a template, for every notebook of this person on this machine.

    Parameters
    ----------
    name : str
        Its name in `template`, up to 60 characters.
    replace : bool
        Whether it takes the place of one's own template of the same name.

    Returns
    -------
    pathlib.Path
        The file, JSON.

    Raises
    ------
    ValueError
        If the name is empty, too long, taken, or that of a template of this package.
    """
    require_string("name", name)
    if not isinstance(design, Design):
        raise ArgumentTypeError(f"A template is saved from a Design, but this is {a_type(design)}.")
    name = " ".join(name.split())
    if not 1 <= len(name) <= _LONGEST:
        raise ArgumentError(f"The name of a template has 1 to {_LONGEST} characters, but this one has {len(name)}.")
    if name in TEMPLATES:
        raise ArgumentError(f"{name!r} is a template of this package. Choose another name.")
    taken = [each.file for each in _saved() if each.name == name]
    if taken and not replace:
        raise ArgumentError(f"There is a template {name!r} already. Choose another name, or pass replace=True.")
    file = taken[0] if taken else templates_folder() / _file_name(name)
    _write(file, json.dumps({"template": name, "design": json.loads(design.to_json())}, ensure_ascii=False, indent=1))
    return file


def delete_template(name: str) -> None:
    """Delete one of one's own templates.

    Raises
    ------
    LookupError
        If there is none of this name.
    """
    require_string("name", name)
    if name in TEMPLATES:
        raise ArgumentError(f"{name!r} is a template of this package, which cannot be deleted.")
    _find(name).file.unlink()


def _find(name: str) -> _Saved:
    saved = {each.name: each for each in _saved()}
    if name in saved:
        return saved[name]
    known = [*TEMPLATES, *saved]
    near = get_close_matches(name, known, n=1, cutoff=0.3) or known
    raise UnknownName(f"There is no template {name!r}. Use {' or '.join(map(repr, near))}; templates() lists all.")


def _saved() -> Iterator[_Saved]:
    """One's own templates by name; a file that is not that of a template has the name of the file."""
    read = map(_read, templates_folder().glob("*.json"))
    return iter(sorted(read, key=lambda each: each.name.casefold()))


def _read(file: Path) -> _Saved:
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:  # the name of the file is listed, and using it says what is wrong
        record = None
    fits = isinstance(record, dict) and isinstance(record.get("template"), str) and "design" in record
    return _Saved(record["template"], file, record) if fits else _Saved(file.stem, file, None)


def _about(saved: _Saved) -> str:
    try:
        design = saved.design()
    except DesignError:
        return f"The file {saved.file} cannot be read."
    asked = len(Codebook.of(design.items))
    return f"{counted(len(design.pages), 'page')}, {counted(asked, 'question')}, shows {', '.join(design.shown) or '-'}"


def _file_name(name: str) -> str:
    readable = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40]
    return f"{readable or 'template'}-{sha256(name.encode()).hexdigest()[:8]}.json"


def _write(file: Path, text: str) -> None:
    """Write a file so that another program never reads half of it."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        make = partial(NamedTemporaryFile, "w", encoding="utf-8", dir=file.parent, suffix=".part", delete=False)
        with make() as part:
            part.write(text)
        os.replace(part.name, file)
    except OSError as failure:
        reason = failure.strerror or failure
        raise ArgumentError(f"The template cannot be saved in {file.parent} ({reason}). Allow writing there.") from None
