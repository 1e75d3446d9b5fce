"""Panels: notebook views of plain Python values. Each panel shows the code that does the same."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .account.connection_panel import Connection
    from .compose.composer_panel import Composer
    from .files.data_panel import Data
    from .judging.disagreements_panel import Disagreements
    from .kit.observable import Observable as Held
    from .launching.launch_panel import Launch
    from .outcome.results_panel import Results
    from .planning.plan_panel import Plan
    from .rehearsing.rehearse_panel import Rehearse
    from .reviewing.review_panel import Review
    from .shell.studio_state import StudioState as Desk
    from .studio_panel import Studio, studio
    from .taking.annotate_panel import Annotate, annotate

# The module of each name, and its name there. A module loads on first use: a studio needs half of them at first.
_HOMES = {
    "Annotate": ("taking.annotate_panel", "Annotate"),
    "Composer": ("compose.composer_panel", "Composer"),
    "Connection": ("account.connection_panel", "Connection"),
    "Data": ("files.data_panel", "Data"),
    "Desk": ("shell.studio_state", "StudioState"),
    "Disagreements": ("judging.disagreements_panel", "Disagreements"),
    "Held": ("kit.observable", "Observable"),
    "Launch": ("launching.launch_panel", "Launch"),
    "Plan": ("planning.plan_panel", "Plan"),
    "Rehearse": ("rehearsing.rehearse_panel", "Rehearse"),
    "Results": ("outcome.results_panel", "Results"),
    "Review": ("reviewing.review_panel", "Review"),
    "Studio": ("studio_panel", "Studio"),
    "annotate": ("taking.annotate_panel", "annotate"),
    "studio": ("studio_panel", "studio"),
}

__all__ = [
    "Annotate",
    "Composer",
    "Connection",
    "Data",
    "Desk",
    "Disagreements",
    "Held",
    "Launch",
    "Plan",
    "Rehearse",
    "Results",
    "Review",
    "Studio",
    "annotate",
    "studio",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"prolific_nb.panels has no attribute {name!r}. Use one of {', '.join(sorted(_HOMES))}.")
    module, inner = _HOMES[name]
    return getattr(import_module(f"{__name__}.{module}"), inner)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
