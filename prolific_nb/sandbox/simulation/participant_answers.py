"""What simulated participants say about themselves and about a study: demographics, and feedback."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

_COUNTRIES = ("United Kingdom", "United States", "Ireland", "Germany", "Australia")
_COMMENTS = (
    "Clear instructions, thank you.",
    "Some items could go either way.",
    "Interesting task, the pay was fair.",
    "The last page took longer than expected.",
)
_REVOKED, _EXPIRED = 0.02, 0.04  # shares of participants without a profile
_RATED, _WROTE, _SHARED = 0.6, 0.4, 0.3


def demographics(seed: int, participant: str, filters: Sequence[str] = ()) -> dict[str, str]:
    """Answers to Prolific's standard questions, the same in every study; the words of the export where there are none.

    Parameters
    ----------
    seed : int
        Of the sandbox.
    participant : str
        ID of the participant.
    filters : sequence of str
        Further filters, each with an answer.
    """
    rng = Random(f"{seed}/demographics/{participant}")
    country, born = rng.choice(_COUNTRIES), rng.choice(_COUNTRIES)
    found = {
        "Age": str(rng.randint(18, 74)),
        "Sex": rng.choice(("Female", "Male")),
        "First language": "German" if born == "Germany" else "English",
        "Country of residence": country,
        "Nationality": born,
        "Country of birth": born,
        "Student status": rng.choice(("No", "No", "No", "Yes")),
        "Employment status": rng.choice(("Full-Time", "Part-Time", "Not in paid work", "Other")),
    }
    found |= {each: rng.choice(("Yes", "No")) for each in filters}
    missing = rng.random()
    if missing < _REVOKED:
        return dict.fromkeys(found, "CONSENT_REVOKED")
    return dict.fromkeys(found, "DATA_EXPIRED") if missing < _REVOKED + _EXPIRED else found


def authenticity(seed: int, submission: str) -> str:
    """The result of the authenticity checks of one submission."""
    return "Low" if Random(f"{seed}/authenticity/{submission}").random() < 0.03 else "High"


def feedback(seed: int, submission: str, participant: str) -> dict[str, Any] | None:
    """Ratings from 1 to 5 and perhaps a comment on the study; None from participants who give none."""
    rng = Random(f"{seed}/feedback/{submission}")
    if rng.random() >= _RATED:
        return None
    ratings = {name: min(5, 3 + rng.randrange(3)) for name in ("clarity", "difficulty", "fairness")}
    comment = rng.choice(_COMMENTS) if rng.random() < _WROTE else None
    shared = rng.random() < _SHARED
    return {
        "participant_id": participant if shared else None,
        **ratings,
        "comment": comment,
        "category": None if comment is None else "general",
        "source": "study_completion",
    }
