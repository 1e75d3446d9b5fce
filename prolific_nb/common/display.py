"""Notices, aligned text and small HTML cards. Cards escape their input."""

from __future__ import annotations

import json
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape
from typing import Literal

Mode = Literal["SANDBOX", "LIVE"]
_COLOURS: dict[str, str] = {"SANDBOX": "#0072B2", "LIVE": "#D55E00"}
_JOINERS = "\u200c\u200d"  # parts of Persian and Indic words and of emoji

_quiet = ContextVar("quiet", default=False)


def kind_of_money(mode: Mode) -> str:
    """Whether money is real."""
    return "real money" if mode == "LIVE" else "simulated money"


def notify(text: str) -> None:
    """Print a message for the user on stdout."""
    if not _quiet.get():
        print(text, flush=True)


def notices_suppressed() -> bool:
    """Whether `notify` prints nothing, so that what it would say need not be found out."""
    return _quiet.get()


@contextmanager
def suppress_notices() -> Iterator[None]:
    """Suppress `notify` in this thread, for panels that show the message themselves.

    Examples
    --------
    >>> with suppress_notices():
    ...     notify("not printed")
    >>> notify("printed")
    printed
    """
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


@contextmanager
def collected_warnings() -> Iterator[list[str]]:
    """Collect the warnings for the user as strings, each once; on a worker thread they would only be logged.

    Examples
    --------
    >>> with collected_warnings() as words:
    ...     warnings.warn("seen", stacklevel=1)
    >>> words
    ['seen']
    """
    words: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        yield words
    words += dict.fromkeys(str(one.message) for one in caught if issubclass(one.category, UserWarning))


def visible(text: object) -> str:
    r"""Text as a display may show it: control, bidirectional and invisible characters as escape sequences.

    An ID or a name that holds them could otherwise move the cursor, hide words or turn them around. Line breaks stay.

    Examples
    --------
    >>> print(visible("Ann\x1b[2K \u202eexe.txt"))
    Ann\x1b[2K \u202eexe.txt
    """
    shown = str(text)
    return shown if shown.isascii() and shown.isprintable() else "".join(map(_visible, shown))


def _visible(character: str) -> str:
    # Cc: control; Cf: format, such as bidirectional marks; Cs: half of a pair; Zl, Zp: separators that break lines.
    if character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character
    return character if character in _JOINERS else ascii(character)[1:-1]


def quoted(text: str) -> str:
    r"""A string as Python code that looks like what it is: what `visible` escapes is escaped.

    Examples
    --------
    >>> print(quoted('"How?" ‮'))
    "\"How?\" \u202e"
    """
    return visible(json.dumps(text, ensure_ascii=False))


def lines(title: str, rows: Mapping[str, object]) -> str:
    """A title and aligned ``name  value`` rows as text.

    Examples
    --------
    >>> print(lines("SANDBOX quote", {"places": 36, "cost": "77.11 GBP"}))
    SANDBOX quote
      places  36
      cost    77.11 GBP
    """
    names = [visible(name) for name in rows]
    width = max(map(len, names), default=0)
    below = "\n" + " " * (width + 4)  # a line break in a value must not look like another row
    shown = [visible(value).replace("\n", below) for value in rows.values()]
    return "\n".join(
        [visible(title), *(f"  {name:<{width}}  {value}" for name, value in zip(names, shown, strict=True))]
    )


def paragraphs(words: str) -> str:
    r"""Words as HTML: a paragraph for each part that an empty line ends.

    Examples
    --------
    >>> paragraphs("Is a < b?\n\nYes.")
    '<p>Is a &lt; b?</p><p>Yes.</p>'
    """
    return "".join(f"<p>{escape(visible(each))}</p>" for each in words.split("\n\n"))


def card(mode: Mode, title: str, rows: Mapping[str, object], below: str = "") -> str:
    """An HTML card that begins with the word SANDBOX or LIVE.

    Parameters
    ----------
    mode : {"SANDBOX", "LIVE"}
        Shown as a coloured badge.
    title : str
        Escaped.
    rows : mapping
        Names and values; both escaped.
    below : str
        HTML that the caller has already escaped.
    """
    badge = (
        f'<b style="background:{_COLOURS[mode]};color:#fff;border-radius:3px;padding:1px 6px;'
        f'margin-right:8px">{mode}</b>'
    )
    body = "".join(
        f'<tr><th scope="row" style="text-align:left;padding-right:16px">{escape(visible(name))}</th>'
        f'<td style="text-align:left;white-space:pre-wrap">{escape(visible(value))}</td></tr>'
        for name, value in rows.items()
    )
    return f'<div class="pnb-card"><p>{badge}<b>{escape(visible(title))}</b></p><table>{body}</table>{below}</div>'
