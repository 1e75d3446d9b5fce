"""Collect until α is precise: the interval so far, the target, its cost, and the job that looks and pauses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from ... import plots
from ...analysis import Precision
from ...common.display import notify, suppress_notices
from ...common.money import Money
from ...jobs import Cancelled, Job
from ...workflow.collecting.collected import Collected
from ...workflow.collecting.precision_watch import PreciseUpdate
from ...workflow.run import Run
from ..kit import controls
from ..kit import widgets as w
from ..kit.figures import image_html, png
from ..kit.html_table import status_html
from ..kit.spending.confirm_amount import AmountWords, ConfirmAmount
from ..kit.surface import Surface
from ..kit.traits import set_if_changed, set_visible
from .study_words import Known

_TARGET, _LEAST, _MOST = 0.05, 0.01, 0.5
_KEPT = 200  # moments drawn
_LEFT = (
    "Looking was stopped, and the study continues: nothing pauses it before its places are filled. Start again to look "
    "on, or pause it."
)
_FAILED = "Looking ended with an error: nothing pauses the study now. Start again to look on, or pause it."
_CLOSED = (
    "The panel was closed, and looking at study {} until it is precise ended with it. The study continues: nothing "
    "pauses it before its places are filled. Open it again to look on, or pause it."
)


class UntilPrecise:
    """A fold of the monitor; while it is closed, and no study is collected, no answer is read for it.

    Parameters
    ----------
    start : callable
        Runs work as a job: the work, its name, and what gets its result.
    done : callable
        Called with the code of what was done.
    guard : callable
        `Panel.guard`.
    surface : Surface
        Of the panel.
    """

    def __init__(
        self, start: Callable[..., Job[Any]], done: Callable[[str], Any], guard: Callable[..., Any], surface: Surface
    ) -> None:
        self._start, self._done, self._guard, self._surface = start, done, guard, surface
        self._run: Run | None = None
        self._known, self._busy, self._built, self._offered = Known(), False, False, False
        self._jobs: dict[str, Job[Any]] = {}  # by study: showing another one must not end it
        self._unwatch: Callable[[], None] = lambda: None
        self._watched: Run | None = None
        self._seen: tuple[Precision, ...] = ()
        self._said = ""
        self.fold = controls.Fold("Precision", self._make_widgets, guard)
        self.fold.button.observe(guard(lambda _: self._follow()), names=["value"])

    def _make_widgets(self) -> w.Widget:
        self._words, self._picture = w.HTML(), w.HTML()
        look: dict[str, Any] = {"style": {"description_width": "initial"}, "layout": {"width": "220px"}}
        self._target = w.BoundedFloatText(
            value=_TARGET, min=_LEAST, max=_MOST, step=0.01, description="95 % interval: ±", **look
        )
        self._target.observe(self._guard(lambda _: self._show()), names=["value"])
        words = AmountWords("Collect until precise", "Looks at the answers and pauses the study", "collect", "started")
        self.confirmation = ConfirmAmount(self._confirmed, words, self._surface, self._guard)
        hint = "The study continues; nothing pauses it then"
        self.cancel = controls.button("Stop looking", self._cancel, self._guard, hint)
        self._built = True
        self._show()
        return controls.stack(self._picture, self._words, self._target, self.confirmation.box, self.cancel)

    def show(self, run: Run | None, known: Known, *, offered: bool, busy: bool) -> None:
        """Bring the widgets up to date; another run begins anew."""
        if run is not self._run:
            self._seen, self._said = (), ""
        self._run, self._known, self._busy = run, known, busy
        self._offered = offered or self._is_collecting
        set_visible(self.fold.box, self._offered)
        self._follow()
        if self._built:
            self._show()

    def close(self) -> None:
        """Read no more answers; called before the jobs of the panel are cancelled, which is said."""
        self._unfollow()
        if left := [study for study, job in self._jobs.items() if job.state == "running"]:
            notify(_CLOSED.format(", ".join(left)))

    def _unfollow(self) -> None:
        self._unwatch()
        self._unwatch, self._watched = lambda: None, None

    @property
    def _job(self) -> Job[Any] | None:
        return self._jobs.get(self._run.study_id) if self._run is not None else None

    @property
    def _is_collecting(self) -> bool:
        return self._job is not None and self._job.state == "running"

    def _follow(self) -> None:
        """Listen to the precision of the run while the fold is open."""
        wanted = self._run if self._offered and self.fold.open else None
        if wanted is self._watched:
            return
        self._unfollow()
        self._watched = wanted
        if wanted is not None:
            self._unwatch = wanted.watch().subscribe(self._guard(lambda news: self._hear(wanted, news)))

    def _hear(self, run: Run, news: Any) -> None:
        if run is not self._run or not isinstance(news, PreciseUpdate):
            return
        if news.precision_error is not None:
            self._said = f"The answers could not be read: {news.precision_error}"
        found = news.precision
        if found is not None and (not self._seen or self._seen[-1] != found):
            self._seen = (*self._seen, found)[-_KEPT:]
            if self._built:
                self._draw()
        if self._built:
            self._show()

    def _draw(self) -> None:
        """The interval against answers, on the thread of the poller."""
        course = pd.DataFrame(
            [(each.n_answers, each.value, each.low, each.high, each.safe_half_width) for each in self._seen],
            columns=["answers", "value", "low", "high", "safe_half_width"],
        )
        target = float(self._target.value)
        words: list[str] = []

        def draw(ax: Any) -> None:
            words.append(plots.alt_text(plots.precision(course, target=target, ax=ax)))

        set_if_changed(self._picture, "value", image_html(png(draw), words[-1]))

    def _show(self) -> None:
        run, collecting = self._run, self._is_collecting
        now = str(self._seen[-1]) if self._seen else "No answers yet."
        progress = self._job.progress if self._job is not None and collecting else None
        doing = f" {progress.step}." if progress is not None and "NOT" in progress.step else ""
        goal = f"α is known to ± {self._target.value:g}"
        looking = f"Looking until {goal}; then the study is paused." if collecting else self._said
        set_if_changed(self._words, "value", status_html(f"{now}. {looking}{doing}".replace("..", ".").strip()))
        set_if_changed(self._target, "disabled", collecting)
        shown = self._offered and not collecting and run is not None and self._known.state in ("ACTIVE", "PUBLISHING")
        what = f"collecting until ± {self._target.value:g}, with all places at most,"
        self.confirmation.show(self._known.mode, self._known.cost, what, shown=shown, busy=self._busy)
        set_visible(self.cancel, collecting)

    def _confirmed(self, cost: Money) -> None:
        run, target = self._run, float(self._target.value)
        if run is None or self._is_collecting:
            return
        self._said = ""

        def collect(on_progress: Any) -> Collected | None:
            with suppress_notices():
                try:
                    return run.collect_until(precision=target, max_cost=cost, on_progress=on_progress)
                except Cancelled:
                    return None
                except Exception:  # which the panel shows
                    self._say(run, _FAILED)
                    raise

        code = f'run.collect_until(precision={target:g}, max_cost="{cost.major}")'
        name = "Collecting until precise"
        self._jobs[run.study_id] = self._start(collect, name, lambda end: self._ended(run, end, code))
        self._show()

    def _ended(self, run: Run, end: Collected | None, code: str) -> None:
        self._say(run, end.finding if end is not None else _LEFT)
        if end is not None and run is self._run:
            self._done(code)
        self._show()

    def _say(self, run: Run, words: str) -> None:
        if run is self._run:
            self._said = words

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
