"""How far people agree, question by question: numbers, words and picture put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from . import plots
from .analysis import Coefficient, Counts, count, fleiss_kappa, krippendorff_alpha, percent_agreement, unit_column
from .design.codebook import Codebook, Question, text_of
from .errors import DataError
from .findings import Finding

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COEFFICIENTS = (percent_agreement, fleiss_kappa, krippendorff_alpha)
_SIMULATED = "SANDBOX: the people are simulated, so this says nothing about real annotators."
_UNITS_ONLY = (
    "The intervals come from resampling units: they say how the numbers would move with other units like these, "
    "not with other people."
)
_ONE_BY_ONE = "run.responses(question=...) and analysis.krippendorff_alpha"
_WHY = {
    "scale": f"its options have an order, which nominal coefficients ignore; to score it without the order, "
    f"use {_ONE_BY_ONE}",
    "many": "people may pick several options, so an answer is a set and not one label; score one option at a time: "
    "make a column that says whether it was picked",
    "number": "numbers agree by degree, and nominal coefficients know only the same or not; sort them into classes "
    f"and use {_ONE_BY_ONE}",
    "text": "free text has no fixed labels; code the answers into categories first",
    "file": "files have no fixed labels; code them into categories first",
}
_UNKNOWN = "the codebook does not hold this question; pass the codebook that came with the answers: questions=..."
_ABSENT = "the frame holds no answers to it; take run.responses() of all questions to score it too"

# Where percent agreement and α are further apart than this, or an interval is wider, the words say so.
_APART, _COMMON, _WIDE = 0.3, 0.7, 0.3


@dataclass(frozen=True, eq=False)
class AgreementReport:
    """Agreement per question, made by `agreement`.

    Parameters
    ----------
    table : DataFrame
        ``question, coefficient, value, low, high, n_units``: the coefficient, its 95 % interval and the units behind
        it; nan where undefined, with the reason in `words`.
    not_scored : DataFrame
        ``question, kind, why`` of the questions that these coefficients are not made for.
    words : str
        One paragraph per question, and what the intervals speak of.
    headline : str
        The most important result in one sentence.
    mode : str or None
        ``"SANDBOX"`` if the answers came from simulated people, ``"LIVE"`` if not, None if the frame does not say.
    """

    table: pd.DataFrame
    not_scored: pd.DataFrame
    words: str
    headline: str
    mode: str | None = None

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the table; see `prolific_nb.plots.agreement`."""
        return plots.agreement(self.table, ax=ax, note=_SIMULATED if self.mode == "SANDBOX" else None)

    def __repr__(self) -> str:
        table = self.table.to_string(index=False, float_format="{:.2f}".format) if len(self.table) else "(no scores)"
        return "\n\n".join([f"{self.mode} agreement" if self.mode else "Agreement", table, self.words])

    def _repr_html_(self) -> str:
        shown = self.table.to_html(index=False, float_format="{:.2f}".format, na_rep="undefined", border=0)
        words = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in self.words.split("\n\n"))
        title = f"{self.mode} agreement" if self.mode else "Agreement"
        return f'<div class="pnb-card"><p><b>{escape(title)}</b></p>{shown}{words}</div>'


def agreement(
    frame: pd.DataFrame,
    *,
    questions: Codebook | Iterable[Question] | Iterable[Mapping[str, Any]] | None = None,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    draws: int = 1000,
    seed: int = 0,
) -> AgreementReport:
    """How far people agree on each single-choice question.

    Percent agreement, Fleiss' κ and Krippendorff's nominal α, each with a 95 % interval from resampling units. Answers
    that are missing are left out and counted in the words. Other kinds of question are listed with the reason why
    they are not scored.

    Parameters
    ----------
    frame : DataFrame
        One row per answer, as `run.responses()` gives it, or any frame with columns for unit, annotator and label.
    questions : Codebook, or the records or questions it is made of, optional
        What was asked and offered; ``frame.attrs["questions"]`` without it. A frame of one question needs none: its
        labels are then taken as they are.
    unit, annotator, label : str
        Columns; see `prolific_nb.analysis.count`.
    draws : int
        Resamples of units for the intervals.
    seed : int
        Seed of the resampling; the same seed gives the same intervals.

    Returns
    -------
    AgreementReport

    Raises
    ------
    DataError
        The frame holds several questions and no codebook says what they are; a column is not there; an annotator
        answered the same question about the same unit twice. All findings of all questions are given at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [1, 1, 2, 2, 3, 3], "participant_id": ["a", "b"] * 3, "value": list("xxyyxy")})
    >>> report = agreement(frame)
    >>> report.table[["coefficient", "value", "n_units"]].round(2)
                     coefficient  value  n_units
    0          Percent agreement   0.67        3
    1                  Fleiss' κ   0.33        3
    2  Krippendorff's α (nominal)   0.44        3
    """
    unit = unit_column(frame, unit)
    mode = frame.attrs.get("mode")
    book = _codebook(frame, questions, label)
    to_score, not_scored = _sort_out(book, _present(frame), filtered=questions is None and len(frame) > 0)
    scored: list[_Scored] = []
    found: list[Finding] = []
    for each in to_score:
        try:
            scored.append(_score(_part(frame, each), each, unit, annotator, label, draws, seed))
        except DataError as error:
            found += [_placed(finding, each, frame) for finding in error.findings]
    if found:
        raise DataError("The frame", list(dict.fromkeys(found)))
    return AgreementReport(
        table=_table(scored),
        not_scored=pd.DataFrame(not_scored, columns=["question", "kind", "why"], dtype=object),
        words=_words(scored, not_scored, mode),
        headline=_headline(scored, mode),
        mode=mode,
    )


