"""Sentences about how far a person is with their own labels."""

from __future__ import annotations

from ...common.plurals import counted


def progress_words(answered: int, skipped: int, total: int, seconds: float | None) -> str:
    """Such as “12 of 40, 3 skipped, median 24 s”.

    Examples
    --------
    >>> progress_words(12, 3, 40, 24.2), progress_words(0, 0, 1, None)
    ('12 of 40, 3 skipped, median 24 s', '0 of 1')
    """
    parts = [f"{answered:,} of {total:,}", f"{skipped:,} skipped" if skipped else ""]
    median = "" if seconds is None else f"median {seconds_words(seconds)}"
    return ", ".join(filter(None, [*parts, median]))


def seconds_words(seconds: float) -> str:
    """Such as “34 s” or “2 min 5 s”.

    Examples
    --------
    >>> seconds_words(0.4), seconds_words(125)
    ('0.4 s', '2 min 5 s')
    """
    if seconds < 1:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def end_words(answered: int, skipped: int, pace: str, path: str) -> list[str]:
    """What is said after the last task: what was done, how long it takes, and where the answers are.

    Parameters
    ----------
    pace : str
        How long a task takes, in words; empty if it is not known.
    path : str
        The file that holds the answers.
    """
    both = f" and skipped {skipped:,}" if skipped else ""
    done = f"You have answered {counted(answered, 'task')}{both}. That is all of them."
    kept = f"Every answer is in {path}. “Show code” has the program that reads them as a table."
    return [done, *([pace] if pace else []), kept]
