"""The screens of one task as a complete HTML document, without scripts and without forms that can be sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .content import Block, encodable, sanitised
from .screens import Marks, screens_of

_TEMPLATES = Path(__file__).parent / "templates"


def document(
    batch_items: Iterable[Mapping[str, Any]],
    datapoint: Mapping[str, str],
    *,
    task_details: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    marks: Marks | None = None,
) -> str:
    """What a participant sees of one task, all screens one below another.

    Parameters
    ----------
    batch_items : iterable of mapping
        The pages, as a request or a response of the API contains them. Items of unknown types are named, not shown.
    datapoint : mapping of str to str
        The cells of one row; an empty mapping if there is no row yet.
    task_details : mapping, optional
        ``task_name``, ``task_introduction`` and ``task_steps``, shown above the first screen.
    kinds : mapping, optional
        The kind of each column: ``"image"``, ``"audio"`` and ``"video"``, or the API's names such as ``"image_url"``,
        are shown as such where the cell is an https URL. Everything else is text.
    marks : Marks, optional
        For an editor: every element says in ``data-pnb-`` attributes which part of the layout it shows, and options of
        a menu are listed. Documents for participants have no marks.

    Returns
    -------
    str
        A document without scripts. Every input has a name: the item's ID, or else its place, so that what was typed
        can be restored in a later document of the same layout.

    Examples
    --------
    >>> page = {"rows": [{"columns": [{"items": [{"type": "dataset_field", "field": "review"}]}]}]}
    >>> html = document([page], {"review": "<b>Good</b>"})
    >>> "&lt;b&gt;Good&lt;/b&gt;" in html
    True
    """
    details = task_details or {}
    html = (
        templates()
        .get_template("document.html.j2")
        .render(
            title=details.get("task_name", ""),
            introduction=sanitised(details.get("task_introduction", "")),
            steps=sanitised(details.get("task_steps", "")),
            screens=screens_of(list(batch_items), datapoint, kinds or {}, marks or Marks()),
            marked=marks is not None,
            drawn=drawn,
        )
    )
    return encodable(html)


def drawn(block: Block) -> Markup:
    """The HTML of one block."""
    return _drawn(_AsWords(block))


@cache
def templates_in(folder: Path) -> Environment:
    """The templates of a folder: what they insert is escaped, and must be given."""
    loader = FileSystemLoader(folder)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def templates() -> Environment:
    """The templates of this package."""
    return templates_in(_TEMPLATES)


class _AsWords:
    """A block that is equal to every block of the same content."""

    def __init__(self, block: Block) -> None:
        self.block, self._words = block, repr(block)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _AsWords) and other._words == self._words

    def __hash__(self) -> int:
        return hash(self._words)


# While one question is typed, the others stay as they are: the fiftieth question is drawn as quickly as the fifth.
@lru_cache(maxsize=256)
def _drawn(key: _AsWords) -> Markup:
    draw = getattr(templates().get_template("blocks.html.j2").module, key.block["block"])
    return Markup(draw(key.block))
