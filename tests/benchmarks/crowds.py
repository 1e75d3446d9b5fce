"""Simulated studies with planted careless people, honest slow ones and honest dissenters: who is flagged.

Nothing here uses the code of the flags. A study has groups of tasks, each answered by three to five people, as in
Prolific's Task Builder; one or two questions, texts and times in most studies, gold rows and attention checks in half.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prolific_nb import analysis

from .measuring import Row

STUDIES = 300
GOLD = 5  # rows of each group whose answer is known, in every other study
CARELESS = ("spammer", "straight-liner", "speeder", "copy-paster")
HONEST = ("usual", "slow", "dissenter")
SHARES = {"spammer": 0.05, "straight-liner": 0.04, "speeder": 0.04, "copy-paster": 0.04, "slow": 0.08,
          "dissenter": 0.10}  # fmt: skip
PLANTED = {
    "too fast": {"speeder"},
    "outlier in speed": {"speeder"},
    "straight-lining": {"straight-liner"},
    "repeated text": {"copy-paster"},
    "low agreement": {"spammer", "straight-liner"},
    "failed gold": {"spammer", "straight-liner"},
    "failed check": {"spammer", "straight-liner", "speeder"},
}
"""Whom each flag is for."""
DISSENTS = ("swaps two options", "own view of some rows", "strict")
_TEXT = (
    "the review says that room food staff price was very good bad clean late cold warm friendly slow because they had "
    "to wait long time but then it came and we liked how this place looks from outside while inside seems old happy "
    "author angry about service never again would return with family children dog noise night view bed"
)
_WORDS = np.array(_TEXT.split(), dtype=object)


@dataclass(frozen=True)
class Study:
    """One simulated study.

    Parameters
    ----------
    frame : DataFrame
        As ``run.responses(checks=True)``.
    kinds : Series
        What each person is, by participant ID.
    dissent : str
        How its dissenters differ.
    """

    frame: pd.DataFrame
    kinds: pd.Series
    dissent: str


def study(seed: int) -> Study:
    """A study drawn from its seed."""
    rng = np.random.default_rng(seed)
    per_group, per_task, n_questions = int(rng.integers(12, 31)), int(rng.integers(3, 6)), int(rng.integers(1, 3))
    groups = int(np.ceil(rng.integers(40, 121) / per_task))
    options = int(rng.integers(2, 6))
    people = groups * per_task
    kinds = rng.choice([*SHARES, "usual"], size=people, p=[*SHARES.values(), 1 - sum(SHARES.values())])
    dissent = DISSENTS[seed % len(DISSENTS)]
    parts = [
        _labels(rng, question, kinds, groups, per_group, per_task, options, dissent) for question in range(n_questions)
    ]
    frame = pd.concat(parts, ignore_index=True)
    known, timed, written = seed % 2 == 0, seed % 5 != 0, seed % 4 != 0
    frame["expected"] = None
    if known:
        gold = frame["task"] % per_group < GOLD
        frame.loc[gold, "expected"] = frame.loc[gold, "truth"]
        frame = pd.concat([frame, _checks(rng, kinds, per_task, per_group)], ignore_index=True)
    frame["seconds"] = _seconds(rng, kinds, frame) if timed else np.nan
    frame["explanation"] = _texts(rng, kinds, frame) if written else None
    return Study(_tidy(frame), pd.Series(kinds, index=[f"p{each}" for each in range(people)]), dissent)


def _labels(
    rng: np.random.Generator, question: int, kinds: np.ndarray, groups: int, per_group: int, per_task: int,
    options: int, dissent: str,
) -> pd.DataFrame:  # fmt: skip
    """The answers to one question: everybody answers the tasks of one group."""
    prevalence = rng.dirichlet(np.full(options, 3.0))
    truth = rng.choice(options, size=groups * per_group, p=prevalence)
    contested = rng.random(len(truth)) < 0.4
    other_view = rng.choice(options, size=len(truth), p=prevalence)
    person = np.repeat(np.arange(len(kinds)), per_group)
    task = (person // per_task) * per_group + np.tile(np.arange(per_group), len(kinds))
    kind = kinds[person]
    skill = np.clip(rng.beta(12, 3, size=len(kinds)), 0.55, 0.98)[person]
    seen = truth[task].copy()
    # Gold rows are clear cases, on which nobody has another view.
    gold = task % per_group < GOLD
    minority = (kind == "dissenter") & ~gold
    if dissent == "swaps two options":
        seen[minority] = np.where(seen < 2, 1 - seen, seen)[minority]
    elif dissent == "own view of some rows":
        seen[minority] = np.where(contested[task], other_view[task], seen)[minority]
    else:  # says the first option unless it is clear
        clear = rng.random(len(truth)) < 0.5
        seen[minority] = np.where(clear[task], seen, 0)[minority]
    # Errors are not uniform: people have options that they like.
    habit = rng.dirichlet(np.full(options, 2.0), size=len(kinds))
    guess = (rng.random((len(person), 1)) > np.cumsum(habit[person], axis=1)).sum(axis=1).clip(0, options - 1)
    attends = rng.random(len(person)) < np.where(gold, np.maximum(skill, 0.9), skill)
    attends &= kind != "spammer"
    attends &= (kind != "speeder") | (rng.random(len(person)) < 0.5)
    label = np.where(attends, seen, guess)
    favourite = rng.integers(options, size=len(kinds))[person]
    label = np.where((kind == "straight-liner") & (rng.random(len(person)) < 0.96), favourite, label)
    names = np.array([f"option {each}" for each in range(options)], dtype=object)
    return pd.DataFrame({"question": f"Question {question}?", "person": person, "task": task, "value": names[label],
                         "truth": names[truth[task]]})  # fmt: skip


def _checks(rng: np.random.Generator, kinds: np.ndarray, per_task: int, per_group: int) -> pd.DataFrame:
    """Three attention checks, shown with three of the tasks."""
    person = np.repeat(np.arange(len(kinds)), 3)
    careless = np.isin(kinds[person], ["spammer", "straight-liner", "speeder"])
    passed = rng.random(len(person)) > np.where(careless, 0.7, 0.04)
    task = (person // per_task) * per_group + np.tile([2, 6, 10], len(kinds))
    return pd.DataFrame({"question": "Choose blue.", "person": person, "task": task,
                         "value": np.where(passed, "blue", "red"), "expected": "blue"})  # fmt: skip


def _seconds(rng: np.random.Generator, kinds: np.ndarray, frame: pd.DataFrame) -> np.ndarray:
    """Log-normal, by task and person; breaks happen."""
    person, task = frame["person"].to_numpy(), frame["task"].to_numpy()
    speed = rng.normal(0, 0.35, size=len(kinds))
    speed += np.select(
        [kinds == "slow", kinds == "speeder"], [np.log(3.0), np.log(rng.uniform(0.06, 0.16, len(kinds)))]
    )
    amount = rng.normal(np.log(14), 0.4, size=int(task.max()) + 1)
    cell = pd.factorize(person * (int(task.max()) + 1) + task)[0]
    noise = rng.normal(0, 0.5, size=cell.max() + 1) + (rng.random(cell.max() + 1) < 0.01) * 4
    return np.exp(speed[person] + amount[task] + noise[cell])


def _texts(rng: np.random.Generator, kinds: np.ndarray, frame: pd.DataFrame) -> list[str]:
    """A text with every answer. Copy-pasters have one or two; some texts of honest people are short or repeated."""
    words, texts = _WORDS, []
    own = [" ".join(rng.choice(words, rng.integers(5, 12))) for _ in kinds]
    for person in frame["person"]:
        draw = rng.random()
        if kinds[person] == "copy-paster" and draw < 0.85:
            texts.append(own[person] + rng.choice(["", ".", "!"]))
        elif draw < 0.05:
            texts.append(own[person])
        else:
            texts.append(" ".join(rng.choice(words, 3 if draw < 0.2 else rng.integers(6, 15))))
    return texts


def _tidy(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.sort_values(["person", "task"], kind="stable", ignore_index=True)
    person = frame["person"].astype(str)
    columns = {
        "participant_id": "p" + person,
        "submission_id": "s" + person,
        "submission_status": "AWAITING REVIEW",
        "row": "r" + frame["task"].astype(str),
        "position": frame.groupby("person")["task"].transform(lambda each: each.rank(method="dense")).astype("Int64"),
        "seconds": frame["seconds"].astype("Float64"),
    }
    kept = frame[["question", "value", "expected", "explanation"]]
    found = pd.DataFrame(columns).assign(**{name: kept[name] for name in kept})
    if frame["seconds"].isna().all():
        found["position"] = pd.array([pd.NA] * len(found), dtype="Int64")
    return found


def replay(studies: range) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Flag the people of some studies.

    Returns
    -------
    tuple of DataFrame
        One row per person (``seed, kind, dissent, labels, timed`` and a column per flag, bool), and per study the
        number of honest people expected to be flagged by chance (``seed, flag, expected, tested``).
    """
    rows, chances = [], []
    for seed in studies:
        made = study(seed)
        found = analysis.flags(made.frame)
        table = pd.DataFrame({"seed": seed, "kind": made.kinds, "dissent": made.dissent})
        table["labels"] = found.people.set_index("participant_id")["compared"]
        table["timed"] = found.attrs["tested"]["too fast"] > 0
        for flag in PLANTED:
            table[flag] = table.index.isin(found.loc[found["flag"] == flag, "participant_id"])
        rows.append(table.reset_index(names="person"))
        chances += [(seed, flag, number, found.attrs["tested"][flag])
                    for flag, number in found.attrs["expected_by_chance"].items()]  # fmt: skip
    return pd.concat(rows, ignore_index=True), pd.DataFrame(chances, columns=["seed", "flag", "expected", "tested"])


