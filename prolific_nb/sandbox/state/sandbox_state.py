"""Everything a request of one sandbox can reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from flask import current_app, g, request

from ..contract.http_error import HTTPError, missing
from ..contract.profile import Profile
from ..simulation.participants import People
from ..storage import revealed
from ..storage.clock import Clock, iso
from ..storage.ids import Ids
from ..storage.store import Document, Store
from .fault_middleware import ASKED
from .faults import Faults
from .request_log import RequestLog

EXTENSION = "prolific_sandbox"


@dataclass(frozen=True)
class SandboxState:
    """One sandbox: its store, its people and its switches.

    Parameters
    ----------
    store : Store
    ids : Ids
    people : People
    clock : Clock
        The wall's time.
    speed : float
        Sandbox seconds that pass for a study in one real second.
    truth : str or None
        Dataset field that holds the intended answer.
    profile : Profile
        What is played where the sources conflict or say nothing.
    faults : Faults
        What goes wrong on purpose.
    journal : RequestLog
        The requests that were handled.
    workspace_id : str
        The first workspace, which is there from the start.
    token : str
    """

    store: Store
    ids: Ids
    people: People
    clock: Clock
    speed: float
    truth: str | None
    profile: Profile
    faults: Faults
    journal: RequestLog
    workspace_id: str
    token: str = field(repr=False)

    def wall(self) -> float:
        """The moment of the request at work in the sandbox's own reckoning; ``clock.real`` has the world's."""
        return self.clock.moment

    @property
    def user_id(self) -> str:
        """The researcher, the same in every sandbox of a seed."""
        return self.ids.hex24("user")

    @property
    def project_id(self) -> str:
        """The project that is meant where none is named: the first one of the first workspace."""
        return self.ids.hex24("project", self.workspace_id)

    def stamp(self) -> int:
        """The second of this request in sandbox time; asked for twice in one request it is the same one."""
        if "stamp" not in g:
            ended = [revealed.last_moment(study, self.wall()) for study in self.store.all("study")]
            g.stamp = max(int(self.store.value("stamp", "0")) + 1, *ended, 0)
            self.store.remember("stamp", g.stamp)
        return int(g.stamp)

    def now(self) -> str:
        """The time of this request as it is written into records."""
        return iso(self.stamp())

    def trouble(self, *kinds: str) -> str:
        """The fault, one of `kinds`, that the request of this moment is hit by; "" if none is due."""
        hit = self.faults.draw(*request.environ[ASKED], *kinds)
        if hit is None:
            return ""
        self.faults.fire(hit[1])
        return hit[1].kind

    def document(self, kind: str, ident: str) -> Document:
        """A document that a path names.

        Raises
        ------
        HTTPError
            404 if there is none.
        """
        found = self.store.get(kind, ident)
        if found is None:
            raise missing(kind, ident)
        return found

    def check_workspace(self, ident: str, status: int = 403) -> None:
        """Refuse a workspace that is not this account's, with the status that the contract has for it."""
        if self.store.get("workspace", ident) is None:
            own = ", ".join(known["id"] for known in self.store.all("workspace"))
            raise HTTPError(status, f"This token has no access to workspace {ident}; it has to {own}.")


def current_state() -> SandboxState:
    """The world of the request at work."""
    return cast(SandboxState, current_app.extensions[EXTENSION])


def request_body() -> dict[str, Any]:
    """The body of the request at work, judged already; {} where it had none."""
    return dict(g.body or {})
