"""Rehearsal: a finished run with simulated people, and what it showed."""

from __future__ import annotations

from typing import Self

import pandas as pd

from ...common.display import card, lines, paragraphs
from ...sandbox import People
from ...study.flows import flow_named
from ...study.launch.draft import Draft
from ..run import Run
from .asked import Asked
from .measuring import AGREEMENT
from .playing import Played
from .rehearsal_words import SIMULATED, interval, words_of
from .rehearsed_figures import Outcome, in_words, marked, table_of
from .scenario import Scenario


class Rehearsal(Run):
    """A finished `Run` in a private sandbox, from `rehearse`. It says nothing about real people.

    Attributes
    ----------
    figures : DataFrame
        One row per figure: ``figure``; ``question``, "" if it is not about one; ``value``, ``low``, ``high`` (float64;
        the 95 % interval where it has one, else nan); ``unit``, a currency in major units, or for agreement the name of
        the coefficient; ``assumption`` (bool), whether it depends on what the people are assumed to be like, and
        ``depends_on``, on which assumptions; ``one_more``, the same figure with one more annotator per task; with a
        scenario ``ordinary``, the same figure without it, and then `one_more` is that of the ordinary study.
    caught : DataFrame
        One row per kind of people: ``kind``; ``honest`` (bool), whether most answers follow from the row; ``people``,
        ``flagged`` and a column for each flag (int64).
    words : str
        All of this in sentences.
    people : People
        As given; a scenario changes them.
    scenario : Scenario
        Its ``name`` is "" where there is none.
    seed : int
    """

    is_rehearsal = True
    figures: pd.DataFrame
    caught: pd.DataFrame
    words: str
    people: People
    scenario: Scenario
    seed: int
    _asked: Asked
    _outcome: Outcome

    @classmethod
    def of(
        cls, played: Played, asked: Asked, found: Outcome, one_more: Outcome | None, ordinary: Outcome | None
    ) -> Self:
        """The rehearsal of a study that was carried out."""
        run = played.run
        played.keep()
        draft = Draft(run.key, run.dataset_id, run.batch_id, run.study_id, run.codebook, flow_named(run.flow))
        made = cls(run.client, draft, data=run.data, design=run.design, plan=run.plan, ledger=run.ledger)
        made.cap, made._asked, made._outcome = run.cap, asked, found
        made.people, made.scenario, made.seed = asked.people, asked.scenario, asked.seed
        others = {"one_more": one_more} | ({"ordinary": ordinary} if ordinary is not None else {})
        made.figures = marked(table_of(found.figures, **others), SIMULATED)
        made.caught = marked(found.caught, SIMULATED)
        made.words = words_of(asked, found, one_more, ordinary)
        return made

    @property
    def assumptions(self) -> pd.DataFrame:
        """What the people are assumed to be like, and the source of each figure; see `People.assumptions`."""
        return marked(self.scenario.changed(self.people).assumptions(), SIMULATED)

    def _table(self, include: str, question: str | None = None, *, checks: bool = False) -> pd.DataFrame:
        return marked(super()._table(include, question, checks=checks), SIMULATED)

    def submissions(self) -> pd.DataFrame:
        """As `Run.submissions`; ``attrs["rehearsal"]`` says that the people are simulated."""
        return marked(super().submissions(), SIMULATED)

    def to_code(self) -> str:
        """The program that repeats this rehearsal."""
        return self._asked.to_code()

    def _rows(self) -> dict[str, object]:
        get = self._outcome.get
        rows: dict[str, object] = {"study": self.plan.name}
        rows |= {"scenario": self.scenario.name} if self.scenario.name else {}
        rows["cost"] = f"{in_words(get('cost of all places'))} for {in_words(get('places'))}"
        last = get("hours until all places are filled")
        rows["time"] = f"{in_words(last)} (assumption)"
        for each in self._outcome.named(AGREEMENT):
            rows[f"“{each.question}”"] = f"{each.unit} {interval(each)} (assumption)"
        rows["flagged"] = f"{in_words(get('flagged people'))} (assumption)"
        return rows

    def __repr__(self) -> str:
        return f"{SIMULATED}\n{lines(f'{self.client.mode} rehearsal', self._rows())}"

    def _repr_html_(self) -> str:
        return card(self.client.mode, "rehearsal: simulated people", self._rows(), paragraphs(self.words))
