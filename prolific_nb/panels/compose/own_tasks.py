"""Taking ten tasks oneself where they are composed: the desk, what the time says about the plan, and gold rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

from ...common.plurals import counted
from ...data import Dataset
from ...design import Design
from ...errors import ProlificError
from ...study import StudyPlan
from ..kit import widgets as w
from ..kit.controls import button, row, stack
from ..kit.findings_list import error_words
from ..kit.html_table import alert_html, status_html
from ..kit.observable import Observable
from ..kit.panel import Panel
from ..kit.traits import set_if_changed, set_visible
from ..kit.wording.panel_words import in_panel_words, without_code
from ..planning.first_plan import first_plan

if TYPE_CHECKING:
    from ...workflow.own import Pace
    from ..taking.annotate_panel import Annotate

_NO_DATA = "Choose the rows first: in the step Data."
_OTHER = "The task or its rows were edited since. What is shown below is the task as it was."
_AS_GOLD = (
    "Takes these rows out of the data, and puts them between the others as gold rows, with your answers as the right "
    "ones; earlier gold rows are replaced"
)
_CODE = """
gold = labels.answers()
rest = [key for key in data.row_keys if key not in set(gold["row"])]
data = data.select(rest).with_gold(gold)
"""


class OwnTasks:
    """Ten tasks to take, once they are asked for.

    Parameters
    ----------
    panel : Panel
        The composer: its value is the design.
    data, plan : Observable
        The rows; and the plan that minutes and reward go to.

    Attributes
    ----------
    desk : Annotate or None
        What is taken; None before it was asked for.
    box : ipywidgets.VBox or None
    """

    def __init__(self, panel: Panel, data: Observable[Dataset | None], plan: Observable[StudyPlan | None]) -> None:
        self._panel, self._data, self._plan = panel, data, plan
        self.desk: Annotate | None = None
        self._taken: tuple[Design, Dataset | None] | None = None  # what the desk is about
        self._told = self._as_gold = ""
        self._shown = False
        self.box: w.VBox | None = None

    # --- showing -----------------------------------------------------------------------------------------------------

    def show(self, shown: bool) -> w.Widget:
        """Show the tasks of the design as it is now, or hide them."""
        self._shown = shown
        if self.box is None:
            self.box = self._build()
        if shown:
            if self._taken != self._now:
                self._open()
            self.refresh()
        return self.box

    @property
    def _now(self) -> tuple[Design, Dataset | None]:
        return self._panel.value, self._data.value

    def _build(self) -> w.VBox:
        guard: Callable[..., Any] = self._panel.guard
        with w.sharing():
            self._words, self._pace, self._done = w.HTML(), w.HTML(), w.HTML()
            self._renew = button("Take it as it is now", self._again, guard, "Shows the task with its latest edits")
            self._use = button("", self._use_pace, guard)
            self._reward = w.Checkbox(indent=False, layout={"width": "auto"})
            self._reward.observe(guard(lambda _: self._name_use()), names=["value"])
            self._gold = button("Make these gold rows", self._make_gold, guard, _AS_GOLD)
            self._edited = row(w.HTML(f"<b>Note:</b> {_OTHER}"), self._renew)
            self._room = stack()
            self._offers = stack(self._pace, row(self._use, self._reward, self._gold), self._done)
        return stack(self._words, self._edited, self._room, self._offers, grid_gap="8px")

    def _again(self) -> None:
        self._open()
        self.refresh()

    def _open(self) -> None:
        """Open the labels of the design as it is now, or say why there are none."""
        from ..taking.annotate_panel import Annotate  # with all that reads and keeps answers
        from .own_file import ROWS, open_labels

        self.close()
        self._told = self._as_gold = ""
        design, data = self._taken = self._now
        try:
            if data is None:
                raise ProlificError(_NO_DATA)
            own = open_labels(design, data)
        except ProlificError as failure:
            words = without_code(in_panel_words(error_words(failure)))
            set_if_changed(self._words, "value", alert_html(words) if data is not None else status_html(_NO_DATA))
            return
        self.desk = Annotate(own, arguments={"rows": ROWS, "path": own.path.name})
        self.desk.embed()
        self.desk.watch(self.desk.news, lambda _: self._panel.guard(self._follow)())
        self._room.children = (self.desk.box,)
        kept = f"Your answers are kept in {own.path.name}; taking it again continues there." + "".join(
            f" {note}" for note in own.notes
        )
        set_if_changed(self._words, "value", f'<span class="pnb-muted">{escape(kept)}</span>')

    def refresh(self) -> None:
        """Follow the design, the data and the plan."""
        if not self._shown:
            return
        set_visible(self._edited, self.desk is not None and self._taken != self._now)
        set_visible(self._renew, self._taken != self._now)
        if self.desk is None and self._taken != self._now:  # it could not be taken; perhaps it can now
            self._open()
        self._tell()

    def _follow(self) -> None:
        self._tell()
        self._panel.renew_code()
        self._panel.announce()

    def _tell(self) -> None:
        """What the time says, and what can be done with the labels."""
        set_visible(self._offers, self.desk is not None)
        if self.desk is None:
            return
        set_if_changed(self._pace, "value", f"<p>{escape(self._measured(self.desk).words)}</p>")
        fair = self._fair
        set_visible(self._use, fair is not None)
        set_visible(self._reward, fair is not None and fair.pay != self._base.pay)
        if fair is not None:
            hourly = fair.pay.per_hour(fair.minutes)
            set_if_changed(self._reward, "description", f"with a reward of {fair.pay} ({hourly:,} an hour)")
        self._name_use()
        set_visible(self._gold, self._can_be_gold)
        set_if_changed(self._done, "value", status_html(self._told))

    def _name_use(self) -> None:
        proposed = self._proposed
        same = proposed is not None and proposed == self._plan.value
        if proposed is not None:
            minutes = counted(int(proposed.minutes), "minute")
            label = f"The plan has {minutes}" if same else f"Put {minutes} into the plan"
            set_if_changed(self._use, "description", label)
            set_if_changed(self._use, "tooltip", label if same else f"{label}; Ctrl+Z in Plan takes it back")
        set_if_changed(self._use, "disabled", proposed is None or same)

    # --- what follows ------------------------------------------------------------------------------------------------

    @property
    def _base(self) -> StudyPlan:
        """The plan, or that which a study begins with."""
        return self._plan.value or first_plan(self._panel.value)

    def _measured(self, desk: Annotate) -> Pace:
        return desk.pace(tasks_per_group=self._base.tasks_per_group)

    @property
    def _fair(self) -> StudyPlan | None:
        """The plan with the minutes and a fair reward; None before enough tasks were timed."""
        if self.desk is None or (pace := self._measured(self.desk)).minutes is None:
            return None
        return pace.plan(self._base)

    @property
    def _proposed(self) -> StudyPlan | None:
        """The plan with the minutes, and with the reward if it is wanted."""
        fair = self._fair
        return fair if fair is None or self._reward.value else replace(self._base, minutes=fair.minutes)

    def _use_pace(self) -> None:
        plan = self._proposed
        if plan is None:
            return  # a click on a button that the browser does not show
        if self._plan.value is None:
            self._plan.set(self._base)  # what undoing returns to
        self._plan.update(lambda _: plan)
        pay = f", and pays {plan.pay}" if self._reward.value else ""
        self._told = f"The plan says {counted(int(plan.minutes), 'minute')} now{pay}."
        self._tell()

    @property
    def _can_be_gold(self) -> bool:
        """Whether there are labels to a question of one option, of rows that the data can spare."""
        if self.desk is None or self._as_gold or self._taken != self._now:
            return False
        asked = any(each.kind in ("single", "scale") for each in self._panel.value.codebook().without_checks())
        answered = len(self.desk.value.rows) - len(self.desk.left) - len(self.desk.value.skipped)
        return asked and 0 < answered <= len(self.desk.value.data) // 2

    def _make_gold(self) -> None:
        if self.desk is None or not self._can_be_gold:
            return
        labels, before = self.desk.answers(), self._data.value
        self._panel.start(
            lambda _: _with_gold(before, labels), "Making gold rows", lambda made: self._take_gold(before, made)
        )

    def _take_gold(self, before: Dataset | None, made: Dataset) -> None:
        if self._data.value is not before or self._taken is None:
            return  # other rows were chosen meanwhile
        number = len(made.gold or ())
        are = "is a gold row" if number == 1 else "are gold rows"
        self._told = f"{counted(number, 'row')} {are} now; Undo in Data."
        self._as_gold = _CODE
        self._taken = self._taken[0], made
        self._data.update(lambda now: made if now is before else now)
        self._follow()

    # --- for the composer --------------------------------------------------------------------------------------------

    def code(self) -> str:
        """The program that takes the tasks; empty if they are not shown."""
        return self.desk.code() + self._as_gold if self._shown and self.desk is not None else ""

    def summary(self) -> dict[str, object]:
        """How many tasks were taken, and where the answers are."""
        if self.desk is None:
            return {}
        found = self.desk.summary()
        return {"taken": f"{found['Answered']}; kept in {found['Kept in']}"}

    def close(self) -> None:
        """Close the desk."""
        if self.desk is not None:
            self.desk.close()
            self.desk = None
            self._room.children = ()


def _with_gold(data: Any, labels: Any) -> Dataset:
    labelled = set(labels["row"])
    rest = [key for key in data.row_keys if key not in labelled]
    made: Dataset = data.select(rest).with_gold(labels)
    return made
