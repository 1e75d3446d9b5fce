"""Keeping secrets out of tracebacks: the frames of a request hold the token, whoever raises an exception there."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from traceback import walk_tb
from types import CodeType, FrameType, TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

_LIBRARIES = ("requests", "urllib3", "http", "ssl", "socket")
_DEEPEST = 20  # levels of containers in an exception's arguments
# Attributes of built-in exceptions that are not in their __dict__: AttributeError.obj, UnicodeError.object and so on.
_BUILT_IN = ("obj", "object", "value", "code", "filename", "filename2", "strerror", "msg", "text", "name", "path")
_NOTE = "Raised inside a request. Its frames are not shown, because they hold the token."


def guarded(act: Callable[[], T], hide: Callable[[str], str]) -> T:
    """The result of `act`; whatever it raises is raised again without the frames of `act`.

    A signal handler, a failing library or a lack of memory can raise any exception at any point of a request. Verbose
    tracebacks print the local variables of every frame, and those of ``requests`` include the headers.

    Parameters
    ----------
    act : callable
    hide : callable
        Removes secrets from a string; applied to the exception's arguments and attributes.
    """
    try:
        return act()
    except BaseException as failure:
        caught = failure
    # Outside the except block: an exception raised there would be chained to this one, frames included.
    _clean(caught, hide, set())
    if isinstance(caught, Exception) and _NOTE not in getattr(caught, "__notes__", ()):
        caught.add_note(_NOTE)
    raise caught


def chain(failure: BaseException) -> Iterator[BaseException]:
    """An exception and all those that it wraps, outermost first."""
    waiting, seen = [failure], set()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = (*each.args, getattr(each, "reason", None), each.__cause__, each.__context__)
        waiting += [one for one in inner if isinstance(one, BaseException)]


def raised_by_signal_handler(failure: BaseException) -> BaseException | None:
    """The exception of a signal handler, if a library took it for one of the network and wrapped it.

    A handler of SIGALRM that raises TimeoutError is common; taken for a slow network, it would be lost in a retry.
    """
    if threading.current_thread() is not threading.main_thread():
        return None
    handlers = {_code(signal.getsignal(number)) for number in signal.valid_signals()} - {None}
    for each in chain(failure) if handlers else ():
        if any(frame.f_code in handlers for frame, _ in walk_tb(each.__traceback__)):
            return each
    return None


def _code(handler: Any) -> CodeType | None:
    handler = getattr(handler, "func", handler)  # of a functools.partial
    code = getattr(handler, "__code__", None) or getattr(getattr(handler, "__call__", None), "__code__", None)  # noqa: B004
    return code if isinstance(code, CodeType) else None


def _clean(failure: BaseException, hide: Callable[[str], str], seen: set[int]) -> None:
    """Remove frames, the implicit context and secrets from an exception; an explicit cause is cleaned and kept."""
    if id(failure) in seen:
        return
    seen.add(id(failure))
    failure.__traceback__ = failure.__context__ = None
    for inner in (failure.__cause__, *getattr(failure, "exceptions", ())):
        if isinstance(inner, BaseException):
            _clean(inner, hide, seen)
    failure.args = tuple(_harmless(value, hide, seen) for value in failure.args)
    for name in (*vars(failure), *_BUILT_IN):
        value = getattr(failure, name, None)
        clean = _harmless(value, hide, seen)
        if clean is not value:
            try:
                setattr(failure, name, clean)
            except (AttributeError, TypeError):  # read-only, such as an attribute of a frozen dataclass
                vars(failure).pop(name, None)


def _harmless(value: Any, hide: Callable[[str], str], seen: set[int], levels: int = _DEEPEST) -> Any:
    """The same object if nothing in it is secret; otherwise what may be shown of it."""
    if value is None or isinstance(value, bool | int | float | type):
        return value
    if isinstance(value, str):
        hidden = hide(value)
        return value if hidden == value else hidden
    if isinstance(value, bytes | bytearray):
        text = value.decode("latin-1")
        hidden = hide(text)
        return value if hidden == text else hidden.encode("latin-1")
    if isinstance(value, BaseException):
        _clean(value, hide, seen)
        return value
    if isinstance(value, FrameType | TracebackType) or type(value).__module__.split(".")[0] in _LIBRARIES:
        return f"<{type(value).__qualname__}>"
    if type(value) in (list, tuple, set, frozenset, dict):
        return _harmless_container(value, hide, seen, levels)
    return _harmless_object(value, hide)


def _harmless_container(value: Any, hide: Callable[[str], str], seen: set[int], levels: int) -> Any:
    if not levels:
        return "…"
    items = list(value.items() if isinstance(value, dict) else value)
    clean = [_harmless(each, hide, seen, levels - 1) for each in items]
    changed = any(new is not old for new, old in zip(clean, items, strict=True))
    return type(value)(clean) if changed else value


def _harmless_object(value: Any, hide: Callable[[str], str]) -> Any:
    try:
        shown = repr(value)
    except Exception:  # an object that cannot be shown shows no secret
        return value
    hidden = hide(shown)
    return value if hidden == shown else hidden
