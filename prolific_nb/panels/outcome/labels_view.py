"""One label for each row, by the method chosen or by the adjudicator, with the shares; ties are said."""

from __future__ import annotations

from html import escape

import pandas as pd

from ...common.display import quoted
from ...common.plurals import counted
from ...report.one_label import METHODS, label_table
from ...report.question_data import QuestionData
from ..kit import widgets as w
from ..kit.controls import row, stack
from ..kit.html_table import shorten, status_html
from ..kit.traits import set_if_changed, set_visible
from .answer_table import percent, text
from .fetched_answers import Answers
from .pager import Pager
from .saving import Saving
from .view import View

PAGE = 25
_SHARE, _FEW = "share of ", 4
_FIRST = ("label", "decided_by", "reason", "share", "n_ratings", "lowest", "highest")
_NAMES = {
    "plurality": "Plurality (majority vote)",
    "weighted_vote": "Weighted vote",
    "dawid_skene": "Dawid-Skene",
    "median": "Median",
    "mean": "Mean",
}


class LabelsView(View):
    """A page of rows with their labels."""

    saving: Saving

    def build(self) -> w.Widget:
        """The method, a sentence, the table, and a file to save it to."""
        self._reading: QuestionData | None = None
        self._table: pd.DataFrame | None = None
        self._decided = pd.DataFrame()
        self._method = w.Dropdown(description="Method", options=[("", "")], layout={"width": "auto"})
        self._method.observe(self.panel.guard(lambda _: self._aggregate()), names=["value"])
        self._words = w.HTML()
        self._pager = Pager("One label per row", PAGE, self.panel.guard, _cells)
        self.saving = Saving(self.panel, "labels.csv", lambda: self._table)
        self._below = stack(self._pager.box, self.saving.box)
        for part in (self._method, self._below):
            set_visible(part, False)
        return stack(row(self._method), self._words, self._below)

    def show(self, answers: Answers, question: str) -> None:
        """As of any tab; what was adjudicated since is put in."""
        same = (answers, question) == (self.answers, self.question)
        super().show(answers, question)
        if same and self._reading is not None and not self._decisions().equals(self._decided):
            self._aggregate()

    def _decisions(self) -> pd.DataFrame:
        """What an adjudicator decided on the question so far."""
        assert self.answers is not None
        assert self._reading is not None
        frame = self.answers.run.adjudications.frame()
        return frame[frame["question"] == self._reading.question]

    def renew(self) -> None:
        """Read the answers to the question, or to the first of all that has labels."""
        answers, question = self.answers, self.question
        if answers is not None:
            key = ("readable", question)
            self.compute(key, lambda: _readable(answers, question), self._read, "Reading the answers…")

    def _read(self, found: QuestionData | str) -> None:
        self._reading = found if isinstance(found, QuestionData) else None
        for part in (self._method, self._below):
            set_visible(part, self._reading is not None)
        if isinstance(found, str):
            set_if_changed(self._words, "value", f"<p>{escape(found)}</p>")
            return
        options = [(_NAMES[name], name) for name in METHODS[found.kind]]
        if list(self._method.options) == options:
            self._aggregate()
        else:
            self._method.options = options  # chooses the first, which aggregates

    def _aggregate(self) -> None:
        answers, reading, method = self.answers, self._reading, self._method.value
        if answers is None or reading is None or method not in METHODS[reading.kind]:
            return
        self.saving.forget()
        decided = self._decided = self._decisions()
        key = ("one label", reading.question, method, decided.to_csv())
        self.compute(
            key,
            lambda: label_table(reading, answers.frame, answers.columns, method, decided if len(decided) else None),
            self._show,
            "Aggregating the labels…",
        )

    def _show(self, table: pd.DataFrame) -> None:
        self._table = table
        about = "" if self.question or self._reading is None else f"“{shorten(self._reading.question, 90)}”: "
        set_if_changed(self._words, "value", status_html(about + _sentence(table)))
        self._pager.show(_shown(table, str(table.columns[0])))
        self.panel.announce()

    def code(self) -> str:
        """The table, saved."""
        if self._reading is None:
            return ""
        question, method = quoted(self._reading.question), quoted(self._method.value)
        path = quoted(self.saving.path)
        adjudicated = ", adjudications=run.adjudications.frame()" if len(self._decided) else ""
        return (
            f"labels = pnb.aggregate_labels(answers, {question}, method={method}{adjudicated})\n"
            f"print(labels)\npnb.save_table(labels, {path})\n"
        )


def _readable(answers: Answers, question: str) -> QuestionData | str:
    """The answers to the question, or the reason why there are no labels."""
    report = answers.report(question)
    if report.scored:
        return report.scored[0].reading
    reasons = answers.why_not_scored(question)
    return f"No labels to aggregate: {reasons}." if reasons else "There are no labels to aggregate."


def _sentence(table: pd.DataFrame) -> str:
    ties = int(table["tied"].notna().sum()) if "tied" in table else 0
    whole = counted(len(table), "row")
    about = f"{whole}: {len(table) - ties:,} with one label, {ties:,} tied." if ties else f"{whole}, none tied."
    note = " ".join(each for each in table.attrs["note"].split(". ") if "tied between" not in each)
    return f"{whole if 'tied' not in table else about} {note}".strip()


def _shown(table: pd.DataFrame, unit: str) -> pd.DataFrame:
    """What is read first: the label, or the tied ones, and its share; the shares of many options come last."""
    if "tied" in table:
        table = table.drop(columns="tied").assign(label=_words(table))
    # The votes are the shares once more; and unless somebody adjudicated, the method decided each label.
    table = table.drop(columns=["votes", *([] if "reason" in table else ["decided_by"])], errors="ignore")
    first = [name for name in _FIRST if name in table]
    shares = [name for name in table.columns if str(name).startswith(_SHARE)]
    own = [name for name in table.columns if name not in (*first, *shares, unit)]
    rest = [*shares, *own] if len(shares) <= _FEW else [*own, *shares]
    return table[[*first, *rest, unit]].rename(columns={"n_ratings": "answers", "decided_by": "decided by"})


def _words(table: pd.DataFrame) -> pd.Series:
    return table["label"].astype(object).where(table["tied"].isna(), "tie: " + table["tied"].astype(object))


def _cells(page: pd.DataFrame) -> dict[str, list[str]]:
    """Shares in percent, and ties set apart."""
    names = [name for name in map(str, page.columns) if name == "share" or name.startswith(_SHARE)]
    found = {name: percent(page[name]) for name in names}
    if "share" in page:
        found["label"] = [_label(str(each)) for each in page["label"]]
    return found


def _label(words: str) -> str:
    return f"<em>{text(words)}</em>" if words.startswith("tie: ") else f"<b>{text(words)}</b>"
