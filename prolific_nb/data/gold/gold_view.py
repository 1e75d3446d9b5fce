"""What a `Dataset` knows about its gold rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar, Self

from ...common.findings import Finding
from ..sources import Source
from ..table_view import TableView
from .gold_of_answers import gold_of_answers
from .gold_rows import GoldRows, Spread
from .read_gold import gold_code, read_gold


class GoldView(TableView, ABC):
    """The part of a `Dataset` that is about gold rows; see there."""

    name: str
    _spreads: tuple[Spread, ...]
    _read: ClassVar[Callable[[Any], Any]]
    """`read_data`, which is set by its module: it makes a Dataset, so it cannot be imported here."""

    @property
    def gold(self) -> GoldRows | None:
        """The gold rows, or None; if rows with other gold rows were added later, those of the first."""
        return next((spread.gold for spread in self._spreads if spread.gold is not None), None)

    def with_gold(
        self, frame: Self | Source, *, answers: Mapping[str, str] | None = None, per_group: int = 1, seed: int = 0
    ) -> Self:
        r"""The same rows, with rows whose answers are known spread over their task groups when they are uploaded.

        Gold rows show who reads and understands the task. They look like the other rows, and count among the
        ``tasks_per_group`` of the plan. The right answers are never uploaded; they are kept on this machine, and
        `Run.responses` leaves the answers about gold rows out unless it is called with ``checks=True``.

        Parameters
        ----------
        frame : Dataset, path, bytes or DataFrame
            The gold rows: the columns of the data that participants see, and columns with the right answers. Other
            columns of the data are empty in gold rows; further columns are not uploaded. Or a table of answers, such as
            ``own.answers()``: every labelled row becomes a gold row. ``data.without(own.answers()["row"])`` is the data
            without these rows, so that nobody is asked about one of them twice.
        answers : mapping of str to str, optional
            The column with the right answers by question. A right answer is an option's value or its label. Not needed
            for a table of answers: a label to a question of one option is right where all annotators gave it.
        per_group : int
            The number of gold rows in each task group.
        seed : int
            Of the places of the gold rows. The same seed gives the same upload.

        Returns
        -------
        Dataset
            ``len``, `frame`, `row_keys` and all that describes the data are about its own rows. Earlier gold rows are
            replaced.

        Raises
        ------
        DataError
            The gold rows lack a column or a right answer, or one is there twice; with all findings. `quote` and
            `launch` add what depends on the design and the plan.

        Notes
        -----
        Each gold row is used once before any is used again, and nobody meets one twice: where participants may take
        several task groups, each gold row is used once only. Where it stands in a group is random. The data's own
        grouping column is respected; without one, the upload gets a hidden column ``pnb_group``, since Prolific does
        not document which rows it puts together.

        Examples
        --------
        >>> from prolific_nb.data import read_data
        >>> data = read_data(b"review\nIt broke.\nSo far so good.\n")
        >>> data.with_gold(b"review,truth\nI hate it.,bad\n", answers={"How does the writer feel?": "truth"})
        Dataset('data': 2 rows + 1 gold row; review text)
        """
        named = f", answers={dict(answers)!r}" if isinstance(answers, Mapping) else ""
        if answers is None:
            frame, answers = gold_of_answers(self.columns, frame)
        given = frame if isinstance(frame, GoldView) else type(self)._read(frame)
        gold = read_gold(self, given, given.name, answers, per_group, seed)
        spreads = (Spread(len(self), gold),)
        if spreads == self._spreads:  # a cell that was run again
            return self
        more = "".join(f", {name}={value}" for name, value, usual in _options(gold) if value != usual)
        code = f"{self._code}.with_gold({gold_code(given._code)}{named}{more})"
        made: Self = replace(self, _expression=code, _as_read=None, _spreads=spreads)  # type: ignore[type-var]
        return made

    @property
    @abstractmethod
    def _code(self) -> str:
        """The expression that reads the data again."""

    def _gold_findings(self) -> Iterator[Finding]:
        for gold in dict.fromkeys(spread.gold for spread in self._spreads if spread.gold is not None):
            yield from gold.check(self.kinds)

    @cached_property
    def _arrangements(self) -> dict[int, Any]:
        """The last upload by number of tasks in a group: a quote and a launch need it several times."""
        return {}


def _options(gold: GoldRows) -> tuple[tuple[str, int, int], ...]:
    return ("per_group", gold.per_group, 1), ("seed", gold.seed, 0)
