"""What makes two launches the same: a key of everything that is launched, carried as a tag in names on the server."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256

from ...data import Dataset
from ...design import Design
from ..plan import StudyPlan

_TAG = re.compile(r"\[pnb ([0-9a-f]{16}) ([0-9a-f]{12})\]")


@dataclass(frozen=True)
class LaunchKey:
    """The mark of a launch in the names of what it makes; participants do not see these names.

    Parameters
    ----------
    key : str
        16 hex digits of data, design, plan and workspace (the host is not part of it), and of the reason for a
        deliberate second launch.
    content : str
        12 hex digits of the data and the workspace alone.

    Examples
    --------
    >>> tag = LaunchKey("0123456789abcdef", "0123456789ab")
    >>> tag.on("Reviews")
    'Reviews [pnb 0123456789abcdef 0123456789ab]'
    >>> LaunchKey.read("Reviews, mended [pnb 0123456789abcdef 0123456789ab]") == tag
    True
    """

    key: str
    content: str

    @classmethod
    def of(
        cls, data: Dataset, design: Design, plan: StudyPlan, workspace: str, again: str = "", flow: str = "layout"
    ) -> LaunchKey:
        """The tag of a launch."""
        rows = [data.digest, sorted(data.kinds.items())]
        whole = [rows, design.to_json(), plan.to_code(), workspace, again]
        whole += [flow] if flow != "layout" else []
        return cls(_digest(whole)[:16], _digest([data.digest, workspace])[:12])

    @classmethod
    def named(cls, identity: str, workspace: str) -> LaunchKey:
        """The tag of a launch that is known by what it is for, whatever its data and plan."""
        return cls(_digest([identity, workspace])[:16], _digest(["named", identity, workspace])[:12])

    @classmethod
    def read(cls, name: str | None) -> LaunchKey | None:
        """The tag in a name, if it carries one."""
        found = _TAG.search(name or "")
        return cls(*found.groups()) if found else None

    def on(self, name: str) -> str:
        """The name with the tag."""
        return f"{name} {self}"

    def __str__(self) -> str:
        return f"[pnb {self.key} {self.content}]"


def _digest(value: object) -> str:
    return sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
