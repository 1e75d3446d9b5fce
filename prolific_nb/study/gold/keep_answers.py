"""Keeping the right answers on this machine, and telling the simulated participants of a sandbox in this process."""

from __future__ import annotations

from ...api import Client
from ...design import Codebook
from ..ledger import Ledger
from ..local_truths import remember


def keep_answers(client: Client, ledger: Ledger, key: str, codebook: Codebook) -> None:
    """Keep the right answers of a run in its ledger, and tell simulated participants those about gold rows."""
    remember(ledger, key, codebook)
    simulate_answers(client, codebook)


def simulate_answers(client: Client, codebook: Codebook) -> None:
    """Tell simulated participants the right answers about gold rows: in a rehearsal, most people answer them right."""
    if client.gold is not None:
        for question in codebook:
            for row, right in question.gold:
                client.gold.setdefault(row, {})[question.question] = right
