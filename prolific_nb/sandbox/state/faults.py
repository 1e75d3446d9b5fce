"""Fault injection: which requests fail, how, and how often; triggered faults are recorded, so tests can count them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import KW_ONLY, dataclass
from functools import cache
from threading import Event, Lock

from ...common.study_links import PREFIX
from ...errors import ArgumentError, ArgumentTypeError
from ..contract import contract
from ..contract.http_error import HTTPError

# Operations that are not in the contract: PUT and GET of presigned URLs, and the pages of people who take part.
_STORAGE = {"/_uploads/": "uploadFile", "/_files/": "downloadFile", PREFIX: "participate"}
_STATUSES = (429, 500, 502, 503)

IN_TRANSPORT = ("refuse", "reset", "lost", "slow", "stall", "truncate")
_IN_HANDLING = {
    "expire": ("getDatasetUploadUrl",),
    "partial": ("uploadFile",),
    "failed": ("uploadFile",),
    "ERROR": ("setupBatch",),
    "no funds": ("transitionStudy", "updateStudy", "payBonuses"),
}


def operation(method: str, path: str) -> str:
    """The operation name used by faults and the request log; "" if the contract has no such operation.

    Examples
    --------
    >>> operation("POST", "/api/v1/studies"), operation("PUT", "/_uploads/5e1f"), operation("GET", "/")
    ('createStudy', 'uploadFile', '')
    """
    for start, name in _STORAGE.items():
        if path.startswith(start):
            return name
    try:
        return contract.find(method, path).name
    except HTTPError:
        return ""


@cache
def _operations() -> tuple[str, ...]:
    paths = contract.document()["paths"].values()
    named = {method["operationId"] for path in paths for method in path.values() if "operationId" in method}
    return (*sorted(named), *_STORAGE.values())


@dataclass(frozen=True)
class Fault:
    """One kind of fault for one operation of a sandbox.

    Parameters
    ----------
    operation : str
        The contract's operationId, for example ``"createStudy"``; ``"uploadFile"`` and ``"downloadFile"`` for presigned
        URLs; ``"participate"`` for the pages of people who take part by a link; ``"*"`` for any.
    kind : str
        In transport, for any operation:

        - ``"refuse"``: responds with `status`; the request is not handled.
        - ``"reset"``: the connection is reset; the request is not handled.
        - ``"lost"``: the request is handled, but the connection is reset before the response is sent.
        - ``"slow"``: the request is handled after `seconds`, even if the client no longer waits.
        - ``"stall"``: the request is handled at once, but the response is sent after `seconds`.
        - ``"truncate"``: the request is handled, but only the first half of the response's body is sent, with a
          matching Content-Length: complete as HTTP, invalid as JSON. An empty body is unchanged.

        During handling, for the named operations only; the fault waits for a request that reaches this point:

        - ``"expire"``: the URL returned by getDatasetUploadUrl has already expired.
        - ``"partial"``, ``"failed"``: the import of an uploadFile ends with this status.
        - ``"ERROR"``: the set-up started by setupBatch ends with this status.
        - ``"no funds"``: publishing (transitionStudy), more places (updateStudy) or bonuses (payBonuses) are refused
          for lack of funds, whatever the balance.
    times : int or None
        How many requests fail; None for all.
    skip : int
        How many matching requests succeed first.
    status : int, optional
        429, 500, 502 or 503; required for ``"refuse"``.
    retry_after : int or str, optional
        The Retry-After header of a ``"refuse"``: seconds, or an HTTP date.
    seconds : float
        Delay of ``"slow"`` and ``"stall"``.

    Raises
    ------
    ValueError
        With all invalid arguments.

    Examples
    --------
    >>> Fault("createStudy", "refuse", status=429, retry_after=2).times
    1
    """

    operation: str
    kind: str
    _: KW_ONLY
    times: int | None = 1
    skip: int = 0
    status: int | None = None
    retry_after: int | str | None = None
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if wrong := [*self._wrong_names(), *self._wrong_numbers()]:
            raise ArgumentError(f"{self!r}: {' '.join(wrong)}")

    def _wrong_names(self) -> Iterator[str]:
        if self.operation not in (*_operations(), "*"):
            yield f'Unknown operation. Use one of "*", {", ".join(_operations())}.'
        if self.kind not in (*IN_TRANSPORT, *_IN_HANDLING):
            yield f"Unknown kind. Use one of {', '.join((*IN_TRANSPORT, *_IN_HANDLING))}."
        elif self.operation not in (*_IN_HANDLING.get(self.kind, (self.operation,)), "*"):
            yield f"This kind is possible for {', '.join(_IN_HANDLING[self.kind])} only."

    def _wrong_numbers(self) -> Iterator[str]:
        refuses, waits = self.kind == "refuse", self.kind in ("slow", "stall")
        if (self.times is not None and self.times < 1) or self.skip < 0:
            yield "times must be at least 1 (None: every request), and skip at least 0."
        if refuses and self.status not in _STATUSES:
            yield f"refuse requires a status: {', '.join(map(str, _STATUSES))}."
        if not refuses and (self.status, self.retry_after) != (None, None):
            yield "status and retry_after are for refuse only."
        if waits != (self.seconds > 0):
            yield "slow and stall require seconds above 0; other kinds take no seconds."


@dataclass(frozen=True)
class TriggeredFault:
    """One request affected by a fault.

    Parameters
    ----------
    operation, kind : str
        The request's operation, and the kind of fault.
    number : int
        Number of the request among those that the fault matches, from 1; with ``skip=2`` the first hit is number 3.
    path : str
        Without the query.
    """

    operation: str
    kind: str
    number: int
    path: str


Listener = Callable[[TriggeredFault], None]
Hit = tuple[Fault, TriggeredFault]


class _Armed:
    """A fault with its counters."""

    def __init__(self, fault: Fault) -> None:
        self.fault, self._seen, self._hits = fault, 0, 0

    def matches(self, operation: str, kinds: tuple[str, ...]) -> bool:
        return self.fault.operation in (operation, "*") and self.fault.kind in kinds

    def count(self) -> bool:
        """Count a matching request; returns whether the fault is due for it."""
        self._seen += 1
        return self._seen > self.fault.skip and (self.fault.times is None or self._hits < self.fault.times)

    def hit(self, operation: str, path: str) -> Hit:
        self._hits += 1
        return self.fault, TriggeredFault(operation, self.fault.kind, self._seen, path)


class Faults:
    """The pending and triggered faults of a sandbox. Thread-safe.

    Parameters
    ----------
    *faults : Fault
        If several are due for one request, the first one is applied; the others wait for the next request.

    Examples
    --------
    >>> faults = Faults(Fault("createStudy", "lost"))
    >>> faults.add(Fault("*", "slow", seconds=0.5, times=None))
    >>> faults.fired
    []
    """

    def __init__(self, *faults: Fault) -> None:
        self._lock, self._over = Lock(), Event()
        self._armed: list[_Armed] = []
        self._fired: list[TriggeredFault] = []
        self._listeners: list[Listener] = []
        self.add(*faults)

    def add(self, *faults: Fault) -> None:
        """Add faults to the pending ones."""
        if invalid := [fault for fault in faults if not isinstance(fault, Fault)]:
            raise ArgumentTypeError(f"{invalid[0]!r} is not a Fault. Pass for example Fault('uploadFile', 'partial').")
        with self._lock:
            self._armed += map(_Armed, faults)

    def clear(self) -> None:
        """Remove all pending faults; triggered ones stay recorded."""
        with self._lock:
            self._armed = []

    @property
    def fired(self) -> list[TriggeredFault]:
        """All triggered faults so far, in order."""
        with self._lock:
            return list(self._fired)

    def listen(self, callback: Listener) -> None:
        """Call `callback` with every triggered fault, on the server's thread, when it is triggered.

        For ``"slow"`` and ``"stall"`` this is before the delay, for ``"lost"`` and ``"stall"`` after the request was
        committed. Faults during handling hold the store's lock: their callback must not send requests to the sandbox.
        """
        with self._lock:
            self._listeners.append(callback)

    def draw(self, operation: str, path: str, *kinds: str) -> Hit | None:
        """Count a request and return the fault that is due for it, if any; `fire` records it when it happens."""
        with self._lock:
            due = [armed for armed in self._armed if armed.matches(operation, kinds) and armed.count()]
            return due[0].hit(operation, path) if due else None

    def fire(self, fired: TriggeredFault) -> None:
        """Record a triggered fault and notify all listeners."""
        with self._lock:
            self._fired.append(fired)
            listeners = list(self._listeners)
        for listener in listeners:
            listener(fired)

    def wait(self, seconds: float) -> bool:
        """Wait; returns False if the sandbox was closed in the meantime."""
        return not self._over.wait(seconds)

    def close(self) -> None:
        """End all waits when the sandbox closes."""
        self._over.set()
