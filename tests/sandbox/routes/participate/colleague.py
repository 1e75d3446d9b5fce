"""A person with a browser, by `requests` and the standard library's HTML parser: reads forms and fills them in."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import requests

from prolific_nb.common.study_links import link_path
from prolific_nb.sandbox import Sandbox

from ...flow import Caller
from ...storage.test_clock import Wall


def link(sandbox: Sandbox, study: str, person: str = "") -> str:
    """A link to a study."""
    token = sandbox.token.encode()
    return sandbox.url + link_path(lambda message: hmac.digest(token, message, "sha256").hex(), study, person)


class Form(HTMLParser):
    """The forms of a page as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []
        self.buttons: list[str] = []
        self.offered: dict[str, list[str]] = {}
        self.text = ""
        self._select = self._area = ""
        self._style = False
        self._named: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        self._named += [name] if tag in ("input", "select", "textarea") else []
        if tag == "input" and given.get("type") not in ("radio", "checkbox", "file"):
            self.values.append((name, given.get("value", "")))
        elif tag == "input":
            self.offered.setdefault(name, []).append(given.get("value", ""))
            if "checked" in given:
                self.values.append((name, given["value"]))
        elif tag == "select":
            self._select = name
        elif tag == "option":
            self.offered.setdefault(self._select, []).append(given["value"])
            if "selected" in given:
                self.values.append((self._select, given["value"]))
        elif tag == "textarea":
            self._area = name
            self.values.append((name, ""))
        elif tag == "style":
            self._style = True
        elif tag == "button":
            self.buttons.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        if tag == "style":
            self._style = False

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[-1] = (self._area, self.values[-1][1] + data.removeprefix("\n"))
        elif not self._style:
            self.text += data

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    @property
    def questions(self) -> list[str]:
        """The names of the inputs, in order."""
        return [name for name in dict.fromkeys(self._named) if name and not name.startswith("pnb.")]


@dataclass
class Colleague:
    """One browser at one link."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)
    page: requests.Response = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self, query: str = "") -> Form:
        self.page = self.session.get(self.url + query)
        return self.form

    @property
    def form(self) -> Form:
        return Form(self.page.text)

    def send(self, do: str, entered: dict[str, Any] | None = None, files: Any = None, **more: Any) -> Form:
        """Fill in the form that is shown and press a button."""
        kept = {name: [value for key, value in self.form.values if key == name] for name, _ in self.form.values}
        body = {**kept, **(entered or {}), "pnb.do": do}
        self.page = self.session.post(self.url, body, files=files, **more)
        return self.form

    @property
    def at(self) -> str:
        """The query of the page that is shown."""
        return self.page.url.partition("?")[2]

    def start(self) -> Form:
        return self.send("start")

    def answer_all(self, entered: dict[str, Any] | None = None) -> Form:
        """Answer whatever is asked until the end: the first option, or a text."""
        while "next" in self.form.buttons:
            first = {name: self.form.offered[name][0] for name in self.form.offered}
            texts = {name: "Because." for name in self.form.questions if name not in first}
            self.send("next", {**texts, **first, **(entered or {})})
        return self.form


@dataclass
class Place:
    """A sandbox with one published study, whose clock a test moves by hand."""

    sandbox: Sandbox
    wall: Wall
    call: Caller
    study: str

    def link(self, person: str = "") -> str:
        return link(self.sandbox, self.study, person)

    def colleague(self, person: str = "") -> Colleague:
        return Colleague(self.link(person))

    def status(self) -> dict[str, Any]:
        return dict(self.call.ok("GET", f"/api/v1/studies/{self.study}/"))

    def submissions(self) -> list[dict[str, Any]]:
        return list(self.call.ok("GET", f"/api/v1/studies/{self.study}/submissions/")["results"])

    def responses(self) -> list[dict[str, Any]]:
        batch = self.status()["data_collection_id"]
        return list(self.call.ok("GET", f"batches/{batch}/responses")["results"])

    def available(self) -> int:
        path = f"/api/v1/workspaces/{self.sandbox.workspace_id}/balance/"
        return int(self.call.ok("GET", path)["available_balance"])
