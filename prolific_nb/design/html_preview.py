"""A design as a participant will see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

from ..common.plurals import a_type
from ..errors import ArgumentTypeError, NoSuchPlace
from .rules import Described

_FRAME = "width:100%;height:640px;border:1px solid #d8dde4;border-radius:8px;background:#fff"


class Rows(Described, Protocol):
    """What a preview needs to know of the data."""

    def cells(self, column: str) -> Sequence[str]:
        """The cells of a column."""

    def __len__(self) -> int:
        """How many rows there are."""


def require_rows(given: object) -> None:
    """Refuse with a TypeError what is not a Dataset; a DataFrame and a path have no kinds of columns yet."""
    if not hasattr(given, "kinds"):
        raise ArgumentTypeError(f"The data is {a_type(given)}, not a Dataset. Pass pnb.read_data(...) of it.")


@dataclass(frozen=True, repr=False)
class Preview:
    """The screens of one task; a notebook shows them in a frame in which no script can run.

    Parameters
    ----------
    title : str
        Name of the design, and the row.
    html : str
        A complete document.
    """

    title: str
    html: str

    def __repr__(self) -> str:
        return f"Preview({self.title!r}: {len(self.html)} characters of HTML; a notebook shows it)"

    def _repr_html_(self) -> str:
        inert, title = escape(self.html, quote=True), escape(self.title, quote=True)
        return f'<iframe sandbox="" title="{title}" style="{_FRAME}" srcdoc="{inert}"></iframe>'


def preview_of(name: str, sent: Mapping[str, Any], shown: Collection[str], data: Rows | None, row: int) -> Preview:
    """See `Design.preview`; `sent` is what the design sends to the API."""
    # Imported here, since composing a design must not wait for a template engine.
    from ..common.render import document

    if data is None:
        return Preview(name, document(sent["batch_items"], {}, task_details=sent["task_details"]))
    if not -len(data) <= row < len(data):
        raise NoSuchPlace(f"There is no row {row}: the data has {len(data)}, counted from 0.")
    datapoint = {column: data.cells(column)[row] for column in shown if column in data.columns}
    html = document(sent["batch_items"], datapoint, task_details=sent["task_details"], kinds=data.kinds)
    return Preview(f"{name}, row {row}", html)
