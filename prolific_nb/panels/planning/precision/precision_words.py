"""What the precision of a plan is called in sentences, as HTML."""

from __future__ import annotations

from html import escape

from ....common.plurals import counted
from ....report.narrative import SIMULATED
from ....report.planning.study_size import StudySize
from ...kit.wording.panel_words import in_panel_words, without_code
from .asked_precision import Answer, Asked


def point_words(answer: Answer, size: StudySize) -> str:
    """One design: its precision, accuracy and cost, and what it lacks."""
    found, asked = answer.found, answer.asked
    lines = [f"<b>{_design(size)}</b>", f"{escape(found.name)} ± {size.half_width:.3f}"]
    if size.half_width_people > 1.05 * size.half_width:
        lines[-1] += f", with the choice of people ± {size.half_width_people:.3f}"
    lines.append(f"{100 * size.accuracy:.1f} % of the aggregated labels are right")
    if size.cost is not None and size.places is not None:
        fees = "" if found.mode else " without fees"
        lines.append(f"{counted(size.places, 'place')}, {size.cost:,}{fees}")
    lines.append(_target(answer, size))
    if asked.rows is not None and size.units != asked.rows:
        lines.append(f"The data has {counted(asked.rows, 'row')}: other numbers show what more or fewer would give.")
    return "<br>".join(lines)


def _target(answer: Answer, size: StudySize) -> str:
    precision = answer.asked.precision
    if size.half_width <= precision:
        return f"As precise as ± {precision:g}, or more."
    needed = answer.found.designs.enough(size.annotators, precision)
    with_them = f"With {counted(size.annotators, 'annotator')}, ± {precision:g} needs"
    return f"{with_them} {counted(needed, 'row')}." if needed else f"{with_them} more rows than there can be."


def finding_words(answer: Answer) -> str:
    """The cheapest design, and the caveats."""
    asked = answer.asked
    said = [f"<p>{escape(answer.found.words)}</p>"]
    notes = [f"Computed from {answer.found.basis}." if asked.pilot else _assumed(asked)]
    notes += [SIMULATED] if asked.pilot and asked.client is not None and asked.client.mode == "SANDBOX" else []
    notes += filter(None, (without_code(in_panel_words(each)) for each in answer.found.notes))
    if asked.plan.annotators_per_task < 2:
        notes.append("The plan has one annotator per task, which shows neither agreement nor precision.")
    said += [f'<p class="pnb-muted">{escape(each)}</p>' for each in notes]
    return "".join(said)


def _assumed(asked: Asked) -> str:
    kinds = f"{asked.options} {'points of a scale' if asked.scale else 'labels'}"
    shares = "equally common" if asked.prevalence is None else f"the first for {100 * asked.prevalence:.0f} % of rows"
    right = f"people are right {100 * asked.skill:.0f} % of the time and err independently"
    return f"Assumed, not measured: {kinds}, {shares}; {right}. A pilot of some rows shows more."


def _design(size: StudySize) -> str:
    return f"{counted(size.annotators, 'annotator')} on {counted(size.units, 'row')}"
