"""Every error this package raises on purpose.

    ProlificError
    ├── ArgumentError         an argument cannot be used; also a ValueError
    │   ├── ArgumentTypeError   its type; also a TypeError
    │   └── UnknownName         there is nothing of this name; also a LookupError
    │       └── NoSuchPlace       at this index; also an IndexError
    ├── FolderInUse           a folder holds something else; also a FileExistsError
    ├── InputError            the input cannot be used; .findings lists every problem
    │   ├── DataError         the CSV or DataFrame
    │   ├── DesignError       the task
    │   ├── PlanError         the plan: pay, minutes, annotators
    │   └── ReviewError       the decisions of a review: approve, reject, bonus
    ├── LiveError             live mode was requested, but a safety requirement is not met
    ├── SpendError            spending was refused: no cap, above the cap, or insufficient funds
    ├── SimilarRunError       the same data was launched before with another design or plan
    ├── LedgerError           the ledger file cannot be used
    │   └── LedgerBusy        another process is launching with the same ledger
    ├── UnclearPayment        a bonus may or may not have been paid; .unclear lists the submissions
    ├── StepFailed            a step of a launch failed on the server; .created lists what exists
    ├── WaitTimeout           a deadline passed; the work continues on the server
    ├── Unreachable           no response arrived from the host
    │   └── UnexpectedResponse  one arrived, but it cannot be used; .request, .field
    └── ApiError              the server returned an error; .status, .code, .request, .fields, .issues, .remedy
        ├── Unauthorised      401
        ├── Forbidden         403
        ├── NotFound          404
        ├── Conflict          409
        ├── Gone              410
        ├── Rejected          400, 405, 422 or any other: the request is invalid
        ├── TooManyRequests   429
        └── ServerError       5xx

The message of each says what happened, where, and what to do now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from .common.display import visible
from .common.findings import Finding, Findings
from .common.notebook_traceback import short_traceback, wants_whole

__all__ = [
    "ApiError",
    "ArgumentError",
    "ArgumentTypeError",
    "Conflict",
    "DataError",
    "DesignError",
    "FolderInUse",
    "Forbidden",
    "Gone",
    "InputError",
    "LedgerBusy",
    "LedgerError",
    "LiveError",
    "NoSuchPlace",
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
    "UnknownName",
    "UnclearPayment",
    "UnexpectedResponse",
    "Unreachable",
    "WaitTimeout",
]


class ProlificError(Exception):
    """Base of every error raised on purpose.

    A notebook shows its message and the lines of the user that led to it; ``%xmode Verbose`` shows all frames.
    """

    @property
    def _render_traceback_(self) -> Callable[[], list[str]]:
        # IPython calls it where an exception has it: https://ipython.readthedocs.io/en/stable/config/integrating.html
        if wants_whole():
            raise AttributeError("_render_traceback_")
        return partial(short_traceback, self)


class ArgumentError(ProlificError, ValueError):
    """An argument has a value that cannot be used; the message names those that can."""


class ArgumentTypeError(ArgumentError, TypeError):
    """An argument is of a type that cannot be used."""


class UnknownName(ArgumentError, LookupError):
    """There is no question, template or entry of this name."""


class NoSuchPlace(UnknownName, IndexError):
    """There is no row, page or entry at this index."""


class FolderInUse(ProlificError, FileExistsError):
    """A folder holds something else than would be replaced; nothing was written."""


class InputError(ProlificError):
    """The input cannot be used.

    Parameters
    ----------
    subject : str
        What was checked, such as a file name.
    findings : iterable of Finding
        Every problem found, not only the first.
    """

    def __init__(self, subject: str, findings: Findings | Sequence[Finding]) -> None:
        self.subject = subject
        self.findings = Findings(findings)
        super().__init__(f"{visible(subject)} cannot be used:\n{self.findings}")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.subject, list(self.findings))


class DataError(InputError):
    """The CSV or DataFrame cannot be used."""


class DesignError(InputError):
    """The task cannot be shown or answered as it is designed."""


class PlanError(InputError):
    """The plan of the study cannot be used."""


class ReviewError(InputError):
    """A decision of a review cannot be carried out; nothing was sent."""


class LiveError(ProlificError):
    """Live mode was requested, but a safety requirement is not met."""


class SpendError(ProlificError):
    """The cost would exceed what was allowed; nothing was spent."""


class SimilarRunError(ProlificError):
    """The same data was launched before in this workspace, with another design or plan; nothing was created."""


class LedgerError(ProlificError):
    """The ledger file cannot be used; nothing was sent."""


class LedgerBusy(LedgerError):
    """Another process or thread is launching with the same ledger."""


class UnclearPayment(ProlificError):
    """The response to a payment was lost, and the submissions do not show whether it was made. It is not repeated.

    Parameters
    ----------
    bonus_id : str
        The bonus file on the server.
    unclear : mapping of str to str
        Amounts by ID of the submissions that show no payment.
    told : mapping of str to str, optional
        Amounts by ID of the submissions that show it.
    """

    def __init__(self, bonus_id: str, unclear: Mapping[str, str], told: Mapping[str, str] | None = None) -> None:
        self.bonus_id, self.unclear, self.told = bonus_id, dict(unclear), dict(told or {})
        super().__init__(bonus_id, self.unclear, self.told)

    def __str__(self) -> str:
        unclear = "".join(f"\n- submission {id_}: {amount}" for id_, amount in self.unclear.items())
        paid = f"Submissions of the file that show it: {len(self.told)}.\n" if self.told else ""
        return (
            f"No response arrived to the payment of bonus file {self.bonus_id}, and these submissions do not show it "
            f"yet:{unclear}\n{paid}"
            "Check their bonuses on Prolific's website. If they were paid, call proposal.settle(paid=True). If not, "
            "call proposal.settle(paid=False); the next proposal.apply(...) then pays them. Until then, no bonus of "
            "this run is paid."
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.bonus_id, self.unclear, self.told)


def named(created: Mapping[str, str]) -> str:
    """A sentence about what exists on the server so far; `created` holds IDs by kind."""
    ids = ", ".join(f"{kind} {id_}" for kind, id_ in created.items())
    return f"Created so far: {ids}. Nothing was published. Launch again to continue from here."


class StepFailed(ProlificError):
    """A step of a launch failed on the server.

    Parameters
    ----------
    message : str
        What happened, where, and what to do now.
    created : mapping of str to str, optional
        What exists on the server so far, by kind: ``{"dataset": id, "batch": id}``.
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
    """A deadline passed while waiting; the work continues on the server."""


