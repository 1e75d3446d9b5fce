"""The ways in which tools print an exception: each is a function from an exception to everything that it prints."""

from __future__ import annotations

import inspect
import io
import linecache
import logging
import re
import traceback
from collections.abc import Callable
from types import FrameType

from IPython.core.ultratb import VerboseTB

try:
    from rich.console import Console
    from rich.traceback import Traceback
except ImportError:  # not a dependency; IPython's and Python's own formatters stay
    Console = Traceback = None  # type: ignore[assignment,misc]

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def verbose(failure: BaseException) -> str:
    """IPython's ``%xmode Verbose``, with hidden frames shown."""
    made = VerboseTB(theme_name="nocolor").structured_traceback(type(failure), failure, failure.__traceback__)
    return _COLOURS.sub("", "\n".join(made))


def _without_highlighting(*_: object) -> str:
    """The lexer of plain text: no colour is printed, and finding those of a whole file takes most of the time."""
    return "text"


def rich(failure: BaseException) -> str:
    """``rich.traceback.install(show_locals=True)``, without its limits of length."""
    plain = type("Plain", (Traceback,), {"_guess_lexer": _without_highlighting})
    shown = plain.from_exception(
        type(failure),
        failure,
        failure.__traceback__,
        show_locals=True,
        locals_max_length=10_000,
        locals_max_string=100_000,
        locals_hide_dunder=False,
        max_frames=0,
        extra_lines=0,
    )
    console = Console(file=io.StringIO(), width=1_000, force_terminal=False)
    console.print(shown)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def capture_locals(failure: BaseException) -> str:
    """``traceback.TracebackException(capture_locals=True)``, with the causes that it hides."""
    made = traceback.TracebackException.from_exception(failure, capture_locals=True)
    return "".join(made.format()) + repr(made.__context__ and list(made.__context__.format()))


def logged(failure: BaseException) -> str:
    """``logging.exception``, with every field of the record."""
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "failed: %r", (failure,), None)
    record.exc_info = (type(failure), failure, failure.__traceback__)
    return logging.Formatter("%(message)s %(exc_text)s").format(record) + repr(vars(record))


def walked(failure: BaseException) -> str:
    """What a debugger can print: each local variable of each frame of each chained exception, and of their callers."""
    shown: list[str] = []
    waiting: list[BaseException | None] = [failure]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        shown += [_repr(each), _repr(each.args), _repr(vars(each)), _attributes(each)]
        for frame, _ in traceback.walk_tb(each.__traceback__):
            shown += _variables(frame)
        inner = [value for value in (*each.args, *vars(each).values()) if isinstance(value, BaseException)]
        waiting += [each.__cause__, each.__context__, *inner, *getattr(each, "exceptions", ())]
    return "\n".join(shown)


def _variables(frame: FrameType) -> list[str]:
    """The variables of a frame, what is in their __dict__, and those of the frames that a tool would find from them."""
    linecache.checkcache(frame.f_code.co_filename)
    return [_repr(value) for value in inspect.getargvalues(frame).locals.values()]


def _attributes(failure: BaseException) -> str:
    """Attributes that are not in __dict__, such as AttributeError.obj and requests' .request with its headers."""
    values = [getattr(failure, name, None) for name in dir(failure) if not name.startswith("__")]
    return repr([_repr(value) + _repr(getattr(value, "headers", "")) for value in values])


def _repr(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # half-made objects
        return ""


FORMATTERS: dict[str, Callable[[BaseException], str]] = {
    "xmode Verbose": verbose,
    "capture_locals": capture_locals,
    "logging": logged,
    "walk": walked,
    **({"rich": rich} if Traceback is not None else {}),
}
