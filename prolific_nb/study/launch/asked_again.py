"""Follow-ups of a run: rows that people were asked about again are not paid for once more by a cell that runs again.

Which rows need more votes depends on the answers, and a rejected submission changes them: the cell that made a
follow-up then proposes other rows, and would make another study about almost the same ones.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator

from ...api import Client, Record
from ...common.json_fields import WRONG_SHAPE
from ...common.plurals import counted
from ...errors import NotFound, SimilarRunError
from ..ledger import Ledger
from ..monitor.status import DRAFT

_STEP = "follow-up "  # and the key of the follow-up


def note_follow_up(ledger: Ledger, key: str, follow_key: str, study_id: str, rows: Iterable[str]) -> None:
    """Keep with the run of that key which rows a follow-up asks about."""
    if ledger.step(key, _STEP + follow_key) is None:
        ledger.intend(key, _STEP + follow_key, json.dumps(list(rows)))
        ledger.done(key, _STEP + follow_key, study_id)


def refuse_asked_again(
    client: Client, ledger: Ledger, key: str, follow_key: str, rows: Collection[str], after: Collection[str]
) -> None:
    """Refuse a proposal with rows of a published follow-up whose answers it does not count.

    Parameters
    ----------
    key, follow_key : str
        The run, and the follow-up that is to be made: the same one again is not refused.
    after : collection of str
        The studies whose answers were counted.

    Raises
    ------
    SimilarRunError
        It names the follow-up.
    """
    for study, asked in _published(client, ledger, key, _STEP + follow_key, after):
        if both := len(asked.intersection(rows)):
            raise SimilarRunError(
                f"{counted(both, 'row')} of the {len(rows)} proposed were asked about in study {study.id} already, a "
                "follow-up of this run, and its answers were not counted: answers have changed since, as by a "
                "rejection. Another study would pay for these rows again, so nothing was created. To continue with "
                f'that one: follow = pnb.open_run(study_id="{study.id}", client=client, data=run.data). To ask more '
                "people: run.follow_up(run.needs_more(after=[follow]), after=[follow])."
            )


def _published(
    client: Client, ledger: Ledger, key: str, own: str, after: Collection[str]
) -> Iterator[tuple[Record, set[str]]]:
    for name, step in ledger.steps(key).items():
        if not name.startswith(_STEP) or name == own or not step.ident or step.ident in after:
            continue
        try:
            rows = set(json.loads(step.note))
        except WRONG_SHAPE:
            raise ledger.damaged(f"the rows of step {name!r} cannot be read") from None
        try:
            study = client.studies.get(step.ident)
        except NotFound:  # deleted, or of a sandbox that is gone
            continue
        if study.status != DRAFT:
            yield study, rows
