"""The bar of the studio: what is known, in the words of the newest step, and never as markup."""

from __future__ import annotations

import re
from collections.abc import Callable

import prolific_nb as pnb
from prolific_nb.panels import Studio
from prolific_nb.panels.shell.status_bar import bar_html

from ...conftest import DESIGN, PLAN
from ..find import parsed, until

DATA = pnb.read_data(pnb.sample_data().head(24))


def facts(html: str) -> dict[str, str]:
    """The facts of the bar by name, with its heading."""
    pairs = dict(re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", html))
    return {"title": " ".join(parsed(html.partition("<dl>")[0])[2].split()), **pairs}


def test_what_is_not_known_is_a_dash() -> None:
    unknown = {"title": "SANDBOX New study", "Places": "—", "Cost": "—", "Balance": "—"}
    assert facts(bar_html("SANDBOX", [])) == unknown
    assert facts(bar_html("SANDBOX", [{"Study": "", "Cost": "", "Unheard of": "x"}])) == unknown


def test_later_facts_replace_earlier_ones() -> None:
    html = bar_html(
        "LIVE", [{"Study": "Reviews", "Cost": "27.24 GBP"}, {"Cost": "2.27 GBP spent", "Places": "1 of 12"}]
    )
    assert facts(html) == {"title": "LIVE Reviews", "Places": "1 of 12", "Cost": "2.27 GBP spent", "Balance": "—"}
    assert 'class="pnb-mode pnb-live"' in html


def test_names_are_shortened_and_are_no_markup() -> None:
    nasty = "<img src=x onerror=alert(1)>" + "x" * 5000
    html = bar_html("SANDBOX", [dict.fromkeys(("Study", "Places", "Cost", "Balance"), nasty)])
    tags, attributes, _ = parsed(html)
    assert tags == {"div", "h2", "span", "bdi", "dl", "dt", "dd"}
    assert attributes == {"class"}
    assert len(parsed(bar_html("SANDBOX", [{"Study": nasty}]))[2]) < 150


def test_the_bar_follows_the_study(open_studio: Callable[..., Studio]) -> None:
    studio = open_studio()
    bar = lambda: facts(studio._words.value)  # noqa: E731
    until(lambda: "GBP" in bar()["Balance"])
    assert (bar()["title"], bar()["Cost"], bar()["Places"]) == ("SANDBOX New study", "—", "—")
    studio.desk.data.set(DATA)
    studio.desk.design.set(DESIGN)
    studio.desk.plan.set(PLAN)
    until(lambda: bar()["Cost"] == "27.24 GBP")
    assert (bar()["title"], bar()["Places"]) == ("SANDBOX Reviews", "12")
    run = pnb.launch(studio.desk.client.value, DATA, DESIGN, PLAN, on_progress=lambda _: None)
    studio.desk.run.set(run)
    until(lambda: bar().get("State") == "a draft")
    assert bar()["title"] == "SANDBOX Reviews"
    run.publish(max_cost="27.24")
    until(lambda: bar()["Cost"] == "0.00 GBP spent")
    assert (bar()["Places"], bar()["State"]) == ("0 of 12 filled", "running")
    until(lambda: bar()["Balance"] == "249,972.76 GBP")  # 27.24 GBP less
