"""One row per person: how much, how fast, how varied, and how well they answered."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from .answer_codes import Questions, totals
from .counts import Ints
from .flag_rules import Rules
from .intervals import Floats, ratio
from .known_answers import Scored, sides
from .people_facts import Facts, Reading, facts_of
from .proportions import wilson


def annotators(
    frame: pd.DataFrame,
    *,
    questions: Questions | None = None,
    shown: Iterable[str] = (),
    submissions: pd.DataFrame | None = None,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    text: Iterable[str] | None = None,
) -> pd.DataFrame:
    """How each person answered, one row each; all questions of the frame are used.

    =======================  =========================================================================================
    column                   content
    =======================  =========================================================================================
    participant_id           the person; the column is named as `annotator`
    answers, units           answers given, gold rows and checks included; different units
    submissions              submissions; NA without a column ``submission_id``
    minutes                  of the submissions, or of the timed tasks; NA if unknown
    seconds_per_task         median; if only the time of submissions is known, that time over its tasks
    speed_z                  robust z of log(seconds): the median over the tasks of the difference from the others'
                             median time for the same unit (where three others have one, else from the time predicted
                             by words and pictures shown), in units of 1.4826 MAD over people (Iglewicz & Hoaglin
                             1993); negative is fast
    longest_run              most answers in a row with one option, in order of answering; NA if the order is unknown
    same_option, of          share of the commonest option in the question where it stands out most; answers to it
    entropy                  of the labels in bits, and of the others' labels on the same units (``entropy_others``)
    texts, repeated          texts of five words or more; share that repeat an own text, another person's, or what was
                             shown (the shares of each: ``repeated_own, repeated_others, pasted``)
    agreement                mean share of the others who gave the same label, over the ``compared`` labels on units
                             with others; ``agreement_low, agreement_high``: 95 % interval over units (Wilson 1927)
    kappa                    the same corrected for the agreement expected if the person's labels were shuffled over
                             their units, with ``kappa_low, kappa_high``
    informative              share of the labels that depend on the unit as those of a typical annotator do, the others
                             following a habit; with a 95 % likelihood interval ``informative_low, informative_high``
    gold, checks             share of right answers to gold rows and attention checks (column ``expected``), with
                             ``gold_low, gold_high``, ``gold_n``, ``checks_n``
    left                     share of the left side among the comparisons with a choice, with ``left_low, left_high``,
                             ``left_n``
    =======================  =========================================================================================

    Parameters
    ----------
    frame : DataFrame
        Answers, such as ``run.responses(checks=True)``, or any frame with columns for unit, annotator and label.
    questions : Codebook or its records, optional
        By default those in ``frame.attrs``. Without any, a label is an option, unless the column ``type`` says that it
        is text, or it is one of many numbers.
    shown : iterable of str
        Columns with what was shown: their words and pictures predict the time, and texts are compared with them.
    submissions : DataFrame, optional
        ``run.submissions()``, for the minutes.
    unit, annotator, label : str
        Columns for what was labelled, who labelled it, and the label; as in `count`.
    text : iterable of str, optional
        Columns with free text besides `label`; by default ``explanation``, if there is one.

    Returns
    -------
    DataFrame
        Shares and times are Float64, counts Int64; NA where nothing is known. ``attrs["notes"]`` says what was left
        out.
        Numbers are compared by the fifth of all answers that they are in. A label that is not among the 29 most
        frequent of its question counts as another one.

    Raises
    ------
    DataError
        A column is missing or cannot be read, or a person answered the same question about the same unit twice.

    Examples
    --------
    >>> rows = [(unit, who, truth) for unit, truth in enumerate("xyxyyx") for who in "abc"]
    >>> rows += [(unit, "d", "x") for unit in range(6)]
    >>> frame = pd.DataFrame(rows, columns=["row", "participant_id", "value"])
    >>> annotators(frame)[["participant_id", "answers", "same_option", "agreement", "kappa"]].round(2)
      participant_id  answers  same_option  agreement  kappa
    0              a        6          0.5       0.83   0.67
    1              b        6          0.5       0.83   0.67
    2              c        6          0.5       0.83   0.67
    3              d        6          1.0        0.5    0.0
    """
    how = Reading(questions, shown, submissions, unit, annotator, label, text)
    rules = Rules()
    return table_of(facts_of(frame, how, per_answer=rules.seconds, words_per_minute=rules.words_per_minute), annotator)


def table_of(facts: Facts, annotator: str) -> pd.DataFrame:
    """The table of `annotators`, from statistics."""
    answers, lines, others = facts.answers, facts.lines, facts.others
    low, high = others.agreement_interval()
    best, least, most = others.informative()
    counts = {"answers": answers.answers, "units": totals(answers.who[answers.once], answers.n_people)}
    table = pd.DataFrame({annotator: answers.people})
    columns: dict[str, Floats] = {
        **{name: each.astype(float) for name, each in counts.items()},
        "submissions": _submissions(facts),
        "minutes": facts.speed.minutes,
        "seconds_per_task": facts.speed.seconds,
        "speed_z": facts.speed.z,
        "longest_run": lines.run,
        "same_option": lines.same,
        "of": lines.n,
        "entropy": others.entropy,
        "entropy_others": others.entropy_others,
        "texts": facts.texts.n,
        "repeated": ratio(facts.texts.repeated, facts.texts.n),
        "repeated_own": ratio(facts.texts.own, facts.texts.n),
        "repeated_others": ratio(facts.texts.others, facts.texts.n),
        "pasted": ratio(facts.texts.shown, facts.texts.n),
        "compared": others.n,
        "agreement": others.agreement,
        "agreement_low": low,
        "agreement_high": high,
        "kappa": others.corrected(others.agreement),
        "kappa_low": others.corrected(low),
        "kappa_high": others.corrected(high),
        "informative": best,
        "informative_low": least,
        "informative_high": most,
        **_share("gold", facts.gold),
        "checks": ratio(facts.checks.right, facts.checks.n),
        "checks_n": facts.checks.n,
        **_side(facts),
    }
    for name, each in columns.items():
        whole = name in _WHOLE
        values = pd.array(np.where(np.isfinite(each), each, np.nan), dtype="Float64")
        values[np.isnan(each)] = pd.NA
        table[name] = values.astype("Int64") if whole else values
    table.attrs["notes"] = list(answers.notes)
    return table


_WHOLE = {"answers", "units", "submissions", "longest_run", "of", "texts", "compared", "gold_n", "checks_n", "left_n"}


def _different(units: Ints, who: Ints, n_people: int) -> Floats:
    return totals(who[~pd.Series(units * n_people + who).duplicated().to_numpy()], n_people)


def _submissions(facts: Facts) -> Floats:
    frame = facts.answers.frame
    if "submission_id" not in frame.columns or frame["submission_id"].isna().all():
        return np.full(facts.answers.n_people, np.nan)
    codes = pd.factorize(frame["submission_id"])[0]
    return _different(codes[codes >= 0], facts.answers.who[codes >= 0], facts.answers.n_people).astype(float)


def _share(name: str, given: Scored) -> dict[str, Floats]:
    share = ratio(given.right, given.n)
    low, high = wilson(np.nan_to_num(share), given.n)
    return {name: share, f"{name}_low": low, f"{name}_high": high, f"{name}_n": given.n}


def _side(facts: Facts) -> dict[str, Floats]:
    n, left = sides(facts.answers.questions, facts.answers.n_people)
    return _share("left", Scored(n, left, n))
