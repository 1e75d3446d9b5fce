"""What a launch would create and what it has created, as HTML."""

from __future__ import annotations

from html import escape

from ...common.plurals import counted
from ...workflow.run import Run
from ..kit.findings_list import findings_html
from ..kit.html_table import shorten
from ..planning.cost_estimate import Estimate, Inputs, listed, table


def to_be_created(inputs: Inputs, known: Estimate | None) -> str:
    """What a draft of these inputs would consist of, and the errors that prevent it, as HTML."""
    if inputs.missing:
        return f'<p style="margin:4px 0">Nothing can be created yet. Still missing: {listed(inputs.missing)}.</p>'
    lines = "".join(f'<li style="margin:2px 0">{line}</li>' for line in _lines(inputs, known))
    title = '<h4 style="margin:4px 0 2px">What will be created</h4>'
    what = f'{title}<ul style="margin:0 0 4px 1.3em;padding:0">{lines}</ul>'
    errors = known.findings.errors if known is not None else ()
    if not errors:
        return what
    return f'{what}<p style="margin:4px 0"><b>Fix these first:</b></p>{findings_html(errors)}'


def existing(run: Run, state: str) -> str:
    """What a launch has created, with ids, as HTML."""
    data = run.data
    named = {
        "Dataset": run.dataset_id + (f" · {shorten(data.name, 80)}, {counted(len(data), 'row')}" if data else ""),
        "Batch": f"{run.batch_id} · {shorten(run.design.name, 80)}",
        "Study": f"{run.study_id} · {shorten(run.plan.name, 80)}",
        "State": state,
    }
    return f'<h4 style="margin:4px 0 2px">What exists</h4>{table(named)}'


def _lines(inputs: Inputs, known: Estimate | None) -> list[str]:
    data, design, plan = inputs.data, inputs.design, inputs.plan
    if data is None or design is None or plan is None:
        return []
    columns = listed(list(map(_name, design.shown))) if design.shown else "none of its columns"
    asked = counted(len(design.codebook()), "question")
    lines = [
        f"A dataset {_name(data.name)} of {counted(len(data), 'row')}; participants see {columns}.",
        f"A batch {_name(design.name)} that asks {asked} about every row.",
    ]
    found = known.quote if known is not None else None
    study = f"A study {_name(plan.name)} as a draft"
    if found is None:
        return [*lines, f"{study}."]
    spent = f"The draft costs nothing; publishing it later costs {escape(str(found.total))}."
    return [*lines, f"{study}: {counted(found.places, 'place')} at {escape(str(found.reward))} each. {spent}"]


def _name(name: str) -> str:
    return f"<b><bdi>{escape(shorten(name, 80))}</bdi></b>"
