"""Panels: notebook views of plain Python values. Each panel shows the code that does the same."""

from .account.connection_panel import Connection
from .compose.composer_panel import Composer
from .files.data_panel import Data
from .kit.observable import Observable as Held
from .launching.launch_panel import Launch
from .launching.plan_panel import Plan
from .outcome.results_panel import Results
from .shell.studio_state import StudioState as Desk
from .studio_panel import Studio, studio

__all__ = ["Composer", "Connection", "Data", "Desk", "Held", "Launch", "Plan", "Results", "Studio", "studio"]
