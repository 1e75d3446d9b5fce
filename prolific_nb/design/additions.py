"""The methods of a design that add something: what is shown, and what is asked."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, Self

from ..common.json_fields import Extra
from .field_changes import file_types, typed
from .items import DatasetField, Image, Item, Option, RichText, Value
from .layout import Column, Page, Position, Row, reading, with_page, with_row
from .options import (
    COMPARISON,
    Headed,
    Limits,
    Options,
    choices,
    headed,
    limit_under_headings,
    measured,
    right_option,
    with_ends,
)
from .question_types import (
    FileUpload,
    FreeText,
    FreeTextWithUnit,
    MultipleChoice,
    MultipleChoiceWithFreeText,
    VideoNarration,
    item_from_api,
)

Fields = Mapping[str, Any] | None
"""Further fields of an item or a page, as JSON."""


class Additions:
    """Methods that add to the pages; each returns a new value."""

    pages: tuple[Page, ...]

    @abstractmethod
    def _with_pages(self, pages: tuple[Page, ...]) -> Self:
        """The same with other pages."""

    # --- what is shown -----------------------------------------------------------------------------------------

    def show(self, column: str, *, caption: str | None = None, extra: Fields = None) -> Self:
        """Show the cell of a column; `caption` is basic HTML above it."""
        above = () if caption is None else (RichText(caption),)
        return self._with(*above, DatasetField(column, extra=Extra(extra)))

    def text(self, html: str, *, content_format: str | None = None, extra: Fields = None) -> Self:
        """Show the same basic HTML on every task; or, with ``content_format="markdown"``, Markdown."""
        return self._with(RichText(html, content_format, extra=Extra(extra)))

    def picture(self, url: str, *, alt: str, caption: str | None = None, extra: Fields = None) -> Self:
        """Show the same picture on every task; `url` is https, `alt` describes what it shows."""
        return self._with(Image(url, alt, caption, extra=Extra(extra)))

    def side_by_side(self, *columns: str) -> Self:
        """Show the cells of two columns next to each other."""
        row = Row(tuple(Column((DatasetField(column),)) for column in columns))
        return self._with_pages(with_row(self.pages, row))

    def page(self, *, extra: Fields = None) -> Self:
        """Start a new page: everything after it is on another screen."""
        return self._with_pages(with_page(self.pages, Page(extra=Extra(extra))))

    def intro(self, *html: str | Mapping[str, Any], extra: Fields = None) -> Self:
        """Add a page that is shown once, before the first task; its texts are shown one below another.

        Parameters
        ----------
        html : str or mapping
            Basic HTML, or an item as the API has it, such as ``{"type": "image", "url": …, "alt_text": …}``.
        extra : mapping, optional
            Further fields of the page.
        """
        return self._with_page(html, "intro", extra)

    def outro(self, *html: str | Mapping[str, Any], extra: Fields = None) -> Self:
        """Add a page that is shown once, after the last task; parameters as those of `intro`."""
        return self._with_page(html, "outro", extra)

    def verbatim(self, sent: Mapping[str, Any]) -> Self:
        """Add an item, or a whole page, exactly as the API has it.

        Parameters
        ----------
        sent : mapping
            An item with its ``"type"``, which may be unknown to this package, or a page with its ``"rows"``. IDs are
            left out, since the server gives new ones.

        Raises
        ------
        DesignError
            If it is neither.

        Examples
        --------
        >>> from prolific_nb import Design
        >>> Design("Sounds").verbatim({"type": "slider", "description": "How loud?", "max": 10}).codebook()
        Codebook('How loud?': text)
        """
        if isinstance(sent, Mapping) and isinstance(sent.get("type"), str):
            return self._with(item_from_api(sent))
        remedy = 'Pass a mapping with a "type", or with "rows" of "columns" of "items", as a batch of the API has them.'
        with reading("What was passed to verbatim()", f"an item or a page of the API ({sent!r})", remedy):
            return self._with_pages(with_page(self.pages, Page.from_api(sent)))

    # --- what is asked -----------------------------------------------------------------------------------------

    def choose(
        self,
        question: str,
        options: Options,
        *,
        helper: str | None = None,
        placeholder: str | None = None,
        disable_dropdown: bool | None = None,
        extra: Fields = None,
    ) -> Self:
        """Ask for one of several options.

        Parameters
        ----------
        question : str
            What is asked.
        options : iterable of str, int, float or bool, or mapping of these to str
            Labels in order, or a mapping of stored values to shown labels. In a list, an option may also be written as
            the API has it: ``{"label": "Good", "value": "good"}``.
        helper : str, optional
            A hint below the question.
        placeholder : str, optional
            Shown in the menu until an option is chosen.
        disable_dropdown : bool, optional
            Whether to list all options, where Prolific would fold five or more into a menu.
        extra : mapping, optional
            Further fields of the item, as JSON: what the API has and this package does not know.
        """
        texts = (helper, placeholder, disable_dropdown)
        return self._with_choice(MultipleChoice, question, choices(options), 1, *texts, extra)

    def attention(
        self,
        question: str,
        options: Options,
        *,
        right: Value,
        helper: str | None = None,
        placeholder: str | None = None,
        disable_dropdown: bool | None = None,
        extra: Fields = None,
    ) -> Self:
        """Ask for the option that the question names, to see who reads: an attention check.

        It is asked on every task, as every question is. Its answers are left out of agreement, aggregates and exports;
        ``run.responses(checks=True)`` has them.

        Parameters
        ----------
        right : str, int, float or bool
            The value of the option that is right. It stays on this machine: it is not sent to Prolific.
        question, options, helper, placeholder, disable_dropdown, extra
            As in `choose`.

        Raises
        ------
        ValueError
            If `right` is not the value of an option.

        Examples
        --------
        >>> from prolific_nb import Design
        >>> read = "To show that you have read this, choose “never”."
        >>> design = Design("Reviews").attention(read, ["always", "sometimes", "never"], right="never")
        >>> design.codebook()[0].right
        'never'
        """
        offered, texts = choices(options), (helper, placeholder, disable_dropdown)
        return self._with_choice(
            MultipleChoice, question, offered, 1, *texts, extra, right=right_option(right, offered)
        )

    def rate(
        self,
        question: str,
        options: Options,
        *,
        ends: tuple[str, str] | None = None,
        helper: str | None = None,
        extra: Fields = None,
    ) -> Self:
        """Ask for one point of a scale; `options` are in order, and all are shown at once.

        Parameters
        ----------
        ends : (str, str), optional
            Words for the first and the last point, added to their labels: ``rate("Fit?", range(1, 8),
            ends=("not at all", "very"))``.
        """
        points = with_ends(options, ends)
        return self._with(MultipleChoice(question, points, helper_text=helper, ordered=True, extra=Extra(extra)))

    def choose_many(
        self,
        question: str,
        options: Options,
        *,
        at_most: int | None = None,
        none: str | None = None,
        helper: str | None = None,
        placeholder: str | None = None,
        disable_dropdown: bool | None = None,
        extra: Fields = None,
    ) -> Self:
        """Ask for any number of options.

        Parameters
        ----------
        at_most : int, optional
            How many may be picked; any number by default.
        none : str, optional
            Label of a last option that clears all others, such as ``"None of these"``.
        helper, placeholder, disable_dropdown, extra
            As in `choose`.
        """
        last = () if none is None else (Option(none, none, exclusive=True),)
        limit = -1 if at_most is None else at_most
        texts = (helper, placeholder, disable_dropdown)
        return self._with_choice(MultipleChoice, question, (*choices(options), *last), limit, *texts, extra)

    def choose_and_explain(
        self,
        question: str,
        options: Headed,
        *,
        at_most: int | None = None,
        helper: str | None = None,
        placeholder: str | None = None,
        disable_dropdown: bool | None = None,
        extra: Fields = None,
    ) -> Self:
        """Ask for a choice and an explanation of it.

        Parameters
        ----------
        options : options, or mapping of str to options
            Flat options have the question as their heading, and one may be picked. From a mapping of headings to
            options, one may be picked if there is one heading, else any number; plain labels under several headings
            are stored as ``"heading: label"``.
        at_most : int, optional
            How many options may be picked; -1 is any number. By default as described above.
        helper, placeholder, disable_dropdown, extra
            As in `choose`.
        """
        offered = headed(question, options)
        limit = limit_under_headings(offered) if at_most is None else at_most
        texts = (helper, placeholder, disable_dropdown)
        return self._with_choice(MultipleChoiceWithFreeText, question, offered, limit, *texts, extra)

    def write(
        self,
        question: str,
        *,
        min_chars: int | None = None,
        max_chars: int | None = None,
        number: bool | tuple[float | None, float | None] = False,
        helper: str | None = None,
        placeholder: str | None = None,
        extra: Fields = None,
    ) -> Self:
        """Ask for an answer in the participant's own words, of `min_chars` to `max_chars` characters.

        Parameters
        ----------
        number : bool or (float, float)
            Whether a number must be typed, or its smallest and largest value; None leaves it open. Answers are strings.
        helper : str, optional
            A hint below the question.
        placeholder : str, optional
            Shown until something is typed.
        extra : mapping, optional
            Further fields of the item, as in `choose`.

        Raises
        ------
        ValueError
            If both a number and a length are asked for.
        """
        rule = typed(number, min_chars, max_chars)
        return self._with(FreeText(question, helper, placeholder, rule, extra=Extra(extra)))

    def measure(
        self,
        question: str,
        units: Options,
        *,
        limits: Limits | None = None,
        default: str | None = None,
        position: str = "suffix",
        helper: str | None = None,
        placeholder: str | None = None,
        extra: Fields = None,
    ) -> Self:
        """Ask for a number and its unit; Prolific requires two units or more.

        Parameters
        ----------
        units : options
            As in `choose`.
        limits : mapping of unit to (float, float), or (float, float), optional
            The smallest and the largest number, of each unit by its value or of all; None leaves it open.
        default : str, optional
            Value of the unit that is selected at first.
        position : {"suffix", "prefix"}
            Whether the unit is after or before the number.
        helper, placeholder, extra
            As in `write`.

        Raises
        ------
        ValueError
            If `limits` names a unit that is not there.

        Examples
        --------
        >>> from prolific_nb import Design
        >>> units = {"cm": "Centimetres", "ft": "Feet"}
        >>> design = Design("Sizes").measure("Height?", units, limits={"cm": (50, 300), "ft": (1, 9)}, default="cm")
        """
        made = measured(units, limits)
        texts = (position, helper, default, placeholder)
        return self._with(FreeTextWithUnit(question, made, *texts, extra=Extra(extra)))

    def upload(
        self,
        question: str,
        *,
        types: Iterable[str] | None = None,
        min_files: int | None = None,
        max_files: int | None = None,
        max_mb: float | None = None,
        helper: str | None = None,
        extra: Fields = None,
    ) -> Self:
        """Ask for files.

        Parameters
        ----------
        types : iterable of str, optional
            Extensions with their dot. By default, Prolific accepts pictures.
        min_files, max_files : int, optional
            How many files; 1 to 10 by default.
        max_mb : float, optional
            Size of each file in megabytes; 25 by default.
        helper, extra
            As in `choose`.
        """
        limits = (max_files, min_files, max_mb)
        return self._with(FileUpload(question, file_types(types), *limits, helper, extra=Extra(extra)))

    def narrate(self, question: str, *, helper: str | None = None, extra: Fields = None) -> Self:
        """Ask for a video in which the participant speaks; parameters as those of `choose`.

        Prolific names this type of question without describing its answers.
        """
        return self._with(VideoNarration(question, helper, extra=Extra(extra)))

    def compare(self, question: str, left: str, right: str, *, tie: bool = False) -> Self:
        """Show two columns side by side and ask for one: the answers are "left", "right" and, with `tie`, "tie".

        If one column is always on the left, position bias cannot be told from preference. Draw the sides of each row
        first: two columns with what is shown, and two with its names for `prolific_nb.analysis.preference`. ``check``
        has the code.
        """
        return self.side_by_side(left, right).choose(question, dict(COMPARISON if tie else COMPARISON[:2]))

    def _with_choice(
        self,
        kind: type[MultipleChoice | MultipleChoiceWithFreeText],
        question: str,
        options: tuple[Option, ...],
        limit: int,
        helper: str | None,
        placeholder: str | None,
        disable_dropdown: bool | None,
        extra: Fields,
        **local: Any,
    ) -> Self:
        menu: dict[str, Any] = {"placeholder_text_input": placeholder, "disable_dropdown": disable_dropdown}
        return self._with(kind(question, options, limit, helper, **menu, **local, extra=Extra(extra)))

    def _with(self, *items: Item) -> Self:
        return self._with_pages(with_row(self.pages, Row.of(*items)))

    def _with_page(self, contents: Iterable[str | Mapping[str, Any]], position: Position, extra: Fields) -> Self:
        items = (item_from_api(each) if isinstance(each, Mapping) else RichText(each) for each in contents)
        page = Page(tuple(map(Row.of, items)), position, extra=Extra(extra))
        return self._with_pages(with_page(self.pages, page))