def scores(people: pd.DataFrame, chances: pd.DataFrame) -> pd.DataFrame:
    """Per flag: precision (the flagged who are careless in any way), recall (of those it is for), honest flagged."""
    rows = []
    honest = people["kind"].isin(HONEST)
    for flag, planted in PLANTED.items():
        possible = people["seed"].map(chances[chances["flag"] == flag].set_index("seed")["tested"]) > 0
        flagged, wanted = people[flag], people["kind"].isin(planted) & possible
        caught = int((flagged & ~honest).sum())
        recall = float(flagged[wanted].mean()) if wanted.any() else np.nan
        by_chance = float(chances.loc[chances["flag"] == flag, "expected"].sum())
        wrong = int(flagged[honest].sum())
        total = caught + wrong
        rows.append((flag, total, caught / max(total, 1), recall, wrong / honest.sum(), wrong, by_chance))
    columns = ["flag", "flagged", "precision", "recall", "honest_flagged", "honest_n", "expected_by_chance"]
    return pd.DataFrame(rows, columns=columns)


def by_kind(people: pd.DataFrame) -> pd.DataFrame:
    """Per kind of person: how many, and the share with each flag and with any."""
    kind = np.where(people["kind"] == "dissenter", "dissenter: " + people["dissent"], people["kind"])
    table = people[list(PLANTED)].assign(any=people[list(PLANTED)].any(axis=1))
    shares = table.groupby(kind).mean()
    shares.insert(0, "people", people.groupby(kind).size())
    return shares


