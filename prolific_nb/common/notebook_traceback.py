"""Errors in a notebook: the message first, then the user's own lines, not fifty lines of this package."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

_PACKAGE = f"{Path(__file__).parent.parent}{os.sep}"
_LIBRARIES = re.compile(r"[/\\](?:site|dist)-packages[/\\]|[/\\]lib[/\\]python[\d.]+[/\\]|<frozen ")
_WHOLE = "For the whole traceback: %xmode Verbose, then run the cell again."
_RED, _PLAIN = "\x1b[91m", "\x1b[0m"


def wants_whole() -> bool:
    """Whether the user of IPython asked for whole tracebacks, with ``%xmode Verbose``."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(getattr(shell, "InteractiveTB", None), "mode", "") == "Verbose"


def short_traceback(error: BaseException) -> list[str]:
    """Lines for IPython: name and message of the error, the lines of the user that led to it, and its notes."""
    name = f"{_RED}{type(error).__name__}{_PLAIN}"
    notes = getattr(error, "__notes__", [])
    return [f"{name}: {error}", *notes, "", *_own_lines(error), _WHOLE]


def _own_lines(error: BaseException) -> Iterator[str]:
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith(_PACKAGE) or _LIBRARIES.search(frame.filename):
            continue
        where = "the cell" if "ipython" in frame.filename.casefold() else Path(frame.filename).name
        yield f"line {frame.lineno} of {where}: {frame.line}"