@dataclass(frozen=True)
class _Scored:
    """One question with its counts and its coefficients."""

    question: str
    counts: Counts
    coefficients: tuple[Coefficient, ...]
    others: tuple[str, ...]


def _present(frame: pd.DataFrame) -> list[str]:
    """Questions that the frame holds rows of; none where it does not say."""
    return list(frame["question"].dropna().unique()) if "question" in frame.columns else []


def _codebook(frame: pd.DataFrame, questions: Any, label: str) -> Codebook:
    """The codebook given, else the one that travels with the frame, else one for a frame of one question."""
    given = frame.attrs.get("questions") if questions is None else questions
    present = _present(frame)
    if given is not None:
        parts = list(given)
        book = Codebook(parts) if all(isinstance(each, Question) for each in parts) else Codebook.from_records(parts)
        if "question" not in frame.columns and len(book) > 1:
            what = f"The codebook holds {len(book)} questions, and no column 'question' says which answer is to which."
            raise DataError("The frame", [Finding("error", what, "Pass the codebook of one question only.")])
        return book
    if len(present) > 1:
        what = f"It holds {len(present)} questions and no codebook: {'; '.join(map(repr, present))}."
        remedy = (
            "Pass what was asked, agreement(frame, questions=codebook) with design.codebook() or the records of "
            "questions.json, or take the rows of one question."
        )
        raise DataError("The frame", [Finding("error", what, remedy, column="question")])
    return Codebook([Question(present[0] if present else label, "single", "")])


def _sort_out(
    book: Codebook, present: list[str], *, filtered: bool
) -> tuple[list[Question], list[tuple[str, str, str]]]:
    """What to score, and what not with its kind and the reason.

    A codebook that came with the frame still holds the questions that were filtered out of the frame; one that was
    passed says what is wanted, so a question without answers is scored as undefined there.
    """
    to_score: list[Question] = []
    not_scored: list[tuple[str, str, str]] = []
    for each in book:
        if filtered and present and each.question not in present:
            not_scored.append((each.question, each.kind, _ABSENT))
        elif each.kind in _WHY:
            not_scored.append((each.question, each.kind, _WHY[each.kind]))
        else:
            to_score.append(each)
    known = {each.question for each in book}
    return to_score, not_scored + [(name, "", _UNKNOWN) for name in present if name not in known]


def _part(frame: pd.DataFrame, question: Question) -> pd.DataFrame:
    return frame[frame["question"] == question.question] if "question" in frame.columns else frame


def _score(
    part: pd.DataFrame, question: Question, unit: str, annotator: str, label: str, draws: int, seed: int
) -> _Scored:
    """Count once, then every coefficient from the same counts."""
    categories: list[str] | None = None
    others: list[str] = []
    if question.options and label in part.columns:
        part = part.assign(**{label: part[label].map(_text, na_action="ignore")})
        offered = [text_of(option) for option in question.options]
        # An answer that was not offered is shown and counted, never lost.
        others = sorted(set(part[label].dropna().unique()) - set(offered))
        categories = offered + others
    counts = count(part, unit=unit, annotator=annotator, label=label, categories=categories)
    results = tuple(coefficient(counts, draws=draws, seed=seed) for coefficient in _COEFFICIENTS)
    return _Scored(question.question, counts, results, tuple(others))


def _text(value: Any) -> str:
    """The canonical text of a label, so that the number 1 in a frame is the option ``1`` of the codebook."""
    plain = value.item() if isinstance(value, np.generic) else value
    return text_of(plain) if isinstance(plain, str | int | float) else str(plain)


def _placed(finding: Finding, question: Question, frame: pd.DataFrame) -> Finding:
    """The finding with its question, unless it is about the whole frame."""
    return replace(finding, place=f"question {question.question!r}") if finding.column in frame.columns else finding


