"""The state of one sandbox, accessible from every request."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Any, cast

from flask import current_app, g, request

from ..contract.http_error import HTTPError, missing
from ..contract.profile import Profile
from ..simulation.participants import People
from ..storage import revealed
from ..storage.clock import Calendar, Clock
from ..storage.ids import Ids
from ..storage.store import Document, Store
from .fault_middleware import OPERATION_KEY
from .faults import Faults
from .request_log import RequestLog

EXTENSION = "prolific_sandbox"


@dataclass(frozen=True)
class SandboxState:
    """One sandbox: its store, simulated participants and settings.

    Parameters
    ----------
    store : Store
    ids : Ids
    people : People
    clock : Clock
        Wall time.
    speed : float
        Sandbox seconds that pass for a study in one real second.
    truth : str or None
        Dataset field with the intended answers.
    profile : Profile
        Behaviour where the sources conflict or are silent.
    faults : Faults
        Injected faults.
    request_log : RequestLog
        The requests handled so far.
    workspace_id : str
        The first workspace, which exists from the start.
    token : str
    location : str
        Where the store is kept: ``":memory:"`` or an absolute path.
    interfaces : set of str
        The network interfaces on which people are served, beside this machine's own, and their names.
    gold : dict of str to dict of str to str
        The intended answers about some rows, by row key and question. They are in memory only.
    kinds : dict of str to str
        The kind of each simulated participant of a kind, by ID, once simulated. They are in memory only.
    """

    store: Store
    ids: Ids
    people: People
    clock: Clock
    speed: float
    truth: str | None
    profile: Profile
    faults: Faults
    request_log: RequestLog
    workspace_id: str
    token: str = field(repr=False)
    location: str = ":memory:"
    interfaces: set[str] = field(default_factory=set)
    gold: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    kinds: dict[str, str] = field(default_factory=dict, repr=False)

    def sign(self, message: bytes) -> str:
        """HMAC-SHA256 of a message with the token as its key, as hexadecimal digits."""
        return hmac.digest(self.token.encode(), message, "sha256").hex()

    def wall(self) -> float:
        """Wall time of the current request, without the time nobody served the file; ``clock.real`` is real time."""
        return self.clock.moment

    @property
    def user_id(self) -> str:
        """ID of the researcher, the same in every sandbox of a seed."""
        return self.ids.hex24("user")

    @property
    def project_id(self) -> str:
        """ID of the default project: the first one of the first workspace."""
        return self.ids.hex24("project", self.workspace_id)

    def stamp(self) -> int:
        """Sandbox time of the current request in whole seconds; the same for all calls within one request."""
        if "stamp" not in g:
            ended = [revealed.last_moment(study, self.wall()) for study in self.store.all("study")]
            g.stamp = max(int(self.store.value("stamp", "0")) + 1, *ended, 0)
            self.store.remember("stamp", g.stamp)
        return int(g.stamp)

    @property
    def calendar(self) -> Calendar:
        """The dates of sandbox time."""
        return Calendar.of(self.store)

    def now(self) -> str:
        """Sandbox time of the current request in the format of records."""
        return self.calendar.iso(self.stamp())

    def draw_fault(self, *kinds: str) -> str:
        """The fault, one of `kinds`, that is due for the current request and now triggered; "" if none is."""
        hit = self.faults.draw(*request.environ[OPERATION_KEY], *kinds)
        if hit is None:
            return ""
        self.faults.fire(hit[1])
        return hit[1].kind

    def document(self, kind: str, ident: str) -> Document:
        """The document of this kind and ID.

        Raises
        ------
        HTTPError
            404 if it does not exist.
        """
        found = self.store.get(kind, ident)
        if found is None:
            raise missing(kind, ident)
        return found

    def check_workspace(self, ident: str, status: int = 403) -> None:
        """Refuse a workspace that this account cannot access, with the contract's status for it."""
        if self.store.get("workspace", ident) is None:
            own = ", ".join(known["id"] for known in self.store.all("workspace"))
            raise HTTPError(status, f"This token has no access to workspace {ident}. Use one of {own}.")


def current_state() -> SandboxState:
    """The sandbox that handles the current request."""
    return cast(SandboxState, current_app.extensions[EXTENSION])


def request_body() -> dict[str, Any]:
    """The validated body of the current request; {} if it had none."""
    return dict(g.body or {})
