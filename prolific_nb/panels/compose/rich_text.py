"""A field for formatted text: bold, italic, headings, lists and links, written without HTML.

ProseMirror was weighed: it is under the MIT licence, but what such a field needs of it is 218 kB minified, needs a
build step, and would be sent to the browser once per field, since a widget carries its module. A ``contenteditable``
of four hand-written files does the same for this small set of blocks in 35 kB. Its risks are met by own commands for
blocks, an own history, and a whitelist that every node passes on the way in and out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ...common.render import allowed_attributes, removed_parts

_STATIC = Path(__file__).parent / "static"
_MODULES = ("html_cleaning.js", "block_editing.js", "markdown.js", "rich_text.js")


class RichText(anywidget.AnyWidget):
    """A text that is formatted with a toolbar, shortcuts or Markdown; its value is HTML.

    The browser sends the value every 150 ms while it changes, and when the focus leaves the field. HTML that the
    field cannot make, such as a table, is kept as long as participants would see it.

    Parameters
    ----------
    value : str
        The HTML. It changes only when a person edits the text, not because it is shown.
    label : str
        The name of the field.
    placeholder : str
        Shown while the field is empty.
    raw : bool
        Edit the value as it is, without a toolbar: for Markdown that the server turns into HTML.

    Attributes
    ----------
    removed : list of str
        What the value contains and participants do not get to see, such as ``"<script>"`` or ``"onclick of <p>"``.

    Examples
    --------
    >>> RichText(value="<p style='color: red'>Read.</p>", label="Introduction").removed
    ['style of <p>']
    """

    # Strings, not Paths: anywidget watches the file of a Path, and a watched widget is never garbage-collected
    # (https://github.com/manzt/anywidget/issues/929). Joined, because a widget has one module.
    _esm = "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in _MODULES)
    _css = (_STATIC / "rich_text.css").read_text(encoding="utf-8")

    value = traitlets.Unicode("").tag(sync=True, echo_update=False)
    label = traitlets.Unicode("Text").tag(sync=True)
    placeholder = traitlets.Unicode("").tag(sync=True)
    raw = traitlets.Bool(False).tag(sync=True)
    removed = traitlets.List(traitlets.Unicode()).tag(sync=True)

    _allowed = traitlets.Dict(default_value=allowed_attributes()).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._judge()

    @traitlets.observe("value", "raw")
    def _judge(self, _: Any = None) -> None:
        self.removed = [] if self.raw else removed_parts(self.value)
