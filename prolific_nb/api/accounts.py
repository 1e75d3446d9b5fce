"""Workspaces and their balances, projects, recommended pay, and test participants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .paging import iter_pages
from .records import Record
from .shapes import COUNT, CURRENCY, HAS_ID, ID, OBJECT, Each, Maybe, Shape, checked, fetch, patch, post
from .transport import Transport

_WORKSPACES = "/api/v1/workspaces/"
_PROJECTS = "/api/v1/projects/"
_BALANCE = Shape(currency_code=CURRENCY)  # the figure itself is judged where money is spent
_PROJECT = Shape(id=ID, workspace=Maybe(ID))
_PAY = Each(Shape(min_reward_per_hour=COUNT, recommended_reward_per_hour=COUNT))


class Workspaces:
    """``client.workspaces``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> Iterator[Record]:
        """The workspaces of this account."""
        return iter_pages(self._transport, _WORKSPACES, shape=HAS_ID)

    def get(self, workspace_id: str) -> Record:
        """Read a workspace: ``id, title, description, owner, users, projects, …``."""
        return fetch(self._transport, HAS_ID, f"{_WORKSPACES}{workspace_id}/")

    def create(self, title: str, *, currency: str | None = None, naivety: float | None = None) -> Record:
        """Create a workspace. Funds can only be added on Prolific's website.

        Parameters
        ----------
        currency : {"GBP", "USD"}, optional
            Currency of the workspace; it cannot be changed later.
        naivety : float, optional
            From 0 (all eligible participants at once, so fastest) to 1. If omitted, Prolific chooses for each study.
        """
        body = {"title": title, "currency_code": currency, "naivety_distribution_rate": naivety}
        return post(self._transport, HAS_ID, _WORKSPACES, _without_none(body))

    def update(self, workspace_id: str, **changes: Any) -> Record:
        """Change a workspace: ``title``, ``description`` or ``naivety_distribution_rate``."""
        return patch(self._transport, OBJECT, f"{_WORKSPACES}{workspace_id}/", changes)

    def balance(self, workspace_id: str) -> Record:
        """Balance of a workspace in minor units: ``available_balance``, ``currency_code``."""
        return fetch(self._transport, _BALANCE, f"{_WORKSPACES}{workspace_id}/balance/")

    def pay_advice(self, workspace_id: str, currency: str) -> Record | None:
        """Minimum and recommended pay per hour, minor units; None if the server has no recommendation."""
        query, path = {"workspace_id": workspace_id, "currency": currency}, "/api/v1/reward-recommendations/"
        newest_first = checked(self._transport, _PAY, "GET", path, self._transport.get(path, query))
        return Record(newest_first[0]) if newest_first else None


class Projects:
    """``client.projects``: folders of studies. A study is paid for by the workspace of its project."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, workspace_id: str) -> Iterator[Record]:
        """The projects of a workspace."""
        return iter_pages(self._transport, f"{_WORKSPACES}{workspace_id}/projects/", shape=HAS_ID)

    def get(self, project_id: str) -> Record:
        """Read a project: ``id, title, type, workspace, …``."""
        return fetch(self._transport, _PROJECT, f"{_PROJECTS}{project_id}/")

    def create(self, workspace_id: str, title: str, *, description: str | None = None, **more: Any) -> Record:
        """Create a project in a workspace.

        Parameters
        ----------
        **more
            Further fields of the API: ``type="PUBLIC"`` with ``public_details``, ``is_longitudinal``, …
        """
        body = {"title": title, "description": description, **more}
        return post(self._transport, HAS_ID, f"{_WORKSPACES}{workspace_id}/projects/", _without_none(body))

    def update(self, project_id: str, **changes: Any) -> Record:
        """Change fields of a project, such as ``title``, ``description`` or ``type``."""
        return patch(self._transport, OBJECT, f"{_PROJECTS}{project_id}/", changes)

    def studies(self, project_id: str) -> Iterator[Record]:
        """The studies of a project."""
        return iter_pages(self._transport, f"{_PROJECTS}{project_id}/studies/", shape=HAS_ID)

    def remove_study(self, project_id: str, study_id: str) -> None:
        """Delete a draft of a project; a published study can only be stopped."""
        self._transport.delete(f"{_PROJECTS}{project_id}/studies/{study_id}/")


class Participants:
    """``client.participants``: your own test participants."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_test(self, email: str) -> Record:
        """Create a test participant, ``participant_id``; only some workspaces are allowed to.

        Parameters
        ----------
        email : str
            An email address that is not registered with Prolific yet.
        """
        return post(self._transport, OBJECT, "/api/v1/researchers/participants/", {"email": email})


def _without_none(body: dict[str, Any]) -> dict[str, Any]:
    """The body without the fields that are None."""
    return {name: value for name, value in body.items() if value is not None}
