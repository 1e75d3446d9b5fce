"""What labels belong to: the questions as they were asked, the columns that were shown, and the data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ...common.answering import asked_of
from ...common.findings import Finding
from ...common.plurals import counted
from ...common.render.questions import input_name
from ...data import Dataset
from ...design import Codebook, Design
from ...design.right_answers import without_right
from ...errors import ArgumentTypeError, DesignError, InputError
from ...study.idempotent import stable_hash

FILE, VERSION = "labels of prolific_nb", 1
_ELSEWHERE = 'Pass another file, such as path="labels-2.jsonl", or the design and the data of this one.'


@dataclass(frozen=True)
class Subject:
    """A design and the data that it is about.

    Labels stay valid as long as the same questions with the same options are asked about rows that show the same. The
    name, the introduction, the steps, captions, help texts, limits and the layout may be edited: they are what is
    improved after taking the first tasks, and no label changes its meaning by itself.
    """

    design: Design
    data: Dataset

    @classmethod
    def of(cls, design: Any, data: Any) -> Subject:
        """The subject, if it can be shown and answered.

        Raises
        ------
        DesignError
            With all errors of ``design.check(data)``.
        """
        if not isinstance(design, Design) or not isinstance(data, Dataset):
            what = "The arguments are a design and its data, in this order"
            raise ArgumentTypeError(f"{what}. Pass a pnb.Design, then pnb.read_data(...) of the file.")
        if errors := design.check(data).errors:
            raise DesignError(f"The design {design.name!r}", errors)
        return cls(design, data)

    @cached_property
    def pages(self) -> list[dict[str, Any]]:
        """The pages of the layout, as the API has them."""
        found: list[dict[str, Any]] = self.design.to_api()["batch_items"]
        return found

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the questions' inputs, in the order of the codebook."""
        return tuple(input_name(item, place) for _, place, item in asked_of(self.pages))

    @cached_property
    def codebook(self) -> Codebook:
        """The questions, with the names of their inputs as their IDs."""
        pairs = zip(self.design.codebook(), self.names, strict=True)
        return Codebook(replace(question, instruction_id=name) for question, name in pairs)

    @cached_property
    def version(self) -> str:
        """Fingerprint of the whole design."""
        return stable_hash(without_right(self.design).to_json())

    @cached_property
    def _asked(self) -> list[dict[str, Any]]:
        bare = (replace(question, right=None, gold=(), instruction_id=None) for question in self.codebook)
        return Codebook(bare).to_records()

    def header(self) -> dict[str, Any]:
        """The first line of a file of these labels. It has no right answers."""
        about = {"name": self.design.name, "questions": self._asked, "shown": list(self.design.shown)}
        return {"file": FILE, "version": VERSION, **about, "data": self.data.digest}

    def check(self, header: Mapping[str, Any], rows: Collection[str], path: str) -> None:
        """Refuse the file with this first line and labels of these rows, unless it belongs to this subject.

        Raises
        ------
        InputError
            With all findings.
        """
        findings = list(self._other_file(header))
        findings = findings or [*self._other_design(header), *self._other_data(header, rows)]
        if findings:
            raise InputError(path, findings)

    def _other_file(self, header: Mapping[str, Any]) -> Iterator[Finding]:
        if header.get("file") != FILE:
            yield Finding("error", "It is not a file of labels, so nothing is added to it.", _ELSEWHERE)
        elif header.get("version") != VERSION:
            what = f"It has version {header.get('version')!r} of the format; this program reads {VERSION}."
            yield Finding("error", what, "Update prolific_nb, or pass another file.")

    def _other_design(self, header: Mapping[str, Any]) -> Iterator[Finding]:
        before, now = header.get("questions"), self._asked
        if before != now:
            known = [each for each in before or () if isinstance(each, Mapping)]
            then, new = [each.get("question") for each in known], [each["question"] for each in now]
            what = f"It asks {_quoted(then)}; the design asks {_quoted(new)}."
            if then == new:
                changed = [each["question"] for each, old in zip(now, known, strict=True) if each != old]
                what = f"Options or units of {_quoted(changed)} are others than in the design."
            yield Finding("error", what, _ELSEWHERE)
        if sorted(header.get("shown") or ()) != sorted(self.design.shown):
            what = f"It shows {_quoted(header.get('shown') or ())}; the design shows {_quoted(self.design.shown)}."
            yield Finding("error", what, _ELSEWHERE)

    def _other_data(self, header: Mapping[str, Any], rows: Collection[str]) -> Iterator[Finding]:
        """Rows may be added to the data, or be in another order; those that have labels must be as they were."""
        if header.get("data") == self.data.digest:
            return
        lost = set(rows).difference(self.data.row_keys)
        if lost:
            what = (
                f"Of the {counted(len(set(rows)), 'row')} in it, {len(lost):,} are not in the data {self.data.name!r}."
            )
            yield Finding("error", f"{what} Their cells were changed, or it is another file.", _ELSEWHERE)


def _quoted(texts: Collection[Any]) -> str:
    return ", ".join(f"{text!r:.80}" for text in texts) or "nothing"
