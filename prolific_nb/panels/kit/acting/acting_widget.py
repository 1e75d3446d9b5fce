"""ActingWidget: what a person does in the browser, carried out once and in order."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets


class ActingWidget(anywidget.AnyWidget):
    """A widget that sends what a person does as acts, and repeats them until they are acknowledged.

    An observer of `acts` carries out `new_acts` and sets the other traits. Everything is sent as one message, with the
    number of the last act that was carried out. So the browser knows what it is still waiting for, and an act that a
    busy kernel gets twice is carried out once.

    Parameters
    ----------
    acts : list of dict
        What was not carried out yet, in order, each with its number ``n``.
    applied : int
        The number of the last act that was carried out.

    Examples
    --------
    >>> widget = ActingWidget()
    >>> widget.set_state({"acts": [{"n": 1, "act": "undo"}]})
    >>> widget.applied, widget.new_acts()
    (1, [])
    """

    # Not echoed: acts that are made meanwhile would be lost.
    acts = traitlets.List(traitlets.Dict()).tag(sync=True, echo_update=False)
    applied = traitlets.Int(0).tag(sync=True)

    def new_acts(self) -> list[dict[str, Any]]:
        """What the person did and was not carried out yet."""
        return [act for act in self.acts if act["n"] > self.applied]

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Carry out what the browser sent; after every observer has run, acknowledge it."""
        with self.hold_sync():  # one message for what changed and the acknowledgement
            try:
                super().set_state(sync_data)
            finally:
                self.applied = max([self.applied, *(act["n"] for act in self.acts)])
