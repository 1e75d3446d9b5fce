"""Names and other text from data: drawn as written, and cut where they stay distinct."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from textwrap import shorten


def escape_mathtext(text: object) -> str:
    r"""Escape text from data, so that it is drawn as written and never as mathematics.

    Matplotlib decides when it draws, which may be long after the plot was made, so each dollar sign is escaped.

    Examples
    --------
    >>> print(escape_mathtext("$5 or $6?"))
    \$5 or \$6?
    """
    from matplotlib import rcParams  # imported late, so that importing the plots stays fast

    line = " ".join(str(text).split())
    return line.replace("$", r"\$") if rcParams["text.parse_math"] else line


def flat(text: object) -> str:
    """Text on one line."""
    return " ".join(str(text).split())


def cut_names(full: list[str], width: int) -> list[str]:
    """Names of at most `width` characters that stay distinct: cut at the end, in the middle, at the start or both.

    Examples
    --------
    >>> cut_names(["the first review", "the second review", "new"], width=10)
    ['the first…', 'the secon…', 'new']
    >>> cut_names(["5f3c9a00b7d14e001", "5f3c9a00b7d14e002"], width=8)
    ['5f3c…001', '5f3c…002']
    >>> cut_names(["subject number 1, in detail", "subject number 2, in detail"], width=8)
    ['…1, in …', '…2, in …']
    """
    cut = full
    for head in (width - 1, width // 2, 0):
        tail = width - 1 - head
        cut = [each if len(each) <= width else f"{each[:head]}…{each[len(each) - tail :]}" for each in full]
        if len(set(cut)) == len(set(full)):
            return cut
    long = zip(*(each for each in full if len(each) > width), strict=False)
    shared = sum(1 for _ in takewhile(lambda letters: len(set(letters)) == 1, long))
    cut = [each if len(each) <= width else f"…{each[shared : shared + width - 2]}…" for each in full]
    if len(set(cut)) == len(set(full)):
        return cut
    number = {name: place for place, name in enumerate(dict.fromkeys(full), 1)}
    return [each if len(each) <= width else f"{each[: width - 5]}… {number[each]}" for each in full]


def name_of(value: object, width: int = 28, among: Iterable[object] = ()) -> str:
    """A name in quotes, shortened for a title, but not to what another one would be shortened to.

    Examples
    --------
    >>> name_of("the first of many reviews", 16)
    '“the first of…”'
    >>> name_of("the first of many reviews", 16, among=["the first of several"])
    '“the first of ma…”'
    """
    name, *others = (" ".join(str(each).split()) for each in (value, *among))
    short = shorten(name, width, placeholder="…") or "…"
    others = [each for each in others if each != name]
    if any(shorten(each, width, placeholder="…") == short for each in others):
        short = cut_names([name, *others], width)[0]
    return f"“{short}”"
