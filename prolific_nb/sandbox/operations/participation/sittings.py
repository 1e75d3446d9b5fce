"""What is recorded about people who take part by a link, while they do and afterwards.

A study's clock is usually much faster than real time, a person is not. So the clock of a study keeps real time as long
as somebody takes part by a link (`pace`), and is as fast as before once the last of them has ended. All records thus
have one time: started, completed, seconds and the moments of answers are real seconds of the person, simulated
participants are slowed down with everything else, and since the clock never goes back, no status does. The
alternative, a clock that stays fast, would date a colleague's five minutes as two days, and would have filled all
places while the introduction is read.

While a study is paused or after it was stopped its clock stands still, but who has started may finish. Time limits
follow wall time, and the seconds of that pause are noted beside the submission (`revealed.EXTRA`).
"""

from __future__ import annotations

from typing import Any

from ...state.sandbox_state import SandboxState
from ...storage import revealed
from ...storage.store import Document

_SITTING, _OPEN = "sitting", "open sitting"  # kinds of documents
REAL_TIME = 1.0


def find(state: SandboxState, submission_id: str) -> Document | None:
    """The record of a submission by a link: who, which tasks, since when, and what was entered."""
    return state.store.get(_SITTING, submission_id)


def keep(state: SandboxState, sitting: Document) -> None:
    """Save a record."""
    state.store.put(_SITTING, sitting["id"], sitting, parent=sitting["study"])


def begin(state: SandboxState, sitting: Document) -> None:
    """Save the record of a submission that begins."""
    keep(state, sitting)
    state.store.put(_OPEN, sitting["id"], {name: sitting[name] for name in ("id", "study", "deadline")})


def overdue(state: SandboxState) -> list[Document]:
    """Open sittings whose time is up, in the order of their ends."""
    found = [each for each in state.store.all(_OPEN) if each["deadline"] <= state.wall()]
    return sorted(found, key=lambda each: float(each["deadline"]))


def close(state: SandboxState, sitting: Document, at: float) -> None:
    """Note that a submission ended at wall time `at`."""
    state.store.drop(_OPEN, sitting["id"])
    keep(state, {**sitting, "ended": at})


def seconds(sitting: Document, at: float) -> float:
    """Real seconds that a person had taken at wall time `at`."""
    return max(float(at - sitting["since"]), 0.0)


def note_extra(state: SandboxState, study: Document, sitting: Document, at: float) -> None:
    """Note the seconds for which the study's clock stood still while the person went on."""
    extra = sitting["started"] + seconds(sitting, at) - revealed.elapsed(study, at)
    if extra > 0.001:
        body = {"id": sitting["id"], "seconds": extra}
        state.store.put(revealed.EXTRA, sitting["id"], body, parent=study["id"])


def pace(state: SandboxState, study: Document) -> float:
    """Sandbox seconds in one real second of a running study."""
    by_people = study.get("waits") or any(each["study"] == study["id"] for each in state.store.all(_OPEN))
    return REAL_TIME if by_people else state.speed


def with_pace(state: SandboxState, study: Document, at: float) -> Document:
    """The study with a clock that is as fast as it has to be from wall time `at`."""
    run: dict[str, Any] = study["run"]
    since = None if run["since"] is None else at
    return {**study, "run": {"before": revealed.elapsed(study, at), "since": since, "speed": pace(state, study)}}
