"""StepStatus: how far a step is, and in one line what was decided in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["to do", "optional", "needs attention", "running", "done"]


@dataclass(frozen=True)
class StepStatus:
    """The state of a step, and one line about it.

    Parameters
    ----------
    state : {"to do", "optional", "needs attention", "running", "done"}
        Whether there is something to do, to fix or to wait for; what is optional never waits to be done.
    words : str
        What was decided, or what to do next; plain text.

    Examples
    --------
    >>> StepStatus("done", "reviews.csv: 12 rows, 3 columns").state
    'done'
    """

    state: State = "to do"
    words: str = ""
