"""Gold rows in a study: whether they fit the design and the plan, and the codebook with their right answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from ...common.findings import Finding, Findings
from ...common.plurals import counted, numbered
from ...data import Arrangement, Dataset, arranged
from ...data.checks import MOST_FIELDS
from ...data.gold.gold_rows import GROUP_COLUMN, PLACE, GoldRows, distinct, in_row, same_content
from ...design import Codebook, Design, Question, text_of
from ...errors import UnknownName
from ..plan import StudyPlan

_SCORED = ("single", "scale")
"""The kinds of questions with one right answer."""


def check_gold(data: Dataset, design: Design, plan: StudyPlan) -> Findings:
    """Findings about gold rows that take the design and the plan to know; none for data without gold rows."""
    found: list[Finding] = []
    for gold in dict.fromkeys(spread.gold for spread in data._spreads if spread.gold is not None):
        found += [*_check_answers(gold, design.codebook()), *_check_shown(gold, data, design)]
    if data.gold is not None:
        found += [*_check_groups(data, plan), *_check_column(data)]
    return Findings(found)


def with_gold_answers(codebook: Codebook, data: Dataset | None, tasks_per_group: int) -> Codebook:
    """The codebook with the right answers about the gold rows of the data, beside those that it has already."""
    if data is None or data.gold is None:
        return codebook
    arrangement = arranged(data, tasks_per_group)
    return Codebook(_with_gold(each, arrangement) for each in codebook)


def _with_gold(question: Question, arrangement: Arrangement) -> Question:
    known, keys = _values(question), {key for key, _, _ in arrangement.gold}
    others = tuple((key, value) for key, value in question.gold if key not in keys)
    truths = tuple((key, known.get(truth, truth)) for key, truth in arrangement.truths(question.question))
    return replace(question, gold=others + truths)


def _values(question: Question) -> dict[str, str]:
    """The value of an option, by its value and by its label where that is not the value of another one."""
    values = [text_of(option) for option in question.options]
    by_label = dict(zip(question.labels, values, strict=True))
    return {**by_label, **{value: value for value in values}}


def check_update(data: Dataset | None, codebook: Codebook, plan: StudyPlan, changes: Mapping[str, object]) -> Findings:
    """An error if a change of a draft would let participants meet a gold row twice."""
    wanted = changes.get("max_submissions", plan.max_submissions)
    if wanted in (1, plan.max_submissions) or not any(each.gold for each in codebook):
        return Findings()
    if data is not None and arranged(data, plan.tasks_per_group).most_used == 1:
        return Findings()
    what = (
        f"With max_submissions={wanted}, one participant could meet a gold row twice: some are in several task groups."
    )
    remedy = "Keep max_submissions=1, or launch another study with more gold rows."
    return Findings([Finding("error", what, remedy, place="max_submissions")])


def _check_answers(gold: GoldRows, codebook: Codebook) -> Iterator[Finding]:
    for question, column in gold.asked:
        try:
            asked = codebook.find(question)
        except UnknownName as unknown:
            yield Finding("error", str(unknown), "Use the question's text in answers=.", place=PLACE)
            continue
        if asked.kind not in _SCORED or asked.limit not in (None, 1):
            what = f"Answers to {question!r} have no single right option, so gold rows cannot score them."
            yield Finding("error", what, "Leave the question out of answers=.", column=column, place=PLACE)
            continue
        yield from _check_options(gold, question, column, _values(asked))


def _check_options(gold: GoldRows, question: str, column: str, known: dict[str, str]) -> Iterator[Finding]:
    pairs = [
        (number, truth)
        for number, truth in zip(gold.numbers, gold.truth_of(question), strict=True)
        if truth and truth not in known
    ]
    if pairs:
        rows = [number for number, _ in pairs]
        wrong = list(dict.fromkeys(truth for _, truth in pairs))
        near = get_close_matches(wrong[0], known, n=1)
        what = (
            f"{counted(len(rows), 'right answer')} not an option of {question!r}: {', '.join(map(repr, wrong[:5]))} "
            f"({numbered('row', rows)})."
        )
        remedy = f"Did you mean {near[0]!r}?" if near else f"The options are {', '.join(map(repr, known))}."
        yield Finding("error", what, remedy, column=column, place=in_row(rows[0]))


def _check_shown(gold: GoldRows, data: Dataset, design: Design) -> Iterator[Finding]:
    shown = [name for name in design.shown if name in data.columns]
    for name in shown:
        if name not in gold.columns:
            truth = name in gold.answers.values()
            what = (
                "Participants see this column, and in gold rows it holds right answers, which are not uploaded."
                if truth
                else "Participants see this column, and the gold rows do not have it."
            )
            remedy = "Put the right answers into a column of another name." if truth else "Add it to the gold rows."
            yield Finding("error", what, remedy, column=name, place=PLACE)
    places = [gold.columns.index(name) for name in shown if name in gold.columns]
    pairs = zip(gold.numbers, gold.cells, strict=True)
    if shown and (rows := [number for number, row in pairs if not any(row[place].strip() for place in places)]):
        what = f"{counted(len(rows), 'gold row')} would show participants nothing: {numbered('row', rows)}."
        remedy = "Fill in their cells, or leave the rows out."
        yield Finding("error", what, remedy, place=in_row(rows[0]))
    same = (
        same_content(gold, shown, {name: data.cells(name) for name in shown}, data.rows)
        if len(places) == len(shown)
        else []
    )
    yield from (finding for finding in same if finding not in gold.findings)


def _check_groups(data: Dataset, plan: StudyPlan) -> Iterator[Finding]:
    per_group = max(spread.gold.per_group for spread in data._spreads if spread.gold is not None)
    if data.grouping is None and per_group >= plan.tasks_per_group:
        what = (
            f"{counted(per_group, 'gold row')} in each task group of {plan.tasks_per_group} leave no task for the data."
        )
        yield Finding("error", what, f"Pass tasks_per_group={per_group + 9}, for example.", place=PLACE)
        return
    arrangement, gold = arranged(data, plan.tasks_per_group), distinct(data._spreads)
    needed = len(arrangement.gold)
    if plan.max_submissions != 1 and arrangement.most_used > 1:
        what = (
            f"{needed} gold rows are needed and there are {gold}, so some stand in several task groups, and with "
            f"max_submissions={plan.max_submissions} one participant could meet them twice."
        )
        remedy = f"Add {counted(needed - gold, 'gold row')}, or pass max_submissions=1."
        yield Finding("error", what, remedy, place=PLACE)
    if needed < gold:
        what = f"{needed} of {counted(gold, 'gold row')} are used: each task group has {per_group}."
        yield Finding("note", what, "Raise per_group to use more of them.", place=PLACE)


def _check_column(data: Dataset) -> Iterator[Finding]:
    if data.grouping is None and len(data.columns) + 2 == MOST_FIELDS + 1:  # more are an error of the data
        what = f"With the hidden columns of row keys and task groups, there are more than {MOST_FIELDS} columns."
        yield Finding("error", what, "Remove a column that you do not need in the responses.", place=PLACE)
    if data.grouping is None and GROUP_COLUMN in data.columns:
        what = "The name is reserved for the hidden column that assigns rows to task groups."
        yield Finding("error", what, "Rename the column.", column=GROUP_COLUMN)
