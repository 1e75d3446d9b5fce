"""What a person does is carried out once, in order, and acknowledged only after it was carried out."""

from __future__ import annotations

from typing import Any

import pytest

from prolific_nb.panels.kit.acting.acting_widget import ActingWidget

FIRST, SECOND = {"n": 1, "act": "go"}, {"n": 2, "act": "skip"}


def carried_out(widget: ActingWidget) -> list[tuple[str, int]]:
    """Each act that an observer carries out, with what was acknowledged at that time."""
    seen: list[tuple[str, int]] = []

    def carry_out(_: Any) -> None:
        seen.extend((act["act"], widget.applied) for act in widget.new_acts())

    widget.observe(carry_out, names=["acts"])
    return seen


def test_an_act_that_is_sent_again_is_carried_out_once() -> None:
    widget = ActingWidget()
    seen = carried_out(widget)
    widget.set_state({"acts": [FIRST]})
    widget.set_state({"acts": [FIRST, SECOND]})
    assert seen == [("go", 0), ("skip", 1)]
    assert (widget.applied, widget.new_acts()) == (2, [])


def test_an_act_that_fails_is_acknowledged_too_so_that_the_browser_does_not_wait() -> None:
    widget = ActingWidget()
    widget.observe(lambda _: 1 / 0, names=["acts"])
    with pytest.raises(ZeroDivisionError):
        widget.set_state({"acts": [FIRST]})
    assert widget.applied == 1
