"""Notices, aligned text and small HTML cards. Cards escape their input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape
from typing import Literal

Mode = Literal["SANDBOX", "LIVE"]
_COLOURS: dict[str, str] = {"SANDBOX": "#0072B2", "LIVE": "#D55E00"}


_quiet = ContextVar("quiet", default=False)


def notify(text: str) -> None:
    """Print a message for the user on stdout."""
    if not _quiet.get():
        print(text, flush=True)


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


def lines(title: str, rows: Mapping[str, object]) -> str:
    """A title and aligned ``name  value`` rows as text.

    Examples
    --------
    >>> print(lines("SANDBOX quote", {"places": 36, "cost": "77.11 GBP"}))
    SANDBOX quote
      places  36
      cost    77.11 GBP
    """
    width = max((len(name) for name in rows), default=0)
    return "\n".join([title, *(f"  {name:<{width}}  {value}" for name, value in rows.items())])


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
        f'<tr><th scope="row" style="text-align:left;padding-right:16px">{escape(str(name))}</th>'
        f'<td style="text-align:left;white-space:pre-wrap">{escape(str(value))}</td></tr>'
        for name, value in rows.items()
    )
    return f'<div class="pnb-card"><p>{badge}<b>{escape(title)}</b></p><table>{body}</table>{below}</div>'
