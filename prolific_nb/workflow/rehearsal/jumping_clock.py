"""The clock of a rehearsal, which jumps instead of waiting."""

from __future__ import annotations

from threading import Lock

_STEP = 1.0  # seconds: longer than each stage of an import or a set-up, so that the next request finds it done
_BEGIN = 1_767_571_200.0  # 2026-01-05T00:00:00Z; what is recorded has the sandbox's own calendar


class JumpingClock:
    """Real time as a sandbox reads it: a second later with every request, and further after a jump.

    Attributes
    ----------
    step : float
        Seconds that pass with a request; more make a longer wait shorter.

    Examples
    --------
    >>> clock = JumpingClock()
    >>> before = clock()
    >>> clock.jump(3600)
    >>> clock() - before
    3601.0
    """

    def __init__(self) -> None:
        self._lock, self._now, self.step = Lock(), _BEGIN, _STEP

    def __call__(self) -> float:
        """Seconds since 1970, a step later than before."""
        with self._lock:
            self._now += self.step
            return self._now

    def jump(self, seconds: float) -> None:
        """Go forward, or with a negative number back."""
        with self._lock:
            self._now += seconds