class Unreachable(ProlificError):
    """No response arrived from the host, or only a part of one.

    Parameters
    ----------
    message : str
        What happened, where, and what to do now.
    lasting : bool
        Whether a setting of this machine is the cause, so that trying again without changing it is useless.
    """

    def __init__(self, message: str, lasting: bool = False) -> None:
        self.lasting = lasting
        super().__init__(message)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.lasting)


class UnexpectedResponse(Unreachable):
    """A response arrived, but it cannot be used: a field is missing or of another kind than documented.

    After a request that changes something, this means the same as no response: whether it took effect is unknown.

    Parameters
    ----------
    message : str
        What happened, where, and what to do now.
    request : str
        Method and path, ``"GET /api/v1/studies/"``.
    field : str
        Dotted path to the field, with list positions from 0; empty if the whole response cannot be used.
    """

    def __init__(self, message: str, *, request: str = "", field: str = "") -> None:
        self.message, self.request, self.field = message, request, field
        super().__init__(message)

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), request=self.request, field=self.field), (self.message,)


class ApiError(ProlificError):
    """The server returned an error.

    Parameters
    ----------
    status : int
        HTTP status.
    request : str
        Method and path, ``"POST /api/v1/studies/"``; never a header.
    detail : str
        The server's message, cut to a readable length.
    issues : sequence of mapping, optional
        Problems with their position in a layout: ``page, row, column, item``, counted from 0 as the server does,
        ``message`` and sometimes ``field``. The message of the error counts them from 1.
    remedy : str, optional
        What to do now.
    code : int or str, optional
        The server's ``error_code``; the meaning of its values is undocumented.
    fields : mapping of str to sequence of str, optional
        Messages by field of the request, as a dotted path with list positions from 0:
        ``{"completion_codes.0.code": ["Taken"]}``.
    said : mapping, optional
        The complete error record from the server, such as its ``title`` and ``additional_information``. A
        ``traceback`` from the server appears only here.
    """

    remedy = "Check the server's message above: it names what was not accepted."

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
        super().__init__(status, request, detail)  # copying passes these, then sets the other attributes

    def __str__(self) -> str:
        return f"{self.request} was answered with {self.status}: {self.detail} {self.remedy}"


class Unauthorised(ApiError):
    """401: the token is missing or wrong."""

    remedy = "Check the token: create a new one in Prolific's settings and run prolific_nb.login()."


class Forbidden(ApiError):
    """403: the account does not have permission."""

    remedy = "Ask the owner of the workspace for permission, or choose another workspace."


class NotFound(ApiError):
    """404: it does not exist, or this account cannot see it."""

    remedy = "Check the ID and the workspace: what belongs to another account is reported as missing."


class Conflict(ApiError):
    """409: another operation on the same resource is still running."""

    remedy = "Wait until the running import or export has finished, then try again."


class Gone(ApiError):
    """410: this part of the API was removed."""

    remedy = "This part of the API was removed. Update prolific_nb: a batch now takes its layout as batch_items."


class Rejected(ApiError):
    """400, 405, 422 or any other: the server does not accept the request."""


class TooManyRequests(ApiError):
    """429: too many requests, or a busy wallet.

    Attributes
    ----------
    retry_after : float or None
        How long the server asks to wait, in seconds.
    """

    retry_after: float | None = None
    remedy = "Wait a minute and try again."


class ServerError(ApiError):
    """5xx: the server failed."""

    remedy = "Try again in a few minutes; if you were creating something, first check Prolific's website for it."
