"""Which version of Prolific a sandbox simulates where the sources conflict or are silent."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from ...errors import ArgumentError

_CHOICES = {
    "paging": ("links", "page", "offset", "whole"),
    "join_by": ("metadata", "export", "report", "none"),
    "demographics": ("csv", "url"),
    "batch_places": ("computed", "as_sent"),
    "duplicates": ("record", "shown"),
    "answer_times": ("per_submission", "per_answer"),
    "unit_values": ("string", "number"),
}

# Operations whose errors the description of July 2026 documents without a wrapper.
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
    """The settings of a sandbox.

    Parameters
    ----------
    typed_datasets : bool
        Whether the workspace may create datasets with a schema (V4); otherwise they are refused with 403.
    untyped_datasets : bool
        Whether a dataset created without a schema is untyped (V3); otherwise it is typed, and its imports wait for a
        schema.
    legacy_instructions : bool
        Whether the instructions of the legacy flow still work after their sunset; otherwise they return 404.
    bare_errors : bool
        Whether operations whose errors are documented without a wrapper return them so.
    export_reuses_jobs : bool
        Whether requesting an export again returns the existing one unchanged; otherwise a new one, at most ten.
    paging : {"links", "page", "offset", "whole"}
        How lists are paginated: as requested, with links; by page and page_size only; by limit and offset without
        links; or not at all, without counts.
    join_by : {"metadata", "export", "report", "none"}
        The first source that links a response to its row: the metadata of responses, the lines of the export, the CSV
        report, or none.
    demographics : {"csv", "url"}
        Whether the demographic export of a study is returned as a CSV, or as the URL of one.
    sync_adds_places : bool
        Whether a running study gets places for task groups added by a sync.
    untyped_imports : bool
        Whether an upload to an untyped dataset is an import with an ID, as to a typed one: documented for typed ones
        only, but Prolific's own command line requires it for both.
    duplicates : {"record", "shown"}
        When records of a typed dataset are duplicates, of which one is stored: if they are equal, or if their displayed
        fields are.
    batch_places : {"computed", "as_sent"}
        The places of a batch study that was sent with ``total_available_places``: task groups times annotators, or the
        number that was sent.
    single_completion_code : bool
        Whether a Task Builder study may have the older field ``completion_code`` in place of ``completion_codes``.
    auto_approve : bool
        Whether the action AUTOMATICALLY_APPROVE approves completed submissions; otherwise they await review.
    unit_values : {"string", "number"}
        How the number of an answer with a unit is returned.
    answer_times : {"per_submission", "per_answer"}
        When responses are stored, and so what ``created_at`` and the moment in their IDs are: all of a submission
        together just before it ends, as in published samples, or each when it is given.

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
    demographics: str = "csv"
    sync_adds_places: bool = True
    untyped_imports: bool = True
    duplicates: str = "record"
    batch_places: str = "computed"
    single_completion_code: bool = True
    auto_approve: bool = True
    unit_values: str = "string"
    answer_times: str = "per_submission"

    def __post_init__(self) -> None:
        for name, known in _CHOICES.items():
            given = getattr(self, name)
            if given not in known:
                raise ArgumentError(f"{name} is {given!r}, which is unknown. Use one of {', '.join(known)}.")

    @property
    def per_submission(self) -> bool:
        """Whether all responses of a submission are stored together."""
        return self.answer_times == "per_submission"

    def is_bare(self, operation: str) -> bool:
        """Whether the errors of an operation are returned without a wrapper."""
        return self.bare_errors and operation in _BARE

    @classmethod
    def named(cls, name: str, **switches: Any) -> Profile:
        """A profile of `PROFILES`, with some settings changed.

        Raises
        ------
        ValueError
            If the profile, a setting or a value is unknown.
        """
        if name not in PROFILES:
            raise ArgumentError(f"There is no profile {name!r}. Use one of {', '.join(PROFILES)}.")
        known = {field.name: field for field in fields(cls)}
        for switch, value in switches.items():
            if switch not in known:
                raise ArgumentError(f"There is no setting {switch!r}. The settings are {', '.join(known)}.")
            if known[switch].type == "bool" and not isinstance(value, bool):
                raise ArgumentError(f"{switch} is {value!r}. Pass True or False (on the command line yes or no).")
        return replace(PROFILES[name], **switches)


PROFILES = {
    "2026-11": Profile(),
    "2026-07": Profile(
        bare_errors=True,
        export_reuses_jobs=True,
        paging="page",
        join_by="export",
        sync_adds_places=False,
        untyped_imports=False,
        unit_values="number",
    ),
}
"""The newest documentation, and the official description of July 2026; behaviour in neither is a guess."""
