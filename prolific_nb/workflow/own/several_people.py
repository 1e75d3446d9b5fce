"""The labels of several people in one or in several files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ...common.arguments import listed, require_path
from ...common.findings import Finding
from ...errors import InputError
from .history import History
from .label_file import LabelFile
from .subject import Subject

PathLike = str | os.PathLike[str]
Paths = PathLike | Iterable[PathLike] | Mapping[str, PathLike]


def people_of(paths: Paths, subject: Subject) -> dict[str, History]:
    """The history of each annotator; see `OwnLabels.read`."""
    found: dict[str, History] = {}
    findings: list[Finding] = []
    for name, path in _named(paths):
        try:
            people = _people(name, path, subject)
        except InputError as wrong:
            findings += [replace(each, place=path.name) for each in wrong.findings]
            continue
        for who in found.keys() & people.keys():
            what = f"The annotator {who!r} is also in another file: the same person, or two people of one name."
            remedy = 'Name each person: {"ann": "ann.jsonl", "ben": "ben.jsonl"}.'
            findings.append(Finding("error", what, remedy, place=path.name))
        found |= people
    if findings:
        raise InputError("The files of labels", findings)
    return found


def _named(paths: Paths) -> Iterator[tuple[str | None, Path]]:
    if isinstance(paths, Mapping):
        yield from ((name, require_path("paths", path)) for name, path in paths.items())
    else:
        given = [paths] if isinstance(paths, str | os.PathLike) else listed("paths", paths)
        yield from ((None, require_path("paths", path)) for path in given)


def _people(name: str | None, path: Path, subject: Subject) -> Mapping[str, History]:
    if not path.exists():
        raise InputError(path.name, [Finding("error", "There is no such file.", f"Check the path: {path}.")])
    people = LabelFile(path, subject).people()
    if name is None or not people:
        return people
    if len(people) > 1:
        what = f"It has {len(people)} annotators: {', '.join(map(repr, people))}."
        raise InputError(path.name, [Finding("error", what, "Pass it in a list, where it has no other name.")])
    return {name: next(iter(people.values()))}
