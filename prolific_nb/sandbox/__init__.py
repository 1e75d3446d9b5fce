"""A local Prolific over real HTTP, with simulated participants; it judges requests by the API's own description."""

from .faults import Fault, Faults, Fired
from .journal import Handled
from .participants import People
from .serve import Sandbox

__all__ = ["Fault", "Faults", "Fired", "Handled", "People", "Sandbox"]
