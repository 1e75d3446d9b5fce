"""How a collection ended: why, how precise the answers are, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...analysis import Precision
from ...analysis.coefficient import rounded
from ...analysis.precision import FEWEST_UNITS, reached
from ...common.display import Mode, card, lines
from ...common.money import Money
from ...common.plurals import counted

Reason = Literal["precise", "filled", "stopped", "paused", "cap"]


@dataclass(frozen=True)
class Collected:
    """The end of `run.collect_until`.

    Parameters
    ----------
    mode : {"SANDBOX", "LIVE"}
    study_id, question : str
    reason : {"precise", "filled", "stopped", "paused", "cap"}
        The interval is narrow enough, and the study was paused; all places are filled; the study was stopped, or
        paused, by somebody else; its cost rose above the cap, and it was paused.
    precision : Precision
        α with its interval. After a pause it changes once more when those at work have finished.
    target : float
        The half-width asked for.
    spent : Money
        With fees, VAT and bonuses.
    cap : Money or None
        The highest cost allowed.
    at_work : int
        Participants who had started and not finished: they may finish, and are paid.
    """

    mode: Mode
    study_id: str
    question: str
    reason: Reason
    precision: Precision
    target: float
    spent: Money
    cap: Money | None
    at_work: int = 0

    @property
    def words(self) -> str:
        """The end, and what can be done now."""
        remedies = []
        if self.reason == "filled" and not self.is_precise:
            remedies.append("run.add_annotators(...) asks more people.")
        if self.reason in ("precise", "cap", "paused"):
            remedies.append("run.stop() ends the study; run.resume() lets more people take part.")
        return " ".join([self.finding, *remedies])

    @property
    def finding(self) -> str:
        """The end in a sentence or two."""
        most = f" of at most {self.cap.major}" if self.cap is not None else ""
        sentences = [f"{self._what} after {counted(self.precision.n_answers, 'answer')}: {self.estimate}; "
                     f"spent {self.spent.major}{most} {self.spent.currency or ''}".rstrip() + "."]  # fmt: skip
        if self.reason == "filled" and not self.is_precise:
            sentences.append(f"The target ±{self.target:g} was not reached{self._why_not}.")
        if self.reason == "cap":
            sentences.append("Its cost rose above the cap, by a change made elsewhere.")
        if self.at_work:
            people = counted(self.at_work, "participant")
            sentences.append(f"{people} had started: they may finish, and are paid.")
        return " ".join(sentences)

    @property
    def _why_not(self) -> str:
        """Why an interval that looks narrow enough is not, in words for the end of a sentence; else ""."""
        found = self.precision
        if found.n_units < FEWEST_UNITS:
            return f": it needs at least {FEWEST_UNITS} rows with two labels or more, and there are {found.n_units}"
        if found.half_width < 1.005 * self.target < 1.005 * found.safe_half_width:
            return f": after several looks at the answers, α is known to ±{found.safe_half_width:.3f}"
        return ""

    @property
    def is_precise(self) -> bool:
        """Whether α is known to ± target, so that ``value ± target`` may be reported."""
        return self.reason == "precise" or reached(self.precision, self.target)

    @property
    def estimate(self) -> str:
        """α ± target where that was reached, else α ± half of the interval so far."""
        return f"α {rounded(self.precision.value)} ± {self.target:g}" if self.is_precise else self.precision.words

    @property
    def _what(self) -> str:
        return {
            "precise": "Paused",
            "cap": "Paused",
            "paused": "Paused by somebody else",
            "stopped": "Stopped",
            "filled": "All places filled",
        }[self.reason]

    def _rows(self) -> dict[str, object]:
        found = self.precision
        rows: dict[str, object] = {"ended": self._what, "question": self.question, "α": self.estimate}
        rows |= {"target": f"± {self.target:g}", "answers": f"{found.n_answers:,}", "spent": self.spent}
        rows |= {"at most": self.cap} if self.cap is not None else {}
        return rows | ({"at work": counted(self.at_work, "participant")} if self.at_work else {})

    def __str__(self) -> str:
        return self.words

    def __repr__(self) -> str:
        return lines(f"{self.mode} study {self.study_id}", self._rows())

    def _repr_html_(self) -> str:
        return card(self.mode, f"study {self.study_id}", self._rows())
