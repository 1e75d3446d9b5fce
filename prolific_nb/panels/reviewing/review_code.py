"""Decisions of a review as the program that applies the same ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...common.display import quoted
from ...workflow.run import Run
from .decisions import Decision, Decisions, messages

_PER_LINE = 3  # submission IDs


@dataclass(frozen=True)
class Batch:
    """Decisions that are applied together.

    Parameters
    ----------
    decisions : tuple of Decision
    max_cost : str
        The cap in major units; empty if it is not known yet.
    again : str
        The reason for repeating bonuses or rejections.
    sent : bool
        Whether its messages were sent: the program does not send them a second time.
    """

    decisions: Decisions
    max_cost: str = ""
    again: str = ""
    sent: bool = False


# Rejections change who is usual, so flags that are looked for once more may name others: decisions are written out.
_LOOK = (
    "flags = run.flags()",
    "print(flags.words)",
    "# flags.to_review(approve_rest=True) proposes; what was decided is written out below.",
)


def review_code(run: Run, batches: Sequence[Batch], people: Mapping[str, str], *, looked: bool = False) -> str:
    """The program from connecting to the decisions of a review.

    Parameters
    ----------
    people : mapping of str to str
        Participant ID by submission ID.
    looked : bool
        Whether somebody has looked for flags.
    """
    lines = [_opening(run), "submissions = run.submissions()", *(_LOOK if looked else ())]
    for batch in batches:
        lines += _review(batch)
        lines += _messages(batch, people)
    return "\n".join([*lines, ""])


def _opening(run: Run) -> str:
    if run.data is not None:
        return run.to_code()
    opened = f'run = pnb.open_run(study_id="{run.study_id}", client=client)'
    return f"import prolific_nb as pnb\n\nclient = {run.client.code}\n{opened}\n"


def _review(batch: Batch) -> Iterator[str]:
    acts = [each for each in batch.decisions if each.action != "message"]
    if not acts:
        return
    yield 'review = submissions.assign(action="", category="", message="", bonus="").set_index("submission_id")'
    for each in acts:
        for detail, ids in _by_detail(each).items():
            yield f"review.loc[{_listed(ids)}, {_cells(each, detail)}"
    yield "proposal = run.review(review.reset_index())"
    yield "print(proposal)"
    given = {"max_cost": batch.max_cost, "again": batch.again}
    yield f"proposal.apply({', '.join(f'{name}={quoted(value)}' for name, value in given.items() if value)})"


def _cells(decision: Decision, detail: str) -> str:
    if decision.action == "reject":
        cells = ", ".join(map(quoted, ("reject", decision.category, detail)))
        return f'["action", "category", "message"]] = [{cells}]'
    return '"action"] = "approve"' if decision.action == "approve" else f'"bonus"] = {quoted(detail)}'


def _by_detail(decision: Decision) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for submission, detail in decision.details:
        found.setdefault(detail, []).append(submission)
    return found


def _messages(batch: Batch, people: Mapping[str, str]) -> Iterator[str]:
    for text, decision in messages(batch.decisions):
        to = list(dict.fromkeys(people[each] for each in decision.ids if each in people))
        call = f"client.messages.send_to_all({_listed(to)}, {quoted(text)}, run.study_id)"
        if batch.sent:  # a message is sent as often as it is asked for
            yield "# Sent already, and this would send it once more:"
            call = "\n".join(f"# {line}" for line in call.split("\n"))
        yield call


def _listed(ids: Sequence[str]) -> str:
    if len(ids) <= _PER_LINE:
        return f"[{', '.join(map(quoted, ids))}]"
    parts = [ids[start : start + _PER_LINE] for start in range(0, len(ids), _PER_LINE)]
    lines = "".join(f"    {', '.join(map(quoted, part))},\n" for part in parts)
    return f"[\n{lines}]"
