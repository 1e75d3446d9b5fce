"""Progress of a long step, and the text bar that shows it in terminals and notebooks."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import IO, Any

_WIDTH = 24


@dataclass(frozen=True)
class Progress:
    """How much of one step is done.

    Parameters
    ----------
    step : str
        What is being done, such as ``"Uploading"``; each step has its own bar.
    done, total : int
        Units of work; the step is complete when they are equal.
    """

    step: str
    done: int
    total: int

    @property
    def ended(self) -> bool:
        """Whether the step is complete."""
        return self.done >= self.total


OnProgress = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """Show nothing."""


class TextBar:
    """Draws each step as one line, updated in place where the output allows it.

    Parameters
    ----------
    stream : file, optional
        Where to draw; by default the cell's output in a notebook, otherwise stderr.

    Examples
    --------
    >>> import io
    >>> out = io.StringIO()
    >>> bar = TextBar(out)
    >>> bar(Progress("Uploading", 1, 2)); bar(Progress("Uploading", 2, 2))
    >>> print(out.getvalue().strip())
    Uploading                         ######################## 2/2
    """

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._draw = _Cell() if stream is None and "ipykernel" in sys.modules else _Terminal(stream or sys.stderr)
        self._last = ""

    def __call__(self, progress: Progress) -> None:
        """Draw `progress`."""
        full = _WIDTH * progress.done // max(progress.total, 1)
        bar = "#" * full + "." * (_WIDTH - full)
        line = f"{progress.step:<33} {bar} {progress.done}/{progress.total}"
        if line != self._last:
            self._last = line
            self._draw(line, progress.ended)


class _Terminal:
    """Redraws a line in a terminal; to a file or a pipe, which cannot be redrawn, it writes completed steps only."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._redraws = stream.isatty()

    def __call__(self, line: str, ended: bool) -> None:
        if self._redraws or ended:
            self._stream.write(("\r" if self._redraws else "") + line + ("\n" if ended else ""))
            self._stream.flush()


class _Cell:
    """Updates one output of a notebook cell, so that a saved notebook contains only the last line."""

    def __init__(self) -> None:
        self._shown: Any = None

    def __call__(self, line: str, ended: bool) -> None:
        bundle = {"text/plain": line}
        if self._shown is None:
            self._shown = import_module("IPython.display").display(bundle, raw=True, display_id=True)
        else:
            self._shown.update(bundle, raw=True)
        if ended:
            self._shown = None
