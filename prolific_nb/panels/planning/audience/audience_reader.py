"""How many participants fit, asked once for each audience and shared by all panels of a client."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable
from threading import RLock
from weakref import WeakKeyDictionary

from ....api import Client
from ....study import StudyPlan
from ....study.audience.audience_check import AudienceReport
from ....study.quote import read_audience_of

_KEPT = 20  # audiences of one client, so that undo needs no request
_RETRY = 30.0  # seconds until a count that failed is asked for again
_lock = RLock()


class _Reports:
    def __init__(self) -> None:
        self.lock = RLock()
        self.read: OrderedDict[Hashable, tuple[AudienceReport, float]] = OrderedDict()


_reports: WeakKeyDictionary[Client, _Reports] = WeakKeyDictionary()


def audience_key(plan: StudyPlan) -> tuple[Hashable, ...]:
    """What the count depends on."""
    return (tuple(plan.filters), plan.filter_set_id, plan.filter_set_version)


def cached_audience(client: Client, plan: StudyPlan) -> AudienceReport:
    """The number of participants that fit and the findings about the filters, as last read from the server."""
    with _lock:
        reports = _reports.setdefault(client, _Reports())
    key = audience_key(plan)
    with reports.lock:  # a second panel waits for the answer instead of asking too
        known, at = reports.read.get(key, (None, 0.0))
        if known is None or (known.eligible is None and time.monotonic() - at > _RETRY):
            known, at = read_audience_of(client, plan), time.monotonic()
        reports.read[key] = (known, at)
        reports.read.move_to_end(key)
        while len(reports.read) > _KEPT:
            reports.read.popitem(last=False)
    return known
