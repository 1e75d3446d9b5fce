"""Flags: people whose answers show little care, with the evidence, and the frame to review them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from ..common.findings import Finding
from ..common.plurals import a_type, counted
from ..errors import ArgumentTypeError, DataError
from .annotator_table import table_of
from .answer_codes import Questions
from .flag_evidence import Evidence, evidence, raised
from .flag_rules import FLAGS, Rules
from .flag_sentences import CATEGORIES, Flagged, message_of, sentence_of
from .people_facts import Facts, Reading, facts_of

COLUMNS = ("participant_id", "submission_id", "flag", "value", "threshold", "n", "sentence")


class Flags(pd.DataFrame):
    """The flags, one row per person, submission and flag; `to_review` makes the frame for ``run.review``.

    Attributes
    ----------
    people : DataFrame
        The table of `annotators`.
    submissions : DataFrame
        Every submission of the answers with its person, status and messages; what `to_review` selects from.
    words : str
        The numbers in a paragraph, with how many flags are expected by chance.
    """

    _metadata = ["people", "submissions", "words"]  # noqa: RUF012
    people: pd.DataFrame
    submissions: pd.DataFrame
    words: str

    @property
    def _constructor(self) -> Callable[..., Flags]:
        return Flags

    def to_review(self, *, approve_rest: bool = False) -> pd.DataFrame:
        """The frame for ``run.review``. Nothing is decided: the action of flagged submissions is empty.

        Parameters
        ----------
        approve_rest : bool
            Add every submission without a flag that awaits review, with the action ``"approve"``.

        Returns
        -------
        DataFrame
            One row per submission: ``submission_id, participant_id, action, category, message, flags``. Category and
            message (at least 100 characters) are proposals for a rejection: read them, look at the answers, and set
            the action to ``"reject"`` or ``"approve"``. Flags selected before, such as ``flags[flags["flag"] !=
            "outlier in speed"]``, are the only ones that count; what was deselected counts as not flagged.

        Raises
        ------
        DataError
            The answers have no ``submission_id``.

        Examples
        --------
        >>> import prolific_nb as pnb
        >>> rows = [(unit, who, "xyz"[unit % 3]) for unit in range(20) for who in "abc"]
        >>> frame = pd.DataFrame([*rows, *((unit, "d", "x") for unit in range(20))])
        >>> frame = frame.set_axis(["row", "participant_id", "value"], axis=1).assign(position=1)
        >>> found = flags(frame.assign(submission_id="s" + frame["participant_id"]))
        >>> found.to_review(approve_rest=True)[["submission_id", "action", "category"]]
          submission_id   action    category
        0            sd           LOW_EFFORT
        1            sa  approve
        2            sb  approve
        3            sc  approve
        """
        submissions = getattr(self, "submissions", None)  # lost where frames are joined
        kept = {"submission_id", "flag"} <= set(self.columns)
        if submissions is None or not len(submissions) or not kept:
            what = "Their submissions are not known, so there is nothing to review."
            remedy = "Use run.flags(), or flags of answers with a column submission_id, and select rows of them only."
            raise DataError("The flags", [Finding("error", what, remedy)])
        flagged = submissions[submissions["submission_id"].isin(self["submission_id"])]
        names = {one: list(part) for one, part in self.groupby("submission_id", observed=True, sort=False)["flag"]}
        rows = [_row(each, names[each["submission_id"]]) for each in flagged.to_dict("records")]
        if approve_rest:
            rest = submissions[~submissions["submission_id"].isin(names)]
            waiting = rest["status"].isna() | (rest["status"] == "AWAITING REVIEW")
            rows += [_row(each, []) for each in rest[waiting].to_dict("records")]
        columns = ["submission_id", "participant_id", "action", "category", "message", "flags"]
        return pd.DataFrame(rows, columns=columns)

    def _repr_html_(self) -> str:
        words = getattr(self, "words", "")
        with pd.option_context("display.max_colwidth", None):  # a sentence is the reason: it is never cut
            table = pd.DataFrame(self).to_html(index=False, max_rows=60)
        return f"<p>{escape(words)}</p>{table}"


def _row(submission: Mapping[Any, Any], names: Sequence[str]) -> dict[str, str]:
    """One row of the review; with no flag, an approval."""
    found = [each for each in submission["flagged"] if each.flag in names]
    category = next((CATEGORIES[name] for name in CATEGORIES if name in names), "")
    return {
        "submission_id": submission["submission_id"],
        "participant_id": submission["participant_id"],
        "action": "" if found else "approve",
        "category": category,
        "message": message_of(found) if found else "",
        "flags": ", ".join(names),
    }


def flags(
    frame: pd.DataFrame,
    *,
    rules: Rules | None = None,
    questions: Questions | None = None,
    shown: Iterable[str] = (),
    submissions: pd.DataFrame | None = None,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    text: Iterable[str] | None = None,
) -> Flags:
    """People whose answers show little care. A flag is a reason to look at the answers, not a verdict.

    ==================  ==============================================================================================
    flag                raised if
    ==================  ==============================================================================================
    too fast            more than half of the tasks, by the lower end of the interval, took less time than reading and
                        answering does
    outlier in speed    the robust z of the logarithm of the time, with the upper end of its interval, is at most -3.5;
                        being slow is never flagged
    straight-lining     half of the answers are one run of an option, or nine tenths are one option, although the others
                        answered the same items differently
    repeated text       texts repeat each other, other people's, or what was shown, more than is usual
    low agreement       most labels follow from a habit instead of the item: the upper end of ``informative`` in
                        `annotators` is below the threshold; and they do not vary with the others' labels in any other
                        direction, nor agree with any single other person's beyond chance
    failed gold         of at least three gold rows, the upper end of the interval of the share of right answers is
                        below the threshold
    failed check        at least two attention checks, and most of the rest, are failed
    ==================  ==============================================================================================

    So a person who disagrees with the majority is not flagged as long as the labels depend on what was shown.

    Parameters
    ----------
    frame, questions, shown, submissions, unit, annotator, label, text
        As for `annotators`.
    rules : Rules, optional
        Thresholds, with their sources.

    Returns
    -------
    Flags
        A DataFrame with the columns ``participant_id, submission_id, flag`` (category), ``value, threshold`` (float),
        ``n`` (int64) and ``sentence``; a person with several submissions has a row for each. ``attrs`` holds
        ``expected_by_chance``, the number of honest people that each flag is expected to name at most; ``tested``, the
        people with enough answers for it; and ``notes``.

    Raises
    ------
    DataError
        As for `annotators`.

    Examples
    --------
    >>> rows = [(unit, who, "xyz"[unit % 3]) for unit in range(20) for who in "abc"]
    >>> frame = pd.DataFrame([*rows, *((unit, "d", "x") for unit in range(20))])
    >>> found = flags(frame.set_axis(["row", "participant_id", "value"], axis=1))
    >>> found[["participant_id", "flag", "value", "threshold", "n"]]
      participant_id             flag  value  threshold   n
    0              d  straight-lining   20.0       10.0  20
    1              d    low agreement    0.0        0.6  20
    """
    rules = Rules() if rules is None else rules
    if not isinstance(rules, Rules):
        raise ArgumentTypeError(f"rules is {a_type(rules)}; pass analysis.Rules(...).")
    how = Reading(questions, shown, submissions, unit, annotator, label, text)
    facts = facts_of(frame, how, per_answer=rules.seconds, words_per_minute=rules.words_per_minute)
    found = evidence(facts, rules)
    named: dict[int, list[Flagged]] = {}
    by_chance, tested, counts = {}, {}, {}
    for flag, each in found.items():
        people, by_chance[flag] = raised(each, rules)
        tested[flag], counts[flag] = int(each.tested.sum()), len(people)
        for person in people.tolist():
            named.setdefault(person, []).append(_flagged(flag, each, facts, person))
    pairs = _pairs(facts)
    table = _table(facts, named, pairs)
    table.people = table_of(facts, annotator)
    table.submissions = _submissions(facts, named, pairs)
    table.attrs |= {"expected_by_chance": by_chance, "tested": tested, "notes": list(facts.answers.notes)}
    table.words = _words(facts, named, counts, by_chance)
    return table


def _flagged(flag: str, each: Evidence, facts: Facts, person: int) -> Flagged:
    lines = facts.lines
    option = question = ""
    if flag == "straight-lining":
        labels = facts.answers.questions[lines.question[person]]
        option, question = labels.names[lines.option[person]], labels.question
    return Flagged(
        flag,
        float(each.value[person]),
        float(each.threshold[person]),
        int(each.n[person]),
        float(each.expected[person]),
        option,
        question,
        flag == "straight-lining" and each.value[person] == lines.run[person],
        float(np.round(lines.same[person] * lines.n[person])),
        float(facts.others.agreement[person]),
        float(facts.speed.seconds[person]),
        facts.speed.of_tasks,
    )


def _pairs(facts: Facts) -> pd.DataFrame:
    """Each submission with its person's code and its status; none without submissions."""
    frame = facts.answers.frame
    if "submission_id" not in frame.columns:
        return pd.DataFrame({"who": [], "submission_id": [], "status": []})
    codes, names = pd.factorize(frame["submission_id"])
    first = np.flatnonzero(~pd.Series(codes).duplicated().to_numpy() & (codes >= 0))
    status = frame["submission_status"] if "submission_status" in frame.columns else pd.Series(pd.NA, frame.index)
    return pd.DataFrame(
        {
            "who": facts.answers.who[first],
            "submission_id": np.array(names, dtype=object)[codes[first]],
            "status": status.iloc[first].to_numpy(dtype=object),
        }
    )


