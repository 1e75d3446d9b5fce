"""One screen of a task as the inside of a form: with what was entered so far, and with what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .content import encodable
from .document import drawn, templates
from .screens import Filled, Marks, screens_of

if TYPE_CHECKING:
    from ..answering import Fault


def form(
    batch_items: Iterable[Mapping[str, Any]],
    datapoint: Mapping[str, str],
    screen: int,
    *,
    entered: Mapping[str, Sequence[str]] | None = None,
    kept: Mapping[str, Sequence[str]] | None = None,
    faults: Sequence[Fault] = (),
    kinds: Mapping[str, str] | None = None,
) -> Markup:
    """The inside of a form with one screen of a task; the ``<form>`` and its buttons are the caller's.

    Parameters
    ----------
    batch_items, datapoint, kinds
        As for `document`, which draws the same blocks.
    screen : int
        Number of the page, from 0.
    entered : mapping of str to sequence of str, optional
        The values of the inputs by name.
    kept : mapping of str to sequence of str, optional
        The names of files that were sent before, by the name of their input.
    faults : sequence of Fault
        Each is shown at its question, and above the screen with a link to it.

    Returns
    -------
    Markup
        Rows of columns, to be styled by `style`.

    Examples
    --------
    >>> item = {"type": "free_text", "description": "Why?", "id": "why"}
    >>> page = {"rows": [{"columns": [{"items": [item]}]}]}
    >>> "A guess.</textarea>" in form([page], {}, 0, entered={"why": ["A guess."]})
    True
    """
    filled = Filled(entered or {}, kept or {}, {fault.name: fault.words for fault in faults})
    shown = screens_of(list(batch_items), datapoint, kinds or {}, Marks(), filled)[screen]
    places = {
        block["name"]: block["place"] for row in shown.rows for column in row for block in column if block.get("fault")
    }
    html = templates().get_template("form.html.j2").render(rows=shown.rows, faults=faults, places=places, drawn=drawn)
    return Markup(encodable(html))


@cache
def style() -> str:
    """The style sheet of a page with a form: that of the preview, and dark where the reader's system is."""
    return templates().get_template("document.css").render() + templates().get_template("form.css").render()
