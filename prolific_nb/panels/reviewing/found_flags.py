"""The flags of a run as the review shows them: columns of the table, sentences, and proposed rejections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...analysis import Flags
from ...common.display import suppress_notices
from ...common.plurals import counted
from ...workflow.run import Run

COLUMNS: Mapping[str, dict[str, Any]] = {
    "flags": {"label": "Flags", "missing": "none", "hint": "What was seen is written below the table"},
    "speed_z": {
        "label": "Speed z",
        "digits": 1,
        "missing": "not known",
        "hint": "Robust z of the time per task, against others on the same tasks; negative is fast",
    },
    "agreement": {
        "label": "Agreement",
        "digits": 2,
        "missing": "not known",
        "hint": "Mean share of the others who gave the same label",
    },
    "known": {
        "label": "Right",
        "digits": 2,
        "missing": "none asked",
        "text": "known_text",
        "hint": "Gold rows and attention checks answered as expected",
    },
    "longest_run": {
        "label": "Longest run",
        "digits": 0,
        "missing": "not known",
        "hint": "Most answers in a row with one option",
    },
}
"""By key, the columns that are added to the table."""


@dataclass(frozen=True)
class FoundFlags:
    """What `Run.flags` and the table of people behind it say about each submission.

    Parameters
    ----------
    table : DataFrame
        By submission ID, one row for each that was looked at; the columns are `COLUMNS` and ``known_text``.
    people : mapping of str to str
        By submission, the participant.
    flagged : mapping of str to tuple of str
        By flag, the submissions; flags that nobody has are left out.
    sentences : mapping of str to tuple of (str, str)
        By submission, each flag with its sentence.
    proposed : mapping of str to (str, str)
        By flagged submission, the category and the message of a rejection.
    words : tuple of str
        Sentences about all flags.
    """

    table: pd.DataFrame
    people: Mapping[str, str]
    flagged: Mapping[str, tuple[str, ...]]
    sentences: Mapping[str, tuple[tuple[str, str], ...]]
    proposed: Mapping[str, tuple[str, str]]
    words: tuple[str, ...]

    def has(self, submission_id: str) -> bool:
        """Whether this submission was looked at."""
        return submission_id in self.table.index

    @property
    def columns(self) -> list[str]:
        """The keys of the columns in which something is known."""
        return [key for key in COLUMNS if key == "flags" or self.table[key].notna().any()]

    def __str__(self) -> str:
        return ", ".join(f"{flag} ({len(ids):,})" for flag, ids in self.flagged.items()) or "none"


def look(run: Run) -> FoundFlags:
    """Read the answers of a run, and look for flags."""
    with suppress_notices():
        return found_flags(run.flags())


def found_flags(flags: Flags) -> FoundFlags:
    """The flags by submission."""
    kept = flags[flags["submission_id"].notna()]
    sentences: dict[str, list[tuple[str, str]]] = {}
    flagged: dict[str, list[str]] = {}
    for each in kept.to_dict("records"):
        sentences.setdefault(each["submission_id"], []).append((each["flag"], each["sentence"]))
        flagged.setdefault(each["flag"], []).append(each["submission_id"])
    proposals = flags.to_review().to_dict("records") if len(kept) else []
    return FoundFlags(
        _table(flags, {one: ", ".join(name for name, _ in found) for one, found in sentences.items()}),
        dict(zip(flags.submissions["submission_id"], flags.submissions["participant_id"], strict=True)),
        {name: tuple(flagged[name]) for name in flags["flag"].cat.categories if name in flagged},
        {one: tuple(found) for one, found in sentences.items()},
        {each["submission_id"]: (each["category"], each["message"]) for each in proposals},
        tuple(_words(flags)),
    )


def _table(flags: Flags, names: Mapping[str, str]) -> pd.DataFrame:
    people = flags.people.set_index("participant_id")
    asked = people["gold_n"] + people["checks_n"]
    right = people["gold"].fillna(0) * people["gold_n"] + people["checks"].fillna(0) * people["checks_n"]
    texts: list[Any] = [f"{got:.0f} of {n}" if n else None for got, n in zip(right, asked, strict=True)]
    known: Any = {"known": right / asked.where(asked > 0), "known_text": texts}
    of_people = people[["speed_z", "agreement", "longest_run"]].assign(**known)
    submissions: Any = flags.submissions[["submission_id", "participant_id"]]
    table = submissions.join(of_people, on="participant_id").set_index("submission_id")
    return table.drop(columns="participant_id").assign(flags=pd.Series(names, dtype=object))


def _words(flags: Flags) -> Iterable[str]:
    people, by_chance = counted(len(flags.people), "participant"), sum(flags.attrs["expected_by_chance"].values())
    if not len(flags):
        yield f"None of {people} is flagged."
    yield f"By chance alone, at most {by_chance:.2g} of {people} would be flagged."
    if len(flags):
        yield "A flag is a reason to look; it rejects nobody."
    if untested := [name for name, number in flags.attrs["tested"].items() if not number]:
        yield f"Too few answers or times for: {', '.join(untested)}."
