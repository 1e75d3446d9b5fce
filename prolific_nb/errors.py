"""Every error this package raises on purpose.

    ProlificError
    ├── InputError            what was given cannot be used; .findings has all of it
    │   ├── DataError         the CSV or DataFrame
    │   ├── DesignError       the task
    │   ├── PlanError         the plan: pay, minutes, annotators
    │   └── ReviewError       the acts of a review: approve, reject, bonus
    ├── LiveError             going live was asked for, but not safely possible
    ├── SpendError            spending was refused: no cap, above the cap, or not enough money
    ├── SimilarRunError       the same data was launched before with another design or plan
    ├── LedgerError           the ledger's file cannot be used
    │   └── LedgerBusy        another process is launching with it
    ├── UnclearPayment        a bonus may or may not have been paid; .unclear names whose
    ├── StepFailed            a step of a launch ended badly on the server; .created names what exists
    ├── WaitTimeout           a deadline passed; the work goes on at the server
    ├── Unreachable           no answer came from the host
    └── ApiError              the server answered with an error; .status, .code, .request, .fields, .issues, .remedy
        ├── Unauthorised      401
        ├── Forbidden         403
        ├── NotFound          404
        ├── Conflict          409
        ├── Gone              410
        ├── Rejected          400, 405, 422 or any other: the request itself is at fault
        ├── TooManyRequests   429
        └── ServerError       5xx

The message of each says what happened, where, and what to do now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .common.findings import Finding, Findings

__all__ = [
    "ApiError",
    "Conflict",
    "DataError",
    "DesignError",
    "Forbidden",
    "Gone",
    "InputError",
    "LedgerBusy",
    "LedgerError",
    "LiveError",
    "NotFound",
    "PlanError",
    "ProlificError",
    "Rejected",
    "ReviewError",
    "ServerError",
    "SimilarRunError",
    "SpendError",
    "StepFailed",
    "TooManyRequests",
    "Unauthorised",
    "UnclearPayment",
    "Unreachable",
    "WaitTimeout",
]


class ProlificError(Exception):
    """Base of every error raised on purpose."""


class InputError(ProlificError):
    """Something given by the caller cannot be used.

    Parameters
    ----------
    subject : str
        What was looked at, such as a file name.
    findings : iterable of Finding
        All that was found, not only the first.
    """

    def __init__(self, subject: str, findings: Findings | Sequence[Finding]) -> None:
        self.subject = subject
        self.findings = Findings(findings)
        super().__init__(f"{subject} cannot be used:\n{self.findings}")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.subject, list(self.findings))


class DataError(InputError):
    """The CSV or DataFrame cannot be used."""


class DesignError(InputError):
    """The task cannot be shown or answered as it is."""


class PlanError(InputError):
    """The plan of the study cannot be used."""


class ReviewError(InputError):
    """Something that a review asks for cannot be done; nothing was sent."""


class LiveError(ProlificError):
    """Going live was asked for, but something that makes it safe is missing."""


class SpendError(ProlificError):
    """Money would have been spent beyond what was allowed; nothing was."""


class SimilarRunError(ProlificError):
    """The same data was launched before in this workspace, with another design or plan; nothing was created."""


class LedgerError(ProlificError):
    """The ledger's file cannot be used; nothing was sent."""


class LedgerBusy(LedgerError):
    """Another process or thread is launching with the same ledger."""


class UnclearPayment(ProlificError):
    """The answer to a payment was lost, and the submissions do not tell whether it was made. It is not made again.

    Parameters
    ----------
    bonus_id : str
        The bonus file on the server.
    unclear : mapping of str to str
        Amounts by id of the submissions that show no payment.
    told : mapping of str to str, optional
        Amounts by id of those that show it.
    """

    def __init__(self, bonus_id: str, unclear: Mapping[str, str], told: Mapping[str, str] | None = None) -> None:
        self.bonus_id, self.unclear, self.told = bonus_id, dict(unclear), dict(told or {})
        super().__init__(bonus_id, self.unclear, self.told)

    def __str__(self) -> str:
        owed = "".join(f"\n- submission {ident}: {amount}" for ident, amount in self.unclear.items())
        paid = f"{len(self.told)} others of the file show theirs.\n" if self.told else ""
        return (
            f"No answer came when bonus file {self.bonus_id} was to be paid, and these submissions show no payment so "
            f"far:{owed}\n{paid}"
            "Look at their bonuses on Prolific's page. If they were paid: proposal.settle(paid=True). If they were "
            "not: proposal.settle(paid=False), which lets the next proposal.apply(...) pay them. Until then no bonus "
            "of this run is paid."
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.bonus_id, self.unclear, self.told)


