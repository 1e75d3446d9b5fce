"""Several files with the same columns as one dataset."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import add

from ..common.findings import Finding, Findings
from ..errors import DataError
from .cells.cell_store import compact
from .columns import check_kinds, kinds_of
from .dataset import Dataset
from .sources import Source, named

_MOST_NAMED = 2


def check_sources(sources: Sequence[Source]) -> list[str]:
    """The name of each source, for messages; sources in memory are numbered.

    Raises
    ------
    DataError
        If there is none, one is not a source, or a path is there twice.
    """
    if not sources:
        finding = Finding("error", "The list of sources is empty.", "Check the pattern or folder of the paths.")
        raise DataError("The sources", [finding])
    names = [
        subject if isinstance(source, str | os.PathLike) else f"{subject} (number {number})"
        for number, (source, (_, subject)) in enumerate(zip(sources, map(named, sources), strict=True), 1)
    ]
    paths = {name: os.path.realpath(os.path.expanduser(name)) for name in names}
    times = Counter(paths[name] for name in names)
    twice = [name for name, path in paths.items() if times[path] > 1]
    remedy = "Pass each file once: its rows would be annotated twice."
    if twice:
        raise DataError("The sources", [Finding("error", "The path is listed twice.", remedy, place=n) for n in twice])
    return names


def combined(parts: Sequence[Dataset], subjects: Sequence[str], given: Mapping[str, str], expression: str) -> Dataset:
    """One dataset with the rows of all parts, in the column order of the first.

    The number of a row begins with the number of its file: 2005 is row 5 of file 2.

    Parameters
    ----------
    given : mapping of str to str
        Kinds by column, as for `read_data`; the others are guessed from all rows.

    Raises
    ------
    DataError
        If the columns differ.
    """
    first = parts[0]
    alike, faults = [first], list(check_kinds(first.columns, given))
    for part, subject in zip(parts[1:], subjects[1:], strict=True):
        try:
            alike.append(part._like(first))
        except DataError as error:
            faults += [of_file(each, subject) for each in error.findings]
    if faults:
        raise DataError(f"{len(parts)} files together", faults)
    unit = 10 ** len(str(max(max(part.rows) for part in parts)))
    numbers = compact(place * unit + row for place, part in enumerate(parts, 1) for row in part.rows)
    findings = Findings([_about_numbers(subjects, unit), *_placed(parts, subjects)])
    store = reduce(add, (part._store for part in alike))
    kinds = kinds_of(first.columns, store.iter_columns(), given)
    return Dataset(_name(parts), first.columns, store, kinds, findings, None, numbers, expression)


def _about_numbers(subjects: Sequence[str], unit: int) -> Finding:
    files = "; ".join(f"{place} is {subject}" for place, subject in enumerate(subjects, 1))
    example = f"row {2 * unit + 5} is row 5 of file 2"
    return Finding("note", f"Row numbers begin with the number of the file: {example}. File {files}.", "")


def of_file(finding: Finding, subject: str) -> Finding:
    """A finding about one of several files; a remedy about rows must not be applied to the others."""
    remedy = finding.remedy
    if "skip_rows=[" in remedy:
        one = f"read_data({subject!r}, …).frame" if os.path.exists(os.path.expanduser(subject)) else "its .frame"
        remedy += f" In a list it would apply to every file: read this one alone, and pass {one} in its place."
    return replace(finding, remedy=remedy, place=f"{subject}, {finding.place}" if finding.place else subject)


def _placed(parts: Sequence[Dataset], subjects: Sequence[str]) -> Iterator[Finding]:
    for part, subject in zip(parts, subjects, strict=True):
        yield from (of_file(finding, subject) for finding in part.findings)


def _name(parts: Sequence[Dataset]) -> str:
    names = list(dict.fromkeys(part.name for part in parts))
    more = len(names) - _MOST_NAMED
    return " and ".join(names) if more <= 0 else f"{names[0]} and {len(names) - 1} more"
