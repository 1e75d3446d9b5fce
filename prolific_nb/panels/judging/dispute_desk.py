"""The desk at which a judge decides: one row at a time, by mouse or keyboard."""

from __future__ import annotations

from pathlib import Path

import traitlets

from ..kit.acting.framed_desk import FramedDesk, desk_module, desk_style

_STATIC = Path(__file__).parent / "static"


class DisputeDesk(FramedDesk):
    """Shows one dispute at a time; those around it are loaded ahead, so that a step waits for nothing.

    Parameters
    ----------
    items : list of dict
        The disputes at and around `at`, as `shown_dispute` returns them.
    at, total : int
        The place of the one that is shown, from 0, and the number of all.
    progress : str
        How many are decided, in words.
    decided : int
        The number of those that are.
    acts : list of dict
        What was not carried out yet, in order, each with its number ``n``: ``act`` ("go" with ``to``; "decide" with
        ``id``, ``values`` and ``reason``; "withdraw" with ``id``).

    Examples
    --------
    >>> DisputeDesk(total=3).new_acts()
    []
    """

    _esm = desk_module(_STATIC / "dispute_desk.js")
    _css = desk_style(_STATIC / "dispute_desk.css")

    items = traitlets.List(traitlets.Dict()).tag(sync=True)
    decided = traitlets.Int(0).tag(sync=True)