def named(created: Mapping[str, str]) -> str:
    """What exists on the server by now, in words; `created` holds ids by kind."""
    ids = ", ".join(f"{kind} {ident}" for kind, ident in created.items())
    return f"Created so far: {ids}. Nothing was published. Launch again to go on from here."


class StepFailed(ProlificError):
    """A step of a launch ended badly on the server.

    Parameters
    ----------
    message : str
        What happened, where, and what to do now.
    created : mapping of str to str, optional
        What exists on the server by now, by kind: ``{"dataset": id, "batch": id}``.
    """

    def __init__(self, message: str, created: Mapping[str, str] | None = None) -> None:
        self.message = message
        self.created = dict(created or {})
        super().__init__(message)

    def __str__(self) -> str:
        if not self.created:
            return self.message
        return f"{self.message} {named(self.created)}"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.created)


class WaitTimeout(ProlificError):
    """A deadline passed while waiting; the server goes on with the work."""


class Unreachable(ProlificError):
    """No answer came from the host, or only a part of one."""


class ApiError(ProlificError):
    """The server answered with an error.

    Parameters
    ----------
    status : int
        HTTP status.
    request : str
        Method and path, ``"POST /api/v1/studies/"``; never a header.
    detail : str
        The server's own words, cut to a readable length.
    issues : sequence of mapping, optional
        Problems with a place in a layout: ``page, row, column, item``, counted from 0 as the server does, ``message``
        and perhaps ``field``. The message of the error counts them from 1.
    remedy : str, optional
        What to do now.
    code : int or str, optional
        The server's own number for what happened, ``error_code``; what the numbers mean is not published.
    fields : mapping of str to sequence of str, optional
        Messages by the field of the request that they are about, with a dot before each inner name or number (from 0):
        ``{"completion_codes.0.code": ["Taken"]}``.
    said : mapping, optional
        The whole record that the server sent, as ``title`` and ``additional_information``; its ``traceback``, if it
        has one, is shown nowhere else.
    """

    remedy = "Read the server's words above; they name what it did not accept."

    def __init__(
        self,
        status: int,
        request: str,
        detail: str,
        issues: Sequence[Mapping[str, Any]] = (),
        remedy: str | None = None,
        *,
        code: int | str | None = None,
        fields: Mapping[str, Sequence[str]] | None = None,
        said: Mapping[str, Any] | None = None,
    ) -> None:
        self.status, self.request, self.detail, self.code = status, request, detail, code
        self.issues = [dict(issue) for issue in issues]
        self.fields = {field: list(messages) for field, messages in (fields or {}).items()}
        self.said = dict(said or {})
        if remedy is not None:
            self.remedy = remedy
        super().__init__(status, request, detail)  # a copy is made with these, and then given all the rest

    def __str__(self) -> str:
        return f"{self.request} was answered with {self.status}: {self.detail} {self.remedy}"


class Unauthorised(ApiError):
    """401: the token is missing or wrong."""

    remedy = "Check the token: make a new one in Prolific's settings and run prolific_nb.login()."


class Forbidden(ApiError):
    """403: the account may not do this."""

    remedy = "Ask the owner of the workspace for the right, or choose another workspace."


class NotFound(ApiError):
    """404: it does not exist, or this account may not see it."""

    remedy = "Check the id and the workspace; things of other accounts look as if they did not exist."


class Conflict(ApiError):
    """409: another job is still at work on the same thing."""

    remedy = "Wait until the running import or export has ended, then try again."


class Gone(ApiError):
    """410: this part of the API was withdrawn."""

    remedy = "This part of the API was withdrawn. Update prolific_nb; batches take their layout as batch_items now."


class Rejected(ApiError):
    """400, 405, 422 or any other of the kind: the server does not accept the request."""


class TooManyRequests(ApiError):
    """429: too many requests, or a busy wallet.

    Attributes
    ----------
    retry_after : float or None
        Seconds that the server asks to wait.
    """

    retry_after: float | None = None
    remedy = "Wait a minute and try again."


class ServerError(ApiError):
    """5xx: the server failed."""

    remedy = "Try again in a few minutes; if something was being created, look at Prolific's web pages first."
