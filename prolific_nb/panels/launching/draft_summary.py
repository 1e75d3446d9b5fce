"""What a launch would create and what it has created, as HTML."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from ...common.display import kind_of_money
from ...common.plurals import counted
from ...data import gold_count
from ...study.quote import eligible_text, group_count, rows_words
from ...workflow.run import Run
from ..kit.findings_list import findings_html
from ..kit.html_table import facts_html, shorten
from ..planning.cost_estimate import Estimate, Inputs, listed
from .study_words import Known, state_words

_PAGE = "https://app.prolific.com/researcher/workspaces/studies/"
_FLOW = "One page of the task layout for each row"
_EARLIER = "The study was created from earlier inputs and is unchanged."


def to_be_created(inputs: Inputs, known: Estimate | None) -> str:
    """What a draft of these inputs would consist of, and the errors that prevent it, as HTML."""
    title = '<h4 class="pnb-heading">What will be created</h4>'
    if inputs.missing:
        return f"{title}<p>Nothing can be created yet. Still missing: {listed(inputs.missing)}.</p>"
    what = f"{title}{facts_html(_facts(inputs, known), 'What will be created')}"
    errors = known.findings.errors if known is not None else ()
    return f"{what}<p><b>Fix these first:</b></p>{findings_html(errors)}" if errors else what


def existing(run: Run, known: Known, *, of_earlier: bool) -> str:
    """What a launch has created: its state, its page at Prolific, and its IDs, as HTML.

    Parameters
    ----------
    of_earlier : bool
        Whether it was made of other inputs than the current ones.
    """
    title = f"<b><bdi>{escape(shorten(run.plan.name, 80))}</bdi></b>"
    ids = " · ".join(
        f"{kind} <bdi>{escape(ident)}</bdi>"
        for kind, ident in (("Study", run.study_id), ("Batch", run.batch_id), ("Dataset", run.dataset_id))
    )
    note = f"<p><b>Note:</b> {_EARLIER}</p>" if of_earlier else ""
    state = f'<p role="status">{title} · {escape(state_words(known))}.</p>'
    return f'{state}<p class="pnb-muted">{ids}<br>{_page(run)}</p>{note}'


def _page(run: Run) -> str:
    if run.client.mode != "LIVE":
        return "The sandbox has no page for this study; on LIVE a link to its page at Prolific is here."
    target = escape(_PAGE + quote(run.study_id, safe=""), quote=True)
    link = f'<a class="pnb-page" href="{target}" target="_blank" rel="noopener noreferrer">'
    return f"{link}Open the page of this study at Prolific</a>"


def _facts(inputs: Inputs, known: Estimate | None) -> dict[str, str]:
    data, design, plan = inputs.data, inputs.design, inputs.plan
    if data is None or design is None or plan is None:
        return {}
    columns = listed([shorten(name, 40) for name in design.shown]) if design.shown else "none of its columns"
    groups, tasks = group_count(data, plan), len(data) + gold_count(data, plan.tasks_per_group)
    asked = counted(len(design.codebook()), "question")
    people = counted(plan.annotators_per_task, "participant")
    return {
        "Rows": f"{rows_words(data, plan)} of {shorten(data.name, 60)}; participants see {columns}",
        "Tasks": f"{counted(tasks, 'task')} with {asked} each, in {counted(groups, 'group')}",
        "Places": f"{counted(groups * plan.annotators_per_task, 'place')}: each group is answered by {people}",
        "Cost": _cost(known),
        "Audience": _audience(inputs, known),
        "Flow": _FLOW,
    }


def _cost(known: Estimate | None) -> str:
    found = known.quote if known is not None else None
    if found is None:
        return "The draft costs nothing. The cost of publishing is being asked for…"
    kind = kind_of_money(found.mode)
    return (
        f"The draft costs nothing. Publishing it later costs {found.total:,} of {kind}: "
        f"{found.reward:,} for each place, with fees and VAT"
    )


def _audience(inputs: Inputs, known: Estimate | None) -> str:
    plan = inputs.plan
    found = known.quote if known is not None else None
    if plan is None or not (plan.filters or plan.filter_set_id):
        return "All participants"
    chosen = "a saved filter set" if plan.filter_set_id else counted(len(plan.filters), "filter")
    return f"Participants that pass {chosen}" + (f": {eligible_text(found.eligible)}" if found is not None else "")
