"""The task as a value: every method returns a new design."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any, NoReturn, Self

from ..common.display import visible
from ..common.findings import Findings
from ..common.json_fields import NOTHING, Extra, unknown_fields
from ..common.plurals import counted
from . import rules
from .additions import Additions
from .codebook import Codebook
from .codegen import code_of
from .editing import Editable
from .html_preview import Preview, Rows, preview_of, require_rows
from .instructions import check_flat, instructions
from .items import DatasetField, Item, QuestionItem, require_text
from .layout import BATCH_FIELDS, Page, Row, batch_fields, instruction_fields, placed, reading
from .question_types import item_from_api

_DETAILS = "task_details"


@dataclass(frozen=True, repr=False)
class Design(Additions, Editable):
    """What participants see and are asked, for every row of the data.

    Parameters
    ----------
    name : str
        Title of the task; participants see it.
    introduction, steps : str
        Basic HTML shown before the task.
    pages : tuple of Page
        The layout, as the methods build it.
    extra : mapping, optional
        Fields of the batch that this package does not know, as JSON; those of ``task_details`` are under that name.

    Notes
    -----
    Methods accept what can be fixed later: `check` reports all problems at once. Only what cannot be stored at all
    (options that are not a list, a question that is not a string) raises TypeError or ValueError.

    Examples
    --------
    >>> design = (
    ...     Design("Review sentiment")
    ...     .show("review")
    ...     .choose("How does the writer feel?", ["good", "bad", "mixed"])
    ... )
    >>> design
    Design('Review sentiment': 1 page, 1 question, shows review)
    >>> design.check()
    Nothing found.
    """

    name: str
    _: KW_ONLY
    introduction: str = ""
    steps: str = ""
    pages: tuple[Page, ...] = ()
    extra: Extra = NOTHING

    def __post_init__(self) -> None:
        known = [name for name in BATCH_FIELDS if name != _DETAILS]
        object.__setattr__(self, "extra", unknown_fields(self.extra, known, "a batch"))
        for part in ("name", "introduction", "steps"):
            require_text(getattr(self, part), f"The {part} of a design")

    # --- the result -------------------------------------------------------------------------------------------

    @property
    def items(self) -> tuple[Item, ...]:
        """Everything on the pages, in reading order."""
        return tuple(each.item for each in placed(self.pages))

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns of the data that are shown, each once, in order."""
        return tuple(dict.fromkeys(item.field for item in self.items if isinstance(item, DatasetField)))

    def codebook(self) -> Codebook:
        """The questions, as needed to read the answers."""
        return Codebook.of(self.items)

    def check(self, data: rules.Described | None = None) -> Findings:
        """Everything that Prolific would refuse or that would spoil the answers.

        Parameters
        ----------
        data : Dataset, optional
            With it, the shown columns are checked too.
        """
        texts = {"name": self.name, "introduction": self.introduction, "steps": self.steps}
        found = [*rules.check_texts(texts), *rules.check_pages(self.pages)]
        if data is not None:
            require_rows(data)
            found += [*rules.check_columns(self.pages, data), *rules.check_sides(self.pages, data)]
        return Findings(found)

    def preview(self, data: Rows | None = None, row: int = 0) -> Preview:
        """What participants will see for one row.

        Parameters
        ----------
        data : Dataset, optional
            Without it, the columns appear by name.
        row : int
            Counted from 0, or from the end if negative.

        Raises
        ------
        IndexError
            If the data has no such row.
        """
        if data is not None:
            require_rows(data)
        return preview_of(self.name, self.to_api(), self.shown, data, row)

    def to_api(self) -> dict[str, Any]:
        """``task_details`` and ``batch_items`` of the request that creates a batch."""
        details = {"task_name": self.name, "task_introduction": self.introduction, "task_steps": self.steps}
        batch, more = self.extra, self.extra.get(_DETAILS)
        rest = {name: value for name, value in batch.items() if name != _DETAILS}
        pages = [page.to_api() for page in self.pages]
        return {**rest, _DETAILS: {**(more or {}), **details}, "batch_items": pages}

    def to_instructions(self) -> list[dict[str, Any]]:
        """The questions as Prolific's legacy flow takes them, without a layout; see `check_flat`."""
        return instructions(self.pages)

    def check_flat(self) -> Findings:
        """What would be lost in Prolific's legacy flow, ``launch(..., flow="instructions")``."""
        return Findings(check_flat(self.pages))

    def to_code(self, variable: str = "design") -> str:
        """Python code that rebuilds this design, one method a line; it expects ``import prolific_nb as pnb``.

        Raises
        ------
        ValueError
            If `variable` is not a valid variable name.
        """
        return code_of(self, variable)

    def to_json(self) -> str:
        """The design as a JSON string."""
        pages = [page.to_record() for page in self.pages]
        record: dict[str, Any] = {
            "name": self.name,
            "introduction": self.introduction,
            "steps": self.steps,
            "pages": pages,
        }
        record |= {"extra": dict(self.extra)} if self.extra else {}
        return json.dumps(record, ensure_ascii=False, indent=1)

    @classmethod
    def from_api(cls, batch: Mapping[str, Any], instructions: Iterable[Mapping[str, Any]] = ()) -> Design:
        """The design of a batch as the server returns it: ``task_details`` and ``batch_items``.

        A batch of the legacy flow has no ``batch_items``: its `instructions` become one page. Only its dataset says
        which columns it shows, so the design has none.

        Nothing is lost but the IDs that the server gave and its record of the batch. What the API has no field for,
        such as that options are a scale, is inferred from what the server stores. Fields and items that this package
        does not know are kept as JSON and sent again.

        Raises
        ------
        DesignError
            If it has no ``task_details``, or its pages are not rows of columns of items.
        """
        remedy = 'Pass a batch of the API, with "task_details", and pages with "rows" of "columns" of "items".'
        with reading("This batch", "as the API describes one", remedy, quoted=False):
            details = batch[_DETAILS]
            pages = tuple(Page.from_api(page) for page in batch.get("batch_items") or ())
            if asked := tuple(item_from_api(instruction_fields(each)) for each in instructions):
                pages = (*pages, Page((Row.of(*asked),)))
            texts = {"introduction": details.get("task_introduction") or "", "steps": details.get("task_steps") or ""}
            name = details.get("task_name")
            name = name if isinstance(name, str) else batch.get("name") or "Task"
            return cls(name, pages=pages, **texts, extra=batch_fields(batch))

    @classmethod
    def from_json(cls, text: str) -> Design:
        """The design that `to_json` was called on.

        Raises
        ------
        DesignError
            If the string is not JSON, or not the JSON of a design.
        """
        with reading("This JSON", "a saved design", "Use a string that Design.to_json() returned, unchanged."):
            record = json.loads(text, parse_constant=_no_number)
            pages = tuple(Page.from_record(page) for page in record.pop("pages"))
            return cls(record.pop("name"), pages=pages, **record)

    def __repr__(self) -> str:
        asked = sum(isinstance(item, QuestionItem) for item in self.items)
        sizes = f"{counted(len(self.pages), 'page')}, {counted(asked, 'question')}"
        return visible(f"Design({self.name!r}: {sizes}, shows {', '.join(self.shown) or 'no column'})")

    def _with_pages(self, pages: tuple[Page, ...]) -> Self:
        return replace(self, pages=pages)


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a valid JSON number")
