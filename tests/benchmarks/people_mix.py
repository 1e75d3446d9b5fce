"""Participants of `People.mix`, simulated without a server: whom the flags find of each kind, and how fast it is."""

from __future__ import annotations

from collections.abc import Iterator
from time import process_time

import pandas as pd

from prolific_nb import People, analysis
from prolific_nb.analysis.flag_rules import FLAGS

from ..sandbox.simulation.crowd.fieldwork import CHECK, CHOOSE, JUDGE, fieldwork
from .measuring import Row

STUDIES = 40
MIX = People.mix(hurried=0.1, straight_liner=0.1, spammer=0.1, copy_paste=0.1, dissenter=0.1)
HONEST = ("careful", "hurried", "dissenter")
PLANTED = {
    "too fast": ("spammer", "straight_liner"),
    "straight-lining": ("straight_liner",),
    "repeated text": ("copy_paste",),
    "low agreement": ("spammer", "straight_liner"),
    "failed gold": ("spammer", "straight_liner"),
    "failed check": ("spammer", "straight_liner"),
}
"""The kinds that each flag is for. Somebody has to type for a text, so only studies without one have the fast."""
FOUND = {"straight_liner": 0.95, "spammer": 0.95, "copy_paste": 0.95}
"""Of each careless kind, the share that must be flagged in studies with gold rows and checks."""


def replay(seeds: range) -> pd.DataFrame:
    """One row per person of some studies: ``seed, person, kind``, ``informative``, and a column per flag, bool.

    In every other study there are gold rows and attention checks; every third asks for no text.
    """
    tables = []
    for seed in seeds:
        known, written = seed % 2 == 0, seed % 3 != 2
        questions = (JUDGE if written else CHOOSE, *([CHECK] if known else []))
        made = fieldwork(MIX, seed, groups=6, per_group=25, gold=5 if known else 0, questions=questions)
        frame = made.frame.drop(columns="kind")
        found = analysis.flags(frame, shown=["review"])
        table = analysis.annotators(frame).set_index("participant_id")[["informative"]]
        table = table.assign(seed=seed, kind=table.index.map(made.kinds), known=known, written=written)
        for flag in FLAGS:
            table[flag] = table.index.isin(found.loc[found["flag"] == flag, "participant_id"])
        tables.append(table.reset_index(names="person"))
    return pd.concat(tables, ignore_index=True)


def scores(people: pd.DataFrame) -> pd.DataFrame:
    """Per flag: how many, the share of these who are careless, and the share flagged of the kinds it is for."""
    honest = people["kind"].isin(HONEST)
    rows = []
    for flag in FLAGS:
        given = people[flag]
        possible = people["kind"].isin(PLANTED.get(flag, ())) & (people["known"] | (not flag.startswith("failed")))
        possible &= (people["written"] | (flag != "repeated text")) & (~people["written"] | (flag != "too fast"))
        precision = float((~honest)[given].mean()) if given.any() else float("nan")
        rows.append((flag, int(given.sum()), precision, float(given[possible].mean()), float(given[honest].mean())))
    return pd.DataFrame(rows, columns=["flag", "flagged", "precision", "recall", "honest_flagged"])


def rows() -> Iterator[Row]:
    """The tables, printed, and the targets."""
    people = replay(range(STUDIES))
    by_kind = people.groupby("kind")[["informative", *FLAGS]].mean().assign(people=people["kind"].value_counts())
    with pd.option_context("display.width", 200, "display.max_columns", 20):
        print(scores(people).round(4).to_string(index=False), by_kind.round(3).to_string(), sep="\n\n", end="\n\n")
    flagged = people[list(FLAGS)].any(axis=1)
    for kind, least in FOUND.items():
        possible = (people["kind"] == kind) & (people["written"] | (kind != "copy_paste"))
        share = float(flagged[possible & people["known"]].mean())
        yield Row(f"{kind} flagged, with gold", f"{100 * share:.1f} %", target=f"≥ {least:.0%}", ok=share >= least)
        share = float(flagged[possible & ~people["known"]].mean())
        yield Row(f"{kind} flagged, without gold", f"{100 * share:.1f} %")
    for kind in HONEST:
        share = float(flagged[people["kind"] == kind].mean())
        yield Row(f"{kind} flagged", f"{100 * share:.1f} %", target="≤ 5 %", ok=share <= 0.05)
    low = people["informative"] < 0.6
    careless = people["kind"].isin(["spammer", "straight_liner"])
    yield Row("spammers and straight-liners below 0.6 in `informative`", f"{100 * low[careless].mean():.1f} %",
              target="≥ 90 %", ok=bool(low[careless].mean() >= 0.9))  # fmt: skip
    quick = float(people["too fast"][careless & ~people["written"]].mean())
    yield Row("of them too fast, without a text", f"{100 * quick:.1f} %")
    careful = float(low[people["kind"] == "careful"].mean())
    yield Row("careful people below 0.6", f"{100 * careful:.1f} %", target="≤ 5 %", ok=careful <= 0.05)
    begun = process_time()
    plain = fieldwork(People(), 0, groups=100, per_group=20)
    usual = process_time() - begun
    begun = process_time()
    mixed = fieldwork(People.mix(), 0, groups=100, per_group=20)
    ratio = (process_time() - begun) / usual * len(plain.frame) / len(mixed.frame)
    yield Row("an answer of a kind, to a plain one", "", ratio=ratio, target="≤ 2.5", ok=ratio <= 2.5)
