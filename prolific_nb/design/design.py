"""The task as a value: every method returns a new design."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any, NoReturn, Self

from ..common.display import visible
from ..common.findings import Finding, Findings
from ..common.plurals import counted
from ..errors import DesignError
from . import rules
from .codebook import Codebook
from .codegen import code_of
from .editing import Editable
from .field_changes import file_types
from .html_preview import Preview, Rows, preview_of
from .instructions import check_flat, instructions
from .items import DatasetField, Image, Item, Option, QuestionItem, RichText, Validation, require_text
from .layout import Column, Page, Position, Row, placed, with_page, with_row
from .options import COMPARISON, Headed, Options, choices, headed, limit_under_headings, measured
from .question_types import (
    FileUpload,
    FreeText,
    FreeTextWithUnit,
    MultipleChoice,
    MultipleChoiceWithFreeText,
    item_from_api,
)


@dataclass(frozen=True, repr=False)
class Design(Editable):
    """What participants see and are asked, for every row of the data.

    Parameters
    ----------
    name : str
        Title of the task; participants see it.
    introduction, steps : str
        Basic HTML shown before the task.
    pages : tuple of Page
        The layout, as the methods build it.

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

    def __post_init__(self) -> None:
        for part in ("name", "introduction", "steps"):
            require_text(getattr(self, part), f"The {part} of a design")

    # --- what is shown -----------------------------------------------------------------------------------------

    def show(self, column: str, *, caption: str | None = None) -> Design:
        """Show the cell of a column; `caption` is basic HTML above it."""
        above = () if caption is None else (RichText(caption),)
        return self._with(*above, DatasetField(column))

    def text(self, html: str) -> Design:
        """Show the same basic HTML on every task."""
        return self._with(RichText(html))

    def picture(self, url: str, *, alt: str, caption: str | None = None) -> Design:
        """Show the same picture on every task; `url` is https, `alt` describes what it shows."""
        return self._with(Image(url, alt, caption))

    def side_by_side(self, *columns: str) -> Design:
        """Show the cells of two columns next to each other."""
        row = Row(tuple(Column((DatasetField(column),)) for column in columns))
        return replace(self, pages=with_row(self.pages, row))

    def page(self) -> Design:
        """Start a new page: everything after it is on another screen."""
        return replace(self, pages=with_page(self.pages, Page()))

    def intro(self, *html: str) -> Design:
        """Add a page that is shown once, before the first task; its texts are shown one below another."""
        return self._with_page(html, "intro")

    def outro(self, *html: str) -> Design:
        """Add a page that is shown once, after the last task; its texts are shown one below another."""
        return self._with_page(html, "outro")

    # --- what is asked -----------------------------------------------------------------------------------------

    def choose(self, question: str, options: Options, *, helper: str | None = None) -> Design:
        """Ask for one of several options.

        Parameters
        ----------
        question : str
            What is asked.
        options : iterable of str, int, float or bool, or mapping of these to str
            Labels in order, or a mapping of stored values to shown labels.
        helper : str, optional
            A hint below the question.
        """
        return self._with(MultipleChoice(question, choices(options), helper_text=helper))

    def rate(self, question: str, options: Options, *, helper: str | None = None) -> Design:
        """Ask for one point of a scale; `options` are in order, and all are shown at once."""
        return self._with(MultipleChoice(question, choices(options), helper_text=helper, ordered=True))

    def choose_many(
        self,
        question: str,
        options: Options,
        *,
        at_most: int | None = None,
        none: str | None = None,
        helper: str | None = None,
    ) -> Design:
        """Ask for any number of options.

        Parameters
        ----------
        at_most : int, optional
            How many may be picked; any number by default.
        none : str, optional
            Label of a last option that clears all others, such as ``"None of these"``.
        """
        last = () if none is None else (Option(none, none, exclusive=True),)
        limit = -1 if at_most is None else at_most
        return self._with(MultipleChoice(question, (*choices(options), *last), limit, helper))

    def choose_and_explain(self, question: str, options: Headed, *, helper: str | None = None) -> Design:
        """Ask for a choice and an explanation of it.

        Parameters
        ----------
        options : options, or mapping of str to options
            Flat options have the question as their heading, and one may be picked. From a mapping of headings to
            options, one may be picked if there is one heading, else any number; plain labels under several headings
            are stored as ``"heading: label"``.
        """
        offered = headed(question, options)
        return self._with(MultipleChoiceWithFreeText(question, offered, limit_under_headings(offered), helper))

    def write(
        self,
        question: str,
        *,
        min_chars: int | None = None,
        max_chars: int | None = None,
        helper: str | None = None,
        placeholder: str | None = None,
    ) -> Design:
        """Ask for an answer in the participant's own words, of `min_chars` to `max_chars` characters."""
        bounded = (min_chars, max_chars) != (None, None)
        rule = Validation("string", min_chars, max_chars) if bounded else None
        return self._with(FreeText(question, helper, placeholder, rule))

    def measure(self, question: str, units: Options, *, position: str = "suffix", helper: str | None = None) -> Design:
        """Ask for a number and its unit; Prolific requires two units or more. `position` may be ``"prefix"``."""
        return self._with(FreeTextWithUnit(question, measured(units), position, helper))

    def upload(self, question: str, *, types: Iterable[str] | None = None, max_files: int | None = None) -> Design:
        """Ask for files; `types` are extensions with their dot. By default, Prolific's own limits apply."""
        return self._with(FileUpload(question, file_types(types), max_files))

    def compare(self, question: str, left: str, right: str, *, tie: bool = False) -> Design:
        """Show two columns side by side and ask for one: the answers are "left", "right" and, with `tie`, "tie"."""
        return self.side_by_side(left, right).choose(question, dict(COMPARISON if tie else COMPARISON[:2]))

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
            found.extend(rules.check_columns(self.pages, data))
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
        return preview_of(self.name, self.to_api(), self.shown, data, row)

    def to_api(self) -> dict[str, Any]:
        """``task_details`` and ``batch_items`` of the request that creates a batch."""
        details = {"task_name": self.name, "task_introduction": self.introduction, "task_steps": self.steps}
        return {"task_details": details, "batch_items": [page.to_api() for page in self.pages]}

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
        record = {"name": self.name, "introduction": self.introduction, "steps": self.steps, "pages": pages}
        return json.dumps(record, ensure_ascii=False, indent=1)

    @classmethod
    def from_api(cls, batch: Mapping[str, Any], instructions: Iterable[Mapping[str, Any]] = ()) -> Design:
        """The design of a batch as the server returns it: ``task_details`` and ``batch_items``.

        A batch of the legacy flow has no ``batch_items``: its `instructions` become one page. Only its dataset says
        which columns it shows, so the design has none.

        What the API has no field for, such as that options are a scale, is inferred from what the server stores.
        Items of unknown types are kept as a text that names the type.
        """
        details = batch["task_details"]
        pages = tuple(Page.from_api(page) for page in batch.get("batch_items") or ())
        if asked := tuple(map(item_from_api, instructions)):
            pages = (*pages, Page((Row.of(*asked),)))
        texts = {"introduction": details.get("task_introduction") or "", "steps": details.get("task_steps") or ""}
        return cls(details.get("task_name") or batch.get("name") or "Task", pages=pages, **texts)

    @classmethod
    def from_json(cls, text: str) -> Design:
        """The design that `to_json` was called on.

        Raises
        ------
        DesignError
            If the string is not JSON, or not the JSON of a design.
        """
        try:
            record = json.loads(text, parse_constant=_no_number)
            pages = tuple(Page.from_record(page) for page in record.pop("pages"))
            return cls(record.pop("name"), pages=pages, **record)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            remedy = "Use a string that Design.to_json() returned, unchanged."
            finding = Finding("error", f"It is not a saved design: {type(error).__name__}, {error}.", remedy)
            raise DesignError("This JSON", [finding]) from error

    def __repr__(self) -> str:
        asked = sum(isinstance(item, QuestionItem) for item in self.items)
        sizes = f"{counted(len(self.pages), 'page')}, {counted(asked, 'question')}"
        return visible(f"Design({self.name!r}: {sizes}, shows {', '.join(self.shown) or 'no column'})")

    def _with(self, *items: Item) -> Design:
        return replace(self, pages=with_row(self.pages, Row.of(*items)))

    def _with_page(self, texts: Iterable[str], position: Position) -> Design:
        rows = tuple(Row.of(RichText(html)) for html in texts)
        return replace(self, pages=with_page(self.pages, Page(rows, position)))

    def _with_pages(self, pages: tuple[Page, ...]) -> Self:
        return replace(self, pages=pages)


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a valid JSON number")
