"""Hostile strings in every field of the studio, and in every string of the server, stay text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.api.polling import PollIntervals
from prolific_nb.common.progress import silent
from prolific_nb.panels import Studio
from prolific_nb.panels.compose.rich_text import RichText
from prolific_nb.panels.kit.preview_frame import Preview
from prolific_nb.panels.shell.studio_state import StudioState
from prolific_nb.sandbox import Sandbox

from ...conftest import DESIGN, HURRY, PLAN
from ...faults.garbles import _DATE, _leaves
from ..find import everything, find, find_all, until
from .opened import html_of, open_all, quiet

MARK = "zqx"
NASTY = (
    f"{MARK}</iframe></textarea></style></pre></table><script>alert(1)</script><img src=x onerror=alert(2)>"
    '"\'><svg onload=alert(3)><a href="javascript:alert(4)">x</a> $\\frac$ \u202egnp.exe \x00 {{7*7}} '
)
LONG = NASTY + "long " * 400
DATA = pnb.read_data(pnb.sample_data().head(12))
TAGS = {
    *("a", "b", "bdi", "br", "caption", "circle", "code", "col", "dd", "details", "div", "dl", "dt", "em", "figure"),
    *("figcaption", "h2", "h3", "h4", "h5", "i", "iframe", "img", "input", "label", "li", "line", "mark", "ol", "p"),
    *("path", "pre", "rect", "small", "span", "strong", "style", "summary", "svg", "table", "tbody", "td", "text"),
    *("th", "thead", "title", "tr", "ul"),
}
"""What panels make themselves; `iframe`, `img` and `svg` are a picture of a template, a plot and a chart."""
ATTRIBUTE = re.compile(
    "alt|aria-[a-z]+|class|colspan|cx|cy|d|dx|dy|fill|height|href|id|inert|lang|open|overflow|points|preserveaspectratio|r|"
    "rel|role|rowspan|sandbox|scope|src|srcdoc|style|tabindex|target|text-anchor|title|transform|viewbox|width|x|x1|x2|y|y1|y2"
)
SAFE_URL = re.compile(r"https?://|mailto:|#|data:image/png;base64,[A-Za-z0-9+/=]*$")
_URLS = ("href", "src", "action", "formaction", "xlink:href", "poster", "data")


class Foreign(HTMLParser):
    """Collects whatever a hostile string could have added to a page."""

    def __init__(self, tags: set[str] = TAGS) -> None:
        super().__init__(convert_charrefs=True)
        self.tags, self.found, self.texts = tags, list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.tags:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if not ATTRIBUTE.fullmatch(name):
                self.found.append(f"<{tag} {name}>")
            if name in ("href", "src") and not SAFE_URL.match(value or ""):
                self.found.append(f"<{tag} {name}={value}>")
            if tag == "iframe" and name == "sandbox" and value:
                self.found.append(f"<iframe sandbox={value}>")
            if name == "srcdoc":
                self.found += page_faults(value or "")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def foreign(html: str) -> list[str]:
    """What is in the HTML that no panel makes."""
    parser = Foreign()
    parser.feed(html)
    parser.close()
    # Text that runs in the wrong direction would change what stands around it; NUL ends a string for some.
    outside = re.sub('<bdi>.*?</bdi>|srcdoc=".*?"', "", html, flags=re.DOTALL)
    return parser.found + [ascii(each) for each in re.findall(".{,40}[\u202e\x00]", outside, re.DOTALL)]


def page_faults(html: str) -> list[str]:
    """What a participant's page must not hold, whoever wrote its texts."""
    found: list[str] = []

    class Page(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag in ("script", "iframe", "object", "embed", "form", "link"):
                found.append(f"page <{tag}>")
            found.extend(f"page {name}" for name, _ in attrs if name.startswith("on"))
            found.extend(f"page <base {name}>" for name, _ in attrs if tag == "base" and name != "target")
            found.extend(f"page {value}" for name, value in attrs if name in _URLS and not SAFE_URL.match(value or "#"))

    parser = Page(convert_charrefs=True)
    parser.feed(html)
    parser.close()
    return found


def faults_of(studio: Studio) -> set[str]:
    """Where in the studio something hostile became markup."""
    found = {f"{where}: {fault}" for where, html in html_of(studio) for fault in foreign(html)}
    for page in [each for each in everything(studio.box) if isinstance(each, Preview)]:
        found |= {f"preview: {fault}" for fault in page_faults(page.html)}
    # ipywidgets reads the description of a field as HTML where this is set.
    found |= {
        f"description of a {type(each).__name__}"
        for each in everything(studio.box)
        if getattr(each, "description_allow_html", False)
    }
    return found


def told(studio: Studio) -> set[str]:
    """The panels whose HTML holds the hostile words, as text."""
    return {where for where, html in html_of(studio) if MARK in html}


@pytest.mark.parametrize(
    "html",
    [
        *("<script>", "<img src=x>", "<b onclick=x>", "<a href='javascript:x'>", "<p>\u202e</p>"),
        *("<iframe sandbox=allow-scripts>", "<iframe srcdoc='&lt;script>'>"),
    ],
)
def test_what_is_foreign_is_found(html: str) -> None:
    assert foreign(html) != []


@pytest.fixture
def studio(open_studio: Callable[..., Studio]) -> Studio:
    return open_studio(data=DATA, design=DESIGN, plan=PLAN)


# --- what people type -------------------------------------------------------------------------------------------------


def fields(studio: Studio) -> Iterator[Any]:
    for each in everything(studio.box):
        if isinstance(each, w.Text | w.Textarea | w.Combobox | RichText):
            yield each


def type_everywhere(studio: Studio, words: str) -> int:
    number = 0
    for each in list(fields(studio)):
        each.set_state({"value": words})
        number += 1
    return number


def test_every_field_of_the_steps_before_a_study(studio: Studio) -> None:
    open_all(studio)
    assert "\n".join(sorted(faults_of(studio))) == ""
    for at in range(len(DESIGN.entries)):
        studio.panels["compose"]._select(at)  # type: ignore[attr-defined]  # its form
        assert type_everywhere(studio, LONG) > 10
    page = find_all(studio, Preview)[0]
    edits = [
        {"n": number, "entry": entry, "part": part, "index": 0, "texts": [NASTY]}
        for number, (entry, part) in enumerate([("details", "name"), ("1", "description"), ("1", "answer_limit")], 1)
    ]
    page.set_state({"acts": edits})
    for name in ("Save this task as a template", "Use this file", "Read with these options"):
        for each in find_all(studio, w.Button, name):
            each.click()
    quiet(studio)
    assert "\n".join(sorted(faults_of(studio))) == ""
    assert {"card of studio", "card of compose", "card of plan", "data HTML", "plan HTML"} <= told(studio)
    compile(studio.code(), "<the program>", "exec")


def test_a_file_of_hostile_cells_and_names(studio: Studio) -> None:
    frame = pd.DataFrame({f"{NASTY}{n}": [NASTY + str(row) for row in range(4)] for n in range(2)})
    name = "zqx<img src=x onerror=alert(1)>.csv"
    Path(name).write_text(frame.to_csv(index=False).replace("\x00", ""), encoding="utf-8")
    data = pnb.read_data(name, header_rows=1)
    studio.desk.data.set(data)
    studio.desk.design.set(pnb.Design(NASTY.replace("\x00", "")).show(data.columns[0]).choose(NASTY, [NASTY, "other"]))
    studio.desk.plan.set(pnb.StudyPlan(NASTY, reward="1.50", minutes=6, description=NASTY))
    open_all(studio)
    quiet(studio)
    assert "\n".join(sorted(faults_of(studio))) == ""
    assert {"card of studio", "card of data", "card of compose", "card of plan"} <= told(studio)


# --- what the server says ---------------------------------------------------------------------------------------------

_TOKEN_LIKE = re.compile(r"[A-Za-z0-9_.-]*|[A-Z _-]+|https?://\S+|\d[\d.,]*")
"""IDs, enumerations, URLs and amounts in strings: what has no spaces, or only capitals."""


def hostile(answer: Any) -> Any:
    """Every string but IDs, enumerations and dates replaced; names and answers without spaces, too."""

    def change(name: str, value: Any) -> Any:
        if not isinstance(value, str) or name == "id" or name.endswith(("_id", "_ids")) or _DATE.match(value):
            return value
        known = name not in ("name", "title", "email", "username", "first_name", "last_name", "detail", "text")
        return value if known and _TOKEN_LIKE.fullmatch(value) else NASTY

    return _leaves(answer, change)


class Hostile(Transport):
    """A server whose words are hostile, from a chosen moment on."""

    hostile = False

    def _once(self, method: str, path: str, *given: Any, **options: Any) -> Any:
        answer = super()._once(method, path, *given, **options)
        return hostile(answer) if self.hostile and not isinstance(answer, bytes) else answer


_seeds = count(8200)


def test_every_string_of_the_server(request: pytest.FixtureRequest) -> None:
    with Sandbox(speed=HURRY, seed=next(_seeds), truth="sentiment") as place:
        transport = Hostile(place.url, Token(place.token), sleep=lambda _: None)
        client = Client(transport, mode="SANDBOX")
        client.pace = PollIntervals(job=0.01, study=0.05)
        desk = StudioState()
        run = pnb.launch(client, DATA, DESIGN, PLAN, on_progress=silent).publish(max_cost="99.00")
        run.wait(30, on_progress=silent)
        transport.hostile = True
        desk.client.set(client)
        desk.take(run)
        studio = Studio(desk)
        request.addfinalizer(studio.close)
        review: Any = studio.panels["review"]
        until(lambda: review._seen is not None and "answers by" in str(studio.panels["results"].summary()))
        open_all(studio)
        until(lambda: {"connection HTML", "launch HTML", "results HTML"} <= told(studio))
        assert "\n".join(sorted(faults_of(studio))) == ""
        assert type_everywhere(studio, NASTY) > 10
        ids = [row["id"] for row in review.table.rows][:2]
        review.select(ids)
        find(review, w.ToggleButton, "Message…").value = True
        find(review, w.Textarea, "Message to the participants").value = NASTY
        find(review, w.Button, "Add message").click()
        quiet(studio)
        open_all(studio)
        assert "\n".join(sorted(faults_of(studio))) == ""
        assert "review HTML" in told(studio)
