"""The client: one connection, its mode said first, its resources by name."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import cached_property
from typing import Any

from ..common.display import Mode, card
from ..common.findings import Finding
from ..errors import InputError
from .accounts import Participants, Projects, Workspaces
from .batches import Batches
from .bonuses import Bonuses
from .datasets import Datasets
from .filters import FilterCatalogue, Filters, FilterSets, sendable
from .groups import Groups
from .messages import Messages
from .polling import LIVE_PACE, SANDBOX_PACE, PollIntervals
from .records import Record
from .studies import Studies
from .submissions import Submissions
from .transport import Transport


class Client:
    """A connection to Prolific or to a sandbox. `prolific_nb.connect` makes one.

    Parameters
    ----------
    transport : Transport
        Sends the requests.
    mode : {"SANDBOX", "LIVE"}
        Whether people and money are real.
    workspace, project : str, optional
        Ids; needed only where the account has more than one.
    code : str
        The call that programs printed by this package connect with; never one that goes live.
    truth : str, optional
        The column that the sandbox's people were told to follow.

    Attributes
    ----------
    datasets, batches, studies, submissions, bonuses, messages, groups, participants, filters, filter_sets, workspaces,
    projects
        The resources of the API.
    ledger : path, Ledger or None
        Where its runs are recorded; None for the user's own ledger. `connect` sets it for sandboxes.
    pace : PollIntervals
        Seconds between looks while waiting.
    fallback_pay : mapping of str to pair of str
        By currency the least and the advised pay for an hour, used where the server gives none; may be replaced.
    fallback_source : str
        Where they are from, as quotes say it.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        mode: Mode,
        workspace: str | None = None,
        project: str | None = None,
        code: str = "pnb.connect()",
        truth: str | None = None,
    ) -> None:
        self.mode: Mode = mode
        self.code = code
        self.ledger: Any = None
        self.truth = truth
        self.pace: PollIntervals = LIVE_PACE if mode == "LIVE" else SANDBOX_PACE
        self.datasets = Datasets(transport, lambda: self.pace.job)
        self.batches = Batches(transport)
        self.studies = Studies(transport)
        self.submissions = Submissions(transport)
        self.bonuses = Bonuses(transport)
        self.messages = Messages(transport)
        self.groups = Groups(transport)
        self.participants = Participants(transport)
        self.filters = FilterCatalogue(transport)
        self.filter_sets = FilterSets(transport)
        self.workspaces = Workspaces(transport)
        self.projects = Projects(transport)
        self.fallback_pay: Mapping[str, tuple[str, str]] = {"GBP": ("6.00", "9.00"), "USD": ("8.00", "12.00")}
        self.fallback_source = "Prolific's help centre, September 2026"
        self._transport = transport
        self._workspace = workspace
        self._project = project

    def using(self, *, workspace: str | None = None, project: str | None = None) -> Client:
        """The same connection, spending from another workspace or for another project.

        Parameters
        ----------
        workspace, project : str, optional
            Ids. Without a workspace the one in use stays; with one, its first project is used unless one is named.

        Returns
        -------
        Client
            A new one; this one stays as it is.
        """
        project = project or (None if workspace else self._project)
        other = copy(self)
        for asked in ("workspace_id", "project_id", "currency"):
            other.__dict__.pop(asked, None)
        other._workspace, other._project = workspace or self._workspace, project
        return other

    def backoff(self, attempt: int, asked_for: float | None = None) -> None:
        """Wait before trying something again; see `Transport.backoff`."""
        self._transport.backoff(attempt, asked_for)

    @property
    def url(self) -> str:
        """The host that is spoken to."""
        return self._transport.url

    def me(self) -> Record:
        """The account behind the token; the cheapest check that the token works."""
        return Record(self._transport.get("/api/v1/users/me/"))

    def eligible(self, filters: Filters) -> int:
        """How many people fit all filters, `prolific_nb.Filter` or mappings; 0 stands for fewer than 25 too."""
        answer = self._transport.ask("/api/v1/eligibility-count/", {"filters": sendable(filters)})
        return int(answer["count"])

    @cached_property
    def workspace_id(self) -> str:
        """Id of the workspace in use."""
        if self._workspace:
            return self._workspace
        return _only_one("workspace", list(self.workspaces.list()))

    @cached_property
    def project_id(self) -> str:
        """Id of the project in use; the first one of the workspace unless one was named."""
        if self._project:
            return self._project
        projects = list(self.projects.list(self.workspace_id))
        if not projects:
            raise InputError(
                "The workspace", [_none("project", 'Make one: client.projects.create(client.workspace_id, "…").')]
            )
        return str(projects[0].id)

    @cached_property
    def currency(self) -> str:
        """Currency of the workspace, ``"GBP"`` or ``"USD"``."""
        return str(self.workspaces.balance(self.workspace_id).currency_code)

    def __repr__(self) -> str:
        return f"{self.mode} client of {self.url}"

    def _repr_html_(self) -> str:
        return card(self.mode, "client", {"host": self.url})


def _none(kind: str, remedy: str) -> Finding:
    return Finding("error", f"There is no {kind}.", remedy)


def _only_one(kind: str, found: list[Record]) -> str:
    if not found:
        raise InputError("The account", [_none(kind, "Make one on Prolific's page, or use another token.")])
    if len(found) > 1:
        named = ", ".join(f"{one['id']} ({one.get('title', '')})" for one in found)
        what = Finding("error", f"It has {len(found)} {kind}s: {named}.", f'Choose: pnb.connect(…, {kind}="<id>").')
        raise InputError("The account", [what])
    return str(found[0]["id"])
