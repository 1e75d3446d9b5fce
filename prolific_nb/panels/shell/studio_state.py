"""The values that the steps of a studio share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...design import Design
from ..kit.observable import Observable
from ..rehearsing.rehearsal_choice import Choice

if TYPE_CHECKING:
    from ...workflow.run import Run


@dataclass
class StudioState:
    """The values that the steps share.

    A rehearsal is never the `run`: it is only kept among `rehearsals`, and its results are shown while it is `opened`.
    """

    client: Observable[Any] = field(default_factory=lambda: Observable(None))
    data: Observable[Any] = field(default_factory=lambda: Observable(None))
    design: Observable[Any] = field(default_factory=lambda: Observable(Design("Untitled task")))
    plan: Observable[Any] = field(default_factory=lambda: Observable(None))
    run: Observable[Any] = field(default_factory=lambda: Observable(None))
    choice: Observable[Any] = field(default_factory=lambda: Observable(Choice()))
    rehearsals: Observable[Any] = field(default_factory=lambda: Observable(()))
    opened: Observable[Any] = field(default_factory=lambda: Observable(None))

    def take(self, run: Run) -> None:
        """Replace all values by those of a run; of a rehearsal, those of its study, and its results are shown."""
        rehearsal = run if run.is_rehearsal else None
        self.opened.update(lambda _: rehearsal, merge="rehearsal")  # no history, which would keep each sandbox
        if rehearsal is None:
            self.client.set(run.client)
        for target, value in ((self.data, run.data), (self.design, run.design), (self.plan, run.plan)):
            target.set(value)
        if rehearsal is None:
            self.run.set(run)

    @property
    def has_task(self) -> bool:
        """Whether there are data and a question about them, so that a study can be planned."""
        return self.data.value is not None and any(True for _ in self.design.value.codebook())
