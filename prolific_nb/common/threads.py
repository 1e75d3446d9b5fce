"""Starting threads, which a machine may refuse."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

from ..errors import ProlificError


def start_thread(name: str, target: Callable[..., Any], *args: Any) -> Thread:
    """A running daemon thread.

    Parameters
    ----------
    name : str
        What it does; part of the message if it cannot be started.
    target : callable
    *args
        Passed to `target`.

    Raises
    ------
    ProlificError
        The machine allows no further thread.
    """
    thread = Thread(target=target, args=args, name=name, daemon=True)
    try:
        thread.start()
    except RuntimeError as failure:
        raise ProlificError(
            f"The thread {name!r} could not be started ({failure}), so its work has not begun. The process has too "
            "many threads or too little memory. Close other notebooks and programs or restart the kernel, then try "
            "again. In a container, raise its limit of processes."
        ) from failure
    return thread
