"""Which Prolific a sandbox plays, where the sources conflict or say nothing."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

_PAGING = ("links", "page", "offset", "whole")
_JOIN_BY = ("metadata", "export", "report", "none")

# Whose errors the description of July 2026 documents without their wrapper.
_BARE = frozenset(
    {
        "listStudies",
        "createStudy",
        "getStudyCost",
        "calculateStudyCost",
        "listSubmissions",
        "listMessages",
        "sendMessage",
        "sendBulkMessage",
        "sendGroupMessage",
        "bulkApprove",
        "getRewardRecommendations",
    }
)


@dataclass(frozen=True)
class Profile:
    """The switches of a sandbox.

    Parameters
    ----------
    typed_datasets : bool
        Whether the workspace may make datasets with a schema (V4); else they are refused with 403.
    untyped_datasets : bool
        Whether a dataset made without a schema is an untyped one (V3); else it is a typed one whose imports wait for
        its schema.
    legacy_instructions : bool
        Whether the instructions of a batch still work after their sunset; else they are answered with 404.
    bare_errors : bool
        Whether the operations whose errors are documented without a wrapper answer so.
    export_reuses_jobs : bool
        Whether asking for an export again gives the one there is, as it was then; else a fresh one, at most ten.
    paging : {"links", "page", "offset", "whole"}
        How lists are cut: as the request asks, with links; by page and page_size only; by limit and offset without
        links; or not at all, with nothing but the results.
    join_by : {"metadata", "export", "report", "none"}
        The first way in which an answer tells the row it is about: response metadata, the export's lines, the CSV
        report, or none at all.
    sync_adds_places : bool
        Whether a study that is running gets places for the task groups that a sync adds.

    Examples
    --------
    >>> Profile.named("2026-07", paging="offset").bare_errors
    True
    """

    typed_datasets: bool = True
    untyped_datasets: bool = True
    legacy_instructions: bool = True
    bare_errors: bool = False
    export_reuses_jobs: bool = False
    paging: str = "links"
    join_by: str = "metadata"
    sync_adds_places: bool = True

    def __post_init__(self) -> None:
        for name, known in (("paging", _PAGING), ("join_by", _JOIN_BY)):
            given = getattr(self, name)
            if given not in known:
                raise ValueError(f"{name} is {given!r}, which is not known. Use one of {', '.join(known)}.")

    def is_bare(self, operation: str) -> bool:
        """Whether the errors of an operation come without their wrapper."""
        return self.bare_errors and operation in _BARE

    @classmethod
    def named(cls, name: str, **switches: Any) -> Profile:
        """A profile of `PROFILES`, with some switches set otherwise.

        Raises
        ------
        ValueError
            For a profile, a switch or a value that does not exist.
        """
        if name not in PROFILES:
            raise ValueError(f"There is no profile {name!r}. Use one of {', '.join(PROFILES)}.")
        known = {field.name: field for field in fields(cls)}
        for switch, value in switches.items():
            if switch not in known:
                raise ValueError(f"There is no switch {switch!r}. The switches are {', '.join(known)}.")
            if known[switch].type == "bool" and not isinstance(value, bool):
                raise ValueError(f"{switch} is {value!r}. Give True or False; on the command line yes or no.")
        return replace(PROFILES[name], **switches)


PROFILES = {
    "2026-11": Profile(),
    "2026-07": Profile(
        bare_errors=True, export_reuses_jobs=True, paging="page", join_by="export", sync_adds_places=False
    ),
}
"""The newest documentation, and the official description of July 2026; what neither tells is a guess."""
