"""A completed study to review, and the requests that its sandbox received."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd

from prolific_nb.api import Client
from prolific_nb.sandbox import Sandbox
from prolific_nb.study.ledger import Ledger
from prolific_nb.study.monitor.submissions_table import submissions_frame
from prolific_nb.study.review.proposal import Proposal
from prolific_nb.study.review.review import bonus_to, propose
from tests.sandbox.flow import Caller

MESSAGE = "Every answer is the first option, and each was given within a second of seeing the review. " + "x" * 10
CODE = {"code": "C", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}], "actor": "participant"}


@dataclass
class Desk:
    """A finished study of some places at 1.50, reviewed with a ledger; what the server was asked stands in its log."""

    sandbox: Sandbox
    client: Client
    study_id: str

    def frame(self) -> pd.DataFrame:
        return submissions_frame(self.client, self.study_id)

    @property
    def ids(self) -> list[str]:
        frame = self.frame()
        return sorted(frame.loc[frame["completed_at"].notna(), "submission_id"])

    def propose(self, *rows: dict[str, Any]) -> Proposal:
        """A proposal as a new kernel would make it: nothing is shared but the ledger's file."""
        return propose(self.client, Ledger(), "run", self.study_id, pd.DataFrame(list(rows)))

    def bonus_to(self, hourly: Any) -> Proposal:
        return bonus_to(self.client, Ledger(), "run", self.study_id, hourly)

    def bonuses(self) -> dict[str, list[int]]:
        found = {each.id: each.bonus_payments for each in self.client.submissions.list(self.study_id)}
        return {ident: bonuses for ident, bonuses in found.items() if bonuses}

    def statuses(self) -> dict[str, str]:
        return {each.id: each.status for each in self.client.submissions.list(self.study_id)}

    def acted(self) -> Counter[str]:
        """How often each operation that changes something was done."""
        done = [each for each in self.sandbox.log if each.method == "POST" and each.status < 400]
        return Counter(each.operation for each in done if "Study" not in each.operation)

    def balance(self) -> int:
        return int(self.client.workspaces.balance(self.client.workspace_id).available_balance)


def study_of(call: Caller, places: int) -> str:
    """A study whose places are all filled; its answers lie elsewhere."""
    body = {
        "name": "Elsewhere",
        "description": "Read.",
        "prolific_id_option": "not_required",
        "estimated_completion_time": 6,
        "reward": 150,
        "external_study_url": "https://example.org",
        "total_available_places": places,
        "completion_codes": [CODE],
    }
    study = str(call.ok("POST", "/api/v1/studies/", body)["id"])
    call.move(study, "PUBLISH")
    call.until(f"/api/v1/studies/{study}/", "status", "AWAITING REVIEW")
    return study


def pay_row(ident: str, amount: Any = "0.50") -> dict[str, Any]:
    return {"submission_id": ident, "action": "bonus", "bonus": amount}


def reject_row(ident: str, **more: Any) -> dict[str, Any]:
    return {"submission_id": ident, "action": "reject", "category": "LOW_EFFORT", "message": MESSAGE, **more}
