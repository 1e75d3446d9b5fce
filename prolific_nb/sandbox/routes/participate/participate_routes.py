"""The pages of one link: everything is at one URL, and every form leads back to it, so that a path prefix works.

Reading a page changes nothing. A form says on which screen, and in which submission, it was filled in: sent again, by
the back button or a second tab, it has no further effect.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from ....common.answering import UploadedFile, asked_of
from ....common.render.questions import input_name
from ...contract.http_error import HTTPError
from ...operations import submission_completion
from ...operations.participation import browsers, pages, places, taking_part
from ...operations.participation.course import Course, course_of
from ...state.sandbox_state import SandboxState, current_state
from ...storage.store import Document

blueprint = Blueprint("participate", __name__, url_prefix="/participate")

_REMEMBERED = 30 * 86_400  # seconds for which a browser keeps its place in a study
_SHOWN = "now"  # a query without a meaning: some clients do not follow an empty one
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}")
_IN_USE = "This link is in use in another browser. Go on there, or ask for a link of your own."
_NOT_NOW = "This page cannot be shown. Try again, or tell the person who gave you the link."


def check_link() -> None:
    """Refuse a link that was not made here, before a body is read or a lock acquired."""
    given: dict[str, str] = request.view_args or {}
    # A path that no rule fits has no key, so it is refused like a wrong one.
    browsers.check_key(current_state(), given.get("study_id", ""), given.get("person", ""), given.get("key", ""))
    browsers.check_host(current_state(), request)


def read_form() -> None:
    """Parse the form before the lock is acquired."""
    try:
        _ = request.form
    except RequestEntityTooLarge as error:  # of its parts; the body as a whole is not too long
        raise HTTPError(413, "The form has too many fields, or too much text. Send less in one request.") from error


def refused(refusal: HTTPError) -> Response:
    """The page about a refused request; only what was written for people is said."""
    words = refusal.sentence if isinstance(refusal, browsers.Refusal) or refusal.status == 413 else _NOT_NOW
    answer = _response(pages.message("This did not work", words), refusal.status)
    answer.headers.update(refusal.headers)
    return answer


def _response(html: str, status: int = 200) -> Response:
    return Response(html, status, headers=pages.headers(), mimetype="text/html")


def _to(query: str) -> Response:
    """Back to the page by a relative URL, so that reloading it sends nothing again."""
    return Response(status=303, headers={**pages.headers(), "Location": f"?{query}"})


@blueprint.route("/<study_id>/<key>", methods=["GET", "POST"])
@blueprint.route("/<study_id>/<person>/<key>", methods=["GET", "POST"])
def link(study_id: str, key: str, person: str = "") -> Response:
    """The page of a link."""
    state, cookie = current_state(), f"pnb_{person or 'all'}"
    secret = browsers.secret_in(request, cookie)
    if taking_part.is_in_use(state, study_id, person, secret):
        raise browsers.Refusal(403, _IN_USE)
    if request.method == "POST":
        browsers.check_form(state, request, study_id, secret)
        return _act(_Visit(state, study_id, person, secret))
    secret = secret or browsers.new_secret()
    answer = _response(_page(_Visit(state, study_id, person, secret)))
    secure = request.is_secure or request.headers.get("X-Forwarded-Proto") == "https"
    # Without a path a cookie belongs to the folder of the page, whatever prefix a proxy puts before it.
    answer.set_cookie(cookie, secret, _REMEMBERED, path=None, httponly=True, samesite="Lax", secure=secure)
    return answer


class _Visit:
    """One request of a browser: its study, who it is, and the last submission."""

    def __init__(self, state: SandboxState, study_id: str, person: str, secret: str) -> None:
        self.state, self.person, self.secret = state, person, secret
        self.study = state.store.get("study", study_id)
        self.who = taking_part.visitor(state, study_id, secret)
        self.sitting = taking_part.sitting_of(state, self.who)
        self.token = browsers.form_token(state, study_id, secret)

    @property
    def nth(self) -> int:
        """How many submissions this browser has started."""
        return 0 if self.who is None else len(self.who["submissions"])

    @property
    def open_sitting(self) -> Document | None:
        """The submission that is active."""
        return self.sitting if self.sitting is not None and self.sitting["ended"] is None else None

    def closed_because(self) -> str:
        """Why nothing can be started now."""
        return taking_part.closed_because(self.state, self.study, self.who)


def _page(visit: _Visit) -> str:
    sitting, study = visit.open_sitting, visit.study
    if study is not None and sitting is not None:
        course = course_of(visit.state, study, sitting["group"])
        number = _number(request.args.get("at"), sitting)
        if "return" in request.args:
            return pages.confirm_return(sitting, number, visit.token)
        return pages.screen(course, sitting, number, visit.state.wall(), visit.token)
    closed = visit.closed_because()
    if study is not None and visit.sitting is not None:
        return _result(visit.state, study, visit.sitting, None if closed else (visit.token, visit.nth))
    if study is None or closed:
        return pages.message("You cannot start now", closed)
    group = places.choose(visit.state, study, "") or ""
    return pages.welcome(study, len(course_of(visit.state, study, group).tasks), visit.token)


def _number(given: str | None, sitting: Document) -> int:
    """The screen that is asked for, as far as it was reached."""
    known = given is not None and given.isascii() and given.isdigit() and len(given) < 7
    return min(int(given or 0), sitting["reached"]) if known else int(sitting["reached"])


def _result(state: SandboxState, study: Document, sitting: Document, again: tuple[str, int] | None) -> str:
    rows = state.store.rows("SELECT outcome FROM submissions WHERE id = ?", sitting["id"])
    code = submission_completion.participant_code(study) or {}
    return pages.result(rows[0]["outcome"], code.get("code") or "", again)


def _act(visit: _Visit) -> Response:
    done, sitting, study = request.form.get("pnb.do", ""), visit.open_sitting, visit.study
    if done == "start" and sitting is None and request.form.get("pnb.nth") == str(visit.nth):
        if visit.closed_because() or study is None:
            return _to(_SHOWN)
        taking_part.start(visit.state, study, visit.person, visit.secret)
        return _to("at=0")
    # A form of another submission, or of one that has ended, does nothing.
    if study is None or sitting is None or request.form.get("pnb.of") != sitting["id"]:
        return _to(_SHOWN)
    if done == "return":
        taking_part.give_up(visit.state, study, sitting)
        return _to(_SHOWN)
    return _saved(visit.state, study, sitting, done)


def _saved(state: SandboxState, study: Document, sitting: Document, done: str) -> Response:
    number = _number(request.form.get("pnb.at"), sitting)
    course = course_of(state, study, sitting["group"])
    sent = taking_part.Sent(_entered(course, number), _files(state, course, sitting, number))
    sitting, right = taking_part.save(state, course, sitting, number, sent, checked=done != "back")
    if done == "back":
        return _to(f"at={max(number - 1, 0)}")
    if not right:
        return _to(f"at={number}#faults")
    if number < len(course.screens) - 1:
        return _to(f"at={number + 1}")
    missing = taking_part.first_open_screen(course, sitting)
    if missing is not None:
        return _to(f"at={missing}")
    taking_part.submit(state, study, sitting)
    return _to(_SHOWN)


def _entered(course: Course, number: int) -> dict[str, list[str]]:
    """The values of the screen's inputs; others are not kept."""
    names = _names(course, number)

    def belongs(field: str) -> bool:
        return any(field == name or field.startswith((f"{name}-why-", f"{name}-unit")) for name in names)

    return {field: values for field, values in request.form.to_dict(flat=False).items() if belongs(field)}


def _names(course: Course, number: int) -> list[str]:
    page = course.screens[number].page
    return [input_name(item, place) for on, place, item in asked_of(course.pages) if on == page]


def _files(
    state: SandboxState, course: Course, sitting: Document, number: int
) -> dict[str, list[tuple[UploadedFile, bytes]]]:
    """The files that were sent for the screen, by input, each with a key of its own."""
    found: dict[str, list[tuple[UploadedFile, bytes]]] = {}
    for name in _names(course, number):
        for sent in request.files.getlist(name):
            if not sent.filename:  # an input without a file sends an empty name
                continue
            title = PurePosixPath(sent.filename.replace("\\", "/")).name
            suffix = PurePosixPath(title).suffix
            unique = state.ids.uuid("file", sitting["id"], state.store.next("files"))
            key = f"files/{unique}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
            content = sent.read()
            file = UploadedFile(title, sent.mimetype or "application/octet-stream", len(content), key)
            found.setdefault(name, []).append((file, content))
    return found