def _behind(result: Coefficient) -> int:
    """Units that a coefficient rests on: those with one answer count in Fleiss' chance term only."""
    return result.n_units if result.name == "Fleiss' κ" else result.n_paired


def _table(scored: list[_Scored]) -> pd.DataFrame:
    rows = [
        (each.question, result.name, result.value, result.low, result.high, _behind(result))
        for each in scored
        for result in each.coefficients
    ]
    table = pd.DataFrame(rows, columns=["question", "coefficient", "value", "low", "high", "n_units"])
    return table.astype({"value": float, "low": float, "high": float, "n_units": np.int64})


def _words(scored: list[_Scored], not_scored: list[tuple[str, str, str]], mode: str | None) -> str:
    parts = [_SIMULATED] if mode == "SANDBOX" else []
    parts += [_paragraph(each) for each in scored]
    if any(not np.isnan(result.low) for each in scored for result in each.coefficients):
        parts.append(_UNITS_ONLY)
    if not_scored:
        parts.append("Not scored: " + "; ".join(f"“{question}” ({why})" for question, _, why in not_scored) + ".")
    return "\n\n".join(parts) or "There is no question to score."


def _paragraph(scored: _Scored) -> str:
    """What was counted, what the numbers mean here, and what to know before using them."""
    counts, (percent, kappa, alpha) = scored.counts, scored.coefficients
    single = f", {counts.n_single:,} of them with a single answer" if counts.n_single else ""
    said = [
        f"“{scored.question}”: {_many(counts.n_ratings, 'answer', 'answers')} by "
        f"{_many(counts.n_annotators, 'person', 'people')} on {_many(counts.n_units, 'unit', 'units')}{single}."
    ]
    if not np.isnan(percent.value):
        said.append(
            f"Two people who answered about the same unit agreed {_share(percent.value)} of the time "
            f"({_range(percent)}); by chance it would be {_share(alpha.expected)}."
        )
    if not np.isnan(alpha.value):
        said.append(f"Krippendorff's α = {alpha.value:.2f} ({alpha.interval}), Fleiss' κ = {kappa.value:.2f}:")
        said.append(_meaning(alpha))
        said += _cautions(percent, alpha, counts)
    if scored.others:
        said.append(f"Among the answers are some that were not offered, counted as they are: {_list(scored.others)}.")
    return " ".join([*said, alpha.note]).rstrip()


def _range(percent: Coefficient) -> str:
    if np.isnan(percent.low):
        return percent.interval
    return f"95 % interval {_share(percent.low)} to {_share(percent.high)}"


def _meaning(alpha: Coefficient) -> str:
    """α as the share of chance disagreement that is gone; no verdict, since what is enough depends on the use."""
    if alpha.low <= 0 <= alpha.high:
        return "this cannot be told from chance."
    if alpha.value < 0:
        return "people disagree more than chance alone would have them."
    return f"of the disagreement that chance alone would give, {_share(alpha.value)} is gone."


def _cautions(percent: Coefficient, alpha: Coefficient, counts: Counts) -> list[str]:
    said = []
    share = counts.totals.max() / counts.n_ratings
    if percent.value - alpha.value > _APART and share > _COMMON:
        commonest = counts.categories[int(counts.totals.argmax())]
        said.append(
            f"Percent agreement and α part ways because {_share(share)} of the answers are “{commonest}”: agreeing on "
            "what is common is easy, and α asks about the rest."
        )
    if alpha.high - alpha.low > _WIDE:
        said.append("The interval is wide: more units would say more.")
    return said


def _headline(scored: list[_Scored], mode: str | None) -> str:
    """The question with the lowest α; where none is defined, the first reason."""
    who = "Simulated people: " if mode == "SANDBOX" else ""
    if not scored:
        return f"{who}no question could be scored; not_scored says why."
    defined = [each for each in scored if not np.isnan(each.coefficients[-1].value)]
    if not defined:
        return f"{who}“{scored[0].question}” has no score. {scored[0].coefficients[-1].note}"
    weakest = min(defined, key=lambda each: each.coefficients[-1].value)
    alpha = weakest.coefficients[-1]
    least = "agreement is lowest on" if len(defined) > 1 else "agreement on"
    number = f"Krippendorff's α = {alpha.value:.2f} ({alpha.interval})"
    return f"{who}{least} “{weakest.question}”, {number}: {_meaning(alpha)}"


def _list(values: tuple[str, ...]) -> str:
    more = f" and {len(values) - 5} more" if len(values) > 5 else ""
    return ", ".join(f"“{value}”" for value in values[:5]) + more


def _share(part: float) -> str:
    return f"{100 * part:.0f} %"


def _many(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
