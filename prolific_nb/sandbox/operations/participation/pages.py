"""The pages that a person sees, as complete HTML documents without scripts."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ....common.answering import UploadedFile, asked_of
from ....common.plurals import counted
from ....common.render import form, style
from ....common.render.content import encodable, sanitised
from ....common.render.document import templates_in
from ...storage.store import Document
from . import given_answers
from .course import Course, Screen

_FILES = ("file_upload", "video_narration")
_TEMPLATES = Path(__file__).parent / "templates"
_TITLES = {"AWAITING REVIEW": "Thank you", "RETURNED": "Returned", "TIMED-OUT": "Time is up"}


def message(title: str, words: str) -> str:
    """A page that only says something."""
    return _page("message", title=title, words=words)


def welcome(study: Document, tasks: int, token: str) -> str:
    """The page before the start: what is asked, how long it takes, what is stored."""
    return _page("welcome", title=study["name"], **_about(study, tasks), token=token)


def _about(study: Document, tasks: int) -> dict[str, Any]:
    most = study["maximum_allowed_time"]
    return {
        "description": sanitised(study["description"]),
        "tasks": counted(tasks, "task"),
        "minutes": counted(ceil(study["estimated_completion_time"]), "minute"),
        "most": counted(int(most), "minute"),
    }


def screen(course: Course, sitting: Document, number: int, now: float, token: str) -> str:
    """One screen of the study, with what was entered so far."""
    shown, known = course.screens[number], sitting["screens"].get(str(number), {})
    faults = given_answers.read(course, sitting, number).faults if known.get("faulty") else ()
    last = number == len(course.screens) - 1
    return _page(
        "screen",
        title=f"{'Error: ' if faults else ''}{progress_words(course, number)}",
        name=course.details.get("task_name", ""),
        introduction=sanitised(course.details.get("task_introduction", "")),
        steps=sanitised(course.details.get("task_steps", "")),
        is_instructions=shown.page is None,
        inside=_inside(course, sitting, number, faults),
        asks=any(on == shown.page for on, _, _ in asked_of(course.pages)),
        with_files=any(item["type"] in _FILES for on, _, item in asked_of(course.pages) if on == shown.page),
        progress=progress_words(course, number),
        number=number,
        count=len(course.screens),
        left=time_left(sitting, now),
        button="Submit" if last else "Next",
        sitting=sitting["id"],
        token=token,
    )


def _inside(course: Course, sitting: Document, number: int, faults: Any) -> Markup:
    shown = course.screens[number]
    if shown.page is None:
        return Markup()
    values = given_answers.entered_on(sitting, number)
    entered = {name: [each for each in found if isinstance(each, str)] for name, found in values.items()}
    kept = {
        name: [each.file_name for each in found if isinstance(each, UploadedFile)] for name, found in values.items()
    }
    datapoint = course.datapoint(shown)
    return form(course.pages, datapoint, shown.page, entered=entered, kept=kept, faults=faults, kinds=course.kinds)


def progress_words(course: Course, number: int) -> str:
    """Where in the study a screen is."""
    shown = course.screens[number]
    if shown.page is None:
        return "Instructions"
    if shown.task is None:
        return "Before the first task" if number < _first_task(course.screens) else "After the last task"
    same = [each for each, one in enumerate(course.screens) if one.task == shown.task]
    part = f", screen {same.index(number) + 1} of {len(same)}" if len(same) > 1 else ""
    return f"Task {shown.task + 1} of {len(course.tasks)}{part}"


def _first_task(screens: list[Screen]) -> int:
    return next((number for number, each in enumerate(screens) if each.task is not None), len(screens))


def time_left(sitting: Document, now: float) -> str:
    """The time until the place is given to somebody else, in words.

    Examples
    --------
    >>> time_left({"deadline": 1000.0}, 130.0), time_left({"deadline": 1000.0}, 980.0)
    ('about 14 minutes', 'less than a minute')
    """
    minutes = int((sitting["deadline"] - now) // 60)
    return "less than a minute" if minutes < 1 else f"about {counted(minutes, 'minute')}"


def confirm_return(sitting: Document, number: int, token: str) -> str:
    """Whether a person really wants to give the place back."""
    return _page("confirm", title="Give your place back?", sitting=sitting["id"], number=number, token=token)


def result(status: str, code: str, again: tuple[str, int] | None) -> str:
    """The page after the end; `again` is the token of a form to start once more, and how often one has started."""
    known = status if status in ("RETURNED", "TIMED-OUT") else "AWAITING REVIEW"
    return _page("result", title=_TITLES[known], status=known, code=code, again=again)


def _page(template: str, /, **values: Any) -> str:
    sheet = _sheet()
    html = templates_in(_TEMPLATES).get_template(f"{template}.html.j2").render(sheet=Markup(sheet), **values)
    return encodable(html)


@cache
def _sheet() -> str:
    return style() + templates_in(_TEMPLATES).get_template("page.css").render()


@cache
def headers() -> dict[str, str]:
    """The headers of every page: nothing runs, nothing is kept, nothing is framed, no link tells where it was."""
    digest = b64encode(sha256(_sheet().encode()).digest()).decode()
    policy = (
        f"default-src 'none'; img-src https: data:; media-src https:; style-src 'sha256-{digest}'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        # With no-referrer alone, browsers send the origin of the page's own forms as null. The last known value counts.
        "Referrer-Policy": "no-referrer, same-origin",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