def _submissions(facts: Facts, named: dict[int, list[Flagged]], pairs: pd.DataFrame) -> pd.DataFrame:
    people = facts.answers.people.to_numpy(dtype=object)
    found = [tuple(named.get(each, ())) for each in pairs["who"].tolist()]
    return pd.DataFrame(
        {
            "submission_id": pairs["submission_id"],
            "participant_id": people[pairs["who"].to_numpy(dtype=np.int64)],
            "status": pairs["status"],
            "flagged": pd.Series(found, dtype=object, index=pairs.index),
        }
    )


def _table(facts: Facts, named: dict[int, list[Flagged]], pairs: pd.DataFrame) -> Flags:
    pairs = pairs[pairs["who"].isin(list(named))]
    of_person: dict[int, list[Any]] = {}
    for who, submission in zip(pairs["who"].tolist(), pairs["submission_id"].tolist(), strict=True):
        of_person.setdefault(who, []).append(submission)
    people = facts.answers.people
    rows = [
        (people[person], submission, each.flag, each.value, each.threshold, each.n, sentence_of(each))
        for person in sorted(named)
        for submission in of_person.get(person, [None])
        for each in named[person]
    ]
    table = Flags(rows, columns=list(COLUMNS))
    table["flag"] = pd.Categorical(table["flag"], categories=list(FLAGS))
    return table.astype({"value": "float64", "threshold": "float64", "n": "int64"})


def _words(facts: Facts, named: dict[int, list[Flagged]], counts: dict[str, int], by_chance: dict[str, float]) -> str:
    people = counted(facts.answers.n_people, "person", "people")
    if not named:
        seen = f"None of {people} is flagged."
    else:
        flagged = ", ".join(f"{number} {flag}" for flag, number in counts.items() if number)
        seen = f"{len(named):,} of {people} {'is' if len(named) == 1 else 'are'} flagged: {flagged}."
    total = sum(by_chance.values())
    chance = f"The number of honest people expected to be flagged by chance alone is at most {total:.2g}."
    advice = "A flag is a reason to look at the answers; nothing is rejected by itself." if named else ""
    return " ".join(each for each in (seen, chance, *facts.answers.notes, advice) if each)
