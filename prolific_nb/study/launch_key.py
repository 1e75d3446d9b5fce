"""The key that identifies a launch: a hash of its inputs, carried as a tag in names on the server."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..data import Dataset, arranged
from ..design import Design
from ..design.right_answers import without_right
from .idempotent import stable_hash
from .plan import StudyPlan, identity

_TAG = re.compile(r"\[pnb ([0-9a-f]{16}) ([0-9a-f]{12})\]")


@dataclass(frozen=True)
class LaunchKey:
    """The tag of a launch in the names of what it creates; participants do not see these names.

    Parameters
    ----------
    key : str
        16 hex digits: a hash of data, design, plan, workspace (not the host) and the reason for a deliberate second
        launch.
    content : str
        12 hex digits: a hash of the data, without gold rows, and the workspace only.

    Examples
    --------
    >>> tag = LaunchKey("0123456789abcdef", "0123456789ab")
    >>> tag.on("Reviews")
    'Reviews [pnb 0123456789abcdef 0123456789ab]'
    >>> LaunchKey.read("Reviews, fixed [pnb 0123456789abcdef 0123456789ab]") == tag
    True
    """

    key: str
    content: str

    @classmethod
    def of(
        cls, data: Dataset, design: Design, plan: StudyPlan, workspace: str, again: str = "", flow: str = "layout"
    ) -> LaunchKey:
        """The tag of a launch."""
        upload = arranged(data, plan.tasks_per_group).upload
        rows = [upload.digest, sorted(upload.kinds.items())]
        inputs = [rows, without_right(design).to_json(), identity(plan), workspace, again]
        inputs += [flow] if flow != "layout" else []
        return cls(stable_hash(inputs, 16), stable_hash([data.digest, workspace]))

    @classmethod
    def named(cls, purpose: str, workspace: str) -> LaunchKey:
        """The tag of a launch that is identified by its purpose, independent of its data and plan."""
        return cls(stable_hash([purpose, workspace], 16), stable_hash(["named", purpose, workspace]))

    @classmethod
    def read(cls, name: str | None) -> LaunchKey | None:
        """The tag in a name, or None."""
        found = _TAG.search(name or "")
        return cls(*found.groups()) if found else None

    def on(self, name: str) -> str:
        """The name with the tag."""
        return f"{name} {self}"

    def __str__(self) -> str:
        return f"[pnb {self.key} {self.content}]"
