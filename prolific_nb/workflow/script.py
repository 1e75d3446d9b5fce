"""The program that repeats a study, for "Show code" and `Run.to_code`."""

from __future__ import annotations

from collections.abc import Sequence

from ..data import Dataset
from ..design import Design
from ..study import StudyPlan


def program(
    client: str,
    parts: Sequence[Dataset | Design | StudyPlan | None],
    *,
    max_cost: str | None,
    flow: str = "layout",
    more: Sequence[str] = (),
) -> str:
    """The program from connecting to agreement, as far as its parts are given.

    Parameters
    ----------
    client : str
        The call that connects; never a live one.
    parts : data, design and plan
        None if not available yet; the launch needs all three.
    max_cost : str, optional
        In major units; without it the program ends with the draft.
    flow : {"layout", "instructions"}
        As for `launch`.
    more : sequence of str
        Code of what was done after publishing.

    Examples
    --------
    >>> print(program("pnb.connect()", [None, None, StudyPlan("R", reward="1.50", minutes=6)], max_cost=None))
    import prolific_nb as pnb
    <BLANKLINE>
    client = pnb.connect()
    plan = pnb.StudyPlan("R", reward="1.50", minutes=6)
    <BLANKLINE>
    """
    lines = ["import prolific_nb as pnb", "", f"client = {client}"]
    lines += [part.to_code().strip("\n") for part in parts if part is not None]
    if all(part is not None for part in parts):
        flow_argument = "" if flow == "layout" else f', flow="{flow}"'
        lines += ["", f"print(pnb.quote(client, data, design, plan{flow_argument}))"]
        lines += [f"run = pnb.launch(client, data, design, plan{flow_argument})  # a draft; nothing is spent"]
        lines += _after_launch(max_cost, more) if max_cost else []
    return "\n".join([*lines, ""])


def _after_launch(max_cost: str, more: Sequence[str]) -> list[str]:
    return [
        f'run.publish(max_cost="{max_cost}")',
        *more,
        "run.wait()",
        "",
        "answers = run.responses()",
        "report = run.agreement()",
        "print(report)",
        "axes = report.plot()",
    ]