def by_labels(people: pd.DataFrame) -> pd.DataFrame:
    """How many labels it takes: the share of spammers with the flag "low agreement", and with any."""
    spam = people[people["kind"] == "spammer"]
    bins = pd.cut(spam["labels"].astype(float), [0, 9, 19, 29, 44, 60])
    found = pd.DataFrame({"low agreement": spam["low agreement"], "any": spam[list(PLANTED)].any(axis=1)})
    return found.groupby(bins, observed=True).agg(["mean", "size"]).drop(columns=("any", "size"))


def rows() -> Iterator[Row]:
    """The tables, printed, and the targets."""
    people, chances = replay(range(STUDIES))
    table, kinds = scores(people, chances), by_kind(people)
    with pd.option_context("display.width", 200, "display.max_columns", 20):
        for each in (table.set_index("flag"), kinds, by_labels(people)):
            print(each.round(4).to_string(), end="\n\n")
    hasty = people[(people["kind"] == "speeder") & people["timed"]]
    caught = hasty[["too fast", "outlier in speed"]].any(axis=1).mean()
    yield Row("speeders with one of the two flags of time", f"{100 * caught:.1f} %")
    flagged = people[list(PLANTED)].any(axis=1)
    for name, share in {
        "honest people flagged": flagged[people["kind"].isin(HONEST)].mean(),
        "honest dissenters flagged": flagged[people["kind"] == "dissenter"].mean(),
        "honest slow people flagged": flagged[people["kind"] == "slow"].mean(),
    }.items():
        yield Row(f"{name}, {STUDIES} studies", f"{100 * share:.2f} %", target="≤ 2 %", ok=share <= 0.02)
