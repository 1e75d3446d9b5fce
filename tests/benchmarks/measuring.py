"""A row of the table, and how time and memory are measured."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Job = Callable[[], Any]


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Parameters
    ----------
    name : str
        What was measured.
    ours, peer : str
        The figures with their units, and the peer's name.
    ratio : float, optional
        Between the two, as the target counts it.
    target : str
        "" where the figure is only shown.
    ok : bool, optional
        Whether the target is met; None without a target.
    """

    name: str
    ours: str
    peer: str = ""
    ratio: float | None = None
    target: str = ""
    ok: bool | None = None


def figure(value: float, unit: str) -> str:
    """A number with its unit; three significant digits below 100."""
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def faster(name: str, ours: float, peer: float, who: str, at_least: float | None = None, unit: str = "ms") -> Row:
    """How many times the peer's figure is ours; the higher the better."""
    ratio = peer / ours
    target = {} if at_least is None else {"target": f"peer ≥ {at_least:g} × ours", "ok": ratio >= at_least}
    return Row(name, figure(ours, unit), f"{figure(peer, unit)} ({who})", ratio, **target)


def costs(name: str, ours: float, peer: float, who: str, at_most: float | None = None, unit: str = "ms") -> Row:
    """How many times our figure is the peer's; the lower the better."""
    ratio = ours / peer
    target = {} if at_most is None else {"target": f"ours ≤ {at_most:g} × peer", "ok": ratio <= at_most}
    return Row(name, figure(ours, unit), f"{figure(peer, unit)} ({who})", ratio, **target)


def limit(name: str, ours: float, at_most: float, unit: str = "ms") -> Row:
    """A figure that must stay below a limit."""
    return Row(name, figure(ours, unit), target=f"≤ {at_most:g} {unit}", ok=ours <= at_most)


def seconds(job: Job) -> float:
    """One run."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def milliseconds(jobs: Mapping[str, Job], rounds: int) -> dict[str, float]:
    """Median of each job; they take turns, so that a slow moment affects all of them."""
    times = [{name: 1000 * seconds(job) for name, job in jobs.items()} for _ in range(rounds)]
    return {name: statistics.median(each[name] for each in times) for name in jobs}


def memory(job: Job) -> float:
    """Peak of one run in MiB."""
    tracemalloc.start()
    job()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20
