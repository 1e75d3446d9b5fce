"""Trouble on demand: which requests go wrong, how, and how often; what fired is kept, so that a test can count it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import KW_ONLY, dataclass
from functools import cache
from threading import Event, Lock

from ..contract import contract
from ..contract.http_error import HTTPError

# Two operations that the contract does not name, since their addresses are storage's: PUT and GET of presigned ones.
_STORAGE = {"/_uploads/": "uploadFile", "/_files/": "downloadFile"}
_STATUSES = (429, 500, 502, 503)

ON_THE_WAY = ("refuse", "reset", "lost", "slow", "stall", "truncate")
_IN_THE_ACT = {
    "expire": ("getDatasetUploadUrl",),
    "partial": ("uploadFile",),
    "failed": ("uploadFile",),
    "ERROR": ("setupBatch",),
    "no funds": ("transitionStudy", "updateStudy", "payBonuses"),
}


def operation(method: str, path: str) -> str:
    """The name by which faults and the log know a request; "" where the contract has none.

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
    """One kind of trouble for one operation of a sandbox.

    Parameters
    ----------
    operation : str
        The contract's operationId, for example ``"createStudy"``; ``"uploadFile"`` and ``"downloadFile"`` for presigned
        addresses; ``"*"`` for any.
    kind : str
        On the way, for any operation:

        - ``"refuse"``: answered with `status` before the request is handled.
        - ``"reset"``: the connection is reset before the request is handled.
        - ``"lost"``: the request is handled and kept, the connection reset before the answer is sent.
        - ``"slow"``: handled only after `seconds`. It is handled then even if nobody waits any more.
        - ``"stall"``: handled and kept at once, answered only after `seconds`.
        - ``"truncate"``: handled and kept; of the answer's body only the first half comes, with the length of that
          half, so that the answer is whole for HTTP and broken as JSON. An empty body stays as it is.

        In the act, for the operations named; such a fault waits for a request that gets that far:

        - ``"expire"``: the address that getDatasetUploadUrl gives has expired already.
        - ``"partial"``, ``"failed"``: the import of an uploadFile ends so.
        - ``"ERROR"``: the set-up that setupBatch starts ends so.
        - ``"no funds"``: publishing (transitionStudy), more places (updateStudy) or bonuses (payBonuses) are refused
          for lack of money, whatever the balance shows.
    times : int or None
        How many requests are hit; None hits all.
    skip : int
        How many matching requests come through first.
    status : int, optional
        429, 500, 502 or 503; for ``"refuse"``, which needs it.
    retry_after : int or str, optional
        The header Retry-After of a ``"refuse"``: seconds, or an HTTP date.
    seconds : float
        How long ``"slow"`` and ``"stall"`` wait.

    Raises
    ------
    ValueError
        With everything that does not fit.

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
            raise ValueError(f"{self!r}: {' '.join(wrong)}")

    def _wrong_names(self) -> Iterator[str]:
        if self.operation not in (*_operations(), "*"):
            yield f'The operation is not known. Known are "*", {", ".join(_operations())}.'
        if self.kind not in (*ON_THE_WAY, *_IN_THE_ACT):
            yield f"The kind is not known. Known are {', '.join((*ON_THE_WAY, *_IN_THE_ACT))}."
        elif self.operation not in (*_IN_THE_ACT.get(self.kind, (self.operation,)), "*"):
            yield f"Only {', '.join(_IN_THE_ACT[self.kind])} can go wrong in this way."

    def _wrong_numbers(self) -> Iterator[str]:
        refuses, waits = self.kind == "refuse", self.kind in ("slow", "stall")
        if (self.times is not None and self.times < 1) or self.skip < 0:
            yield "times counts from 1 (None: every request), skip from 0."
        if refuses and self.status not in _STATUSES:
            yield f"refuse needs a status: {', '.join(map(str, _STATUSES))}."
        if not refuses and (self.status, self.retry_after) != (None, None):
            yield "Only refuse has a status and retry_after."
        if waits != (self.seconds > 0):
            yield "slow and stall need seconds above 0; no other kind has them."


@dataclass(frozen=True)
class TriggeredFault:
    """One request that a fault hit.

    Parameters
    ----------
    operation, kind : str
        The request's own operation, and what happened to it.
    number : int
        Which of the requests that the fault matches it was, from 1; after ``skip=2`` the first one hit is number 3.
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
    """A fault with its counts."""

    def __init__(self, fault: Fault) -> None:
        self.fault, self._seen, self._hits = fault, 0, 0

    def matches(self, operation: str, kinds: tuple[str, ...]) -> bool:
        return self.fault.operation in (operation, "*") and self.fault.kind in kinds

    def count(self) -> bool:
        """Count a matching request; whether it is one to hit."""
        self._seen += 1
        return self._seen > self.fault.skip and (self.fault.times is None or self._hits < self.fault.times)

    def hit(self, operation: str, path: str) -> Hit:
        self._hits += 1
        return self.fault, TriggeredFault(operation, self.fault.kind, self._seen, path)


class Faults:
    """The faults of a sandbox: those still to come, and those that fired. Safe to use from any thread.

    Parameters
    ----------
    *faults : Fault
        Where several are due for one request, the first of them hits it; the others wait for the next.

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
        """Let these go wrong from now on, beside those there are."""
        if strange := [fault for fault in faults if not isinstance(fault, Fault)]:
            raise TypeError(f"{strange[0]!r} is no Fault. Give for example Fault('uploadFile', 'partial').")
        with self._lock:
            self._armed += map(_Armed, faults)

    def clear(self) -> None:
        """Let nothing go wrong any more; what fired is kept."""
        with self._lock:
            self._armed = []

    @property
    def fired(self) -> list[TriggeredFault]:
        """Every hit so far, in the order in which they fired."""
        with self._lock:
            return list(self._fired)

    def listen(self, callback: Listener) -> None:
        """Have `callback` called with every hit, on the server's thread, at the moment it fires.

        For ``"slow"`` and ``"stall"`` that is before the wait, for ``"lost"`` and ``"stall"`` after the request was
        kept. The kinds that fire in the act hold the store meanwhile: a callback must not call the sandbox then.
        """
        with self._lock:
            self._listeners.append(callback)

    def draw(self, operation: str, path: str, *kinds: str) -> Hit | None:
        """Count a request, and take the fault that it is hit by; `fire` says when it happens."""
        with self._lock:
            due = [armed for armed in self._armed if armed.matches(operation, kinds) and armed.count()]
            return due[0].hit(operation, path) if due else None

    def fire(self, fired: TriggeredFault) -> None:
        """Keep a hit and tell everybody who listens."""
        with self._lock:
            self._fired.append(fired)
            listeners = list(self._listeners)
        for listener in listeners:
            listener(fired)

    def wait(self, seconds: float) -> bool:
        """Wait; False if the sandbox was closed meanwhile."""
        return not self._over.wait(seconds)

    def close(self) -> None:
        """End every wait: the sandbox closes."""
        self._over.set()
