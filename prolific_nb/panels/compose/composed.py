"""How far a design is; apart from the panel, whose import takes longer than the first view of the studio should."""

from __future__ import annotations

from collections.abc import Sequence

from ...common.findings import Finding
from ...common.plurals import counted
from ...design import Design
from ..kit.step_status import StepStatus


def composed(design: Design, errors: Sequence[Finding] = ()) -> StepStatus:
    """How far a design is, in one line."""
    if not design.entries:
        return StepStatus("to do", "Start from a template, or add an entry.")
    if errors:
        return StepStatus("needs attention", f"{counted(len(errors), 'error')}: {errors[0].what}")
    asked, pages = len(design.codebook()), len(design.pages)
    sizes = f"{counted(pages, 'page')}, {counted(asked, 'question')}"
    return StepStatus("done", f"{design.name}: {sizes}, shows {', '.join(design.shown) or 'no column'}")
