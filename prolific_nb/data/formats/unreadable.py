"""The exception for a file that cannot be read as a table."""

from __future__ import annotations

from ...common.findings import Finding


class Unreadable(Exception):
    """The file is not a table that can be read; `findings` report where and what to do."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        super().__init__("\n".join(map(str, findings)))


def unreadable(what: str, remedy: str, *, place: str | None = None) -> Unreadable:
    """An `Unreadable` with one error."""
    return Unreadable(Finding("error", what, remedy, place=place))
