"""How long a rehearsal of the bundled study takes: once, with a scenario, and fifty times.

Run as ``python -m tests.benchmarks rehearsing``.
"""

from __future__ import annotations

from collections.abc import Iterator

import prolific_nb as pnb
from prolific_nb.common.progress import silent

from .measuring import Row, limit, seconds

TIMES = 50


def rows() -> Iterator[Row]:
    """The limits of one rehearsal, with what it is compared with, and of fifty."""
    data = pnb.sample_data()
    design = pnb.Design("Review sentiment", introduction="<p>Read.</p>", steps="<p>Choose.</p>").show("review")
    design = design.choose("How does the writer feel?", ["good", "bad", "mixed"]).write("What made you think so?")
    plan = pnb.StudyPlan("Review sentiment", reward="1.50", minutes=6)
    people = pnb.People.mix()

    def once(scenario: str | None = None) -> None:
        pnb.rehearse(data, design, plan, people=people, truth="sentiment", scenario=scenario)

    def often() -> None:
        pnb.rehearse(data, design, plan, people=people, truth="sentiment", times=TIMES, on_progress=silent)

    once()  # everything is imported
    yield limit("the bundled study, once", seconds(once), 3, "s")
    yield limit("with a scenario", seconds(lambda: once("return storm")), 3, "s")
    yield limit(f"{TIMES} times", seconds(often), 60, "s")
