"""A local Prolific over real HTTP, with simulated participants; requests are validated by the API's description."""

from .serve import Sandbox
from .simulation.crowd.person_kind import PersonKind
from .simulation.crowd.wave import Wave
from .simulation.participants import People
from .state.faults import Fault, Faults
from .state.faults import TriggeredFault as Fired
from .state.request_log import LoggedRequest as Handled

__all__ = ["Fault", "Faults", "Fired", "Handled", "People", "PersonKind", "Sandbox", "Wave"]
