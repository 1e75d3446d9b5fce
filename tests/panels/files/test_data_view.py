"""What is in the data: the cards of the columns, the pages of rows, the checks of cells and links."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.data.quality.links import Unreachable
from prolific_nb.panels.files.data_panel import Data

from ..choosing import cards, set_kind, settle
from ..find import find, models, parsed, shown, until
from ..launch_steps import visible

pytestmark = pytest.mark.usefixtures("folder")


def test_kinds_are_shown_in_the_cards_and_can_be_changed() -> None:
    panel = Data("reviews.csv")
    settle(panel)
    assert {name: card["kind"] for name, card in cards(panel).items()} == {"id": "other", "review": "text"}
    set_kind(panel, "id", "group")
    assert panel.value.kinds == {"id": "group", "review": "text"}
    assert cards(panel)["id"]["kind"] == "group"
    assert panel.code().endswith("data = pnb.read_data('reviews.csv').with_kinds({'id': 'group'})\n")
    set_kind(panel, "id", "other")
    set_kind(panel, "nowhere", "other")
    settle(panel)
    assert panel.code().endswith("data = pnb.read_data('reviews.csv')\n")
    assert panel.errors == []


def test_cards_count_distinct_and_empty_cells_and_their_lengths() -> None:
    panel = Data(pd.DataFrame({"mood": ["good", "bad", "good", ""], "photo": ["https://a.org/1.png"] * 4}))
    until(lambda: cards(panel)["mood"]["profiled"])
    mood, photo = cards(panel)["mood"], cards(panel)["photo"]
    assert (mood["distinct"], mood["empty"], mood["bins"]) == (2, 1, [1, 2])
    assert mood["examples"] == [{"text": "good", "times": 2}, {"text": "bad", "times": 1}]
    assert (mood["media"], photo["media"]) == ([], ["https://a.org/1.png"])
    set_kind(panel, "photo", "other")
    assert cards(panel)["photo"]["media"] == []  # at once: what is in the cells is known already
    assert cards(panel)["mood"]["profiled"]


def test_only_https_is_offered_to_be_shown() -> None:
    urls = ["http://a.org/1.png", " https://a.org/2.png ", "HTTPS://a.org/3.png", "javascript:alert(1)//.png"]
    panel = Data(pnb.read_data(pd.DataFrame({"photo": urls}), kinds={"photo": "image"}))
    until(lambda: cards(panel)["photo"]["profiled"])
    assert cards(panel)["photo"]["media"] == ["https://a.org/2.png"]


def test_rows_are_paged_under_their_spreadsheet_numbers() -> None:
    panel = Data("reviews.csv")
    back, on = find(panel, w.Button, "Previous rows"), find(panel, w.Button, "Next rows")
    assert (back.disabled, on.disabled) == (True, False)
    assert "1 to 10 of 25 rows" in shown(panel)
    on.click()
    on.click()
    assert "21 to 25 of 25 rows" in shown(panel)
    assert '<th scope="row">row 22</th>' in shown(panel)
    assert "I like number 25 very much." in shown(panel)
    assert "number 20 " not in shown(panel)
    assert (back.disabled, on.disabled) == (False, True)
    set_kind(panel, "id", "group")
    assert "21 to 25" in shown(panel)
    back.click()
    assert "11 to 20 of 25 rows" in shown(panel)
    assert panel.errors == []


def test_a_scrolling_region_with_a_name_holds_shortened_cells() -> None:
    panel = Data(pd.DataFrame({"c" * 300: ["word " * 5000, "one\ntwo"]}))
    html = shown(panel)
    assert '<div class="pnb-scroll pnb-row-page" tabindex="0" role="region" aria-label="Rows of data">' in html
    assert "…" in html
    assert "one ↵ two" in html
    assert max(map(len, parsed(html)[2].split("  "))) < 2500


def test_no_click_waits_for_the_check_of_all_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    go = Event()
    real = pnb.Dataset.check

    def check(data: pnb.Dataset) -> pnb.Findings:
        assert go.wait(60)
        return real(data)

    monkeypatch.setattr(pnb.Dataset, "check", check)
    panel = Data("reviews.csv")
    find(panel, w.Button, "Next rows").click()
    set_kind(panel, "id", "group")
    assert panel.value.kinds["id"] == "group"
    assert "11 to 20" in shown(panel)
    assert "Checking the cells…" in shown(panel)
    go.set()
    settle(panel)
    assert "No problems found" in shown(panel)
    assert panel.errors == []


def test_a_failing_check_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pnb.Dataset, "check", lambda data: 1 / 0)
    panel = Data("reviews.csv")
    until(lambda: panel.errors)
    assert "ZeroDivisionError" in shown(panel)


def test_three_hundred_columns_are_all_there() -> None:
    panel = Data(pd.DataFrame({f"column {n}": ["x"] for n in range(300)}))
    settle(panel)
    assert ">column 299<" in shown(panel)
    assert len(cards(panel)) == 300
    assert "There are 300 columns" in shown(panel)


def test_rows_are_searched_and_filtered(folder: Path) -> None:
    frame = pd.DataFrame({"id": range(1, 31), "text": [f"<b>Late</b> by {n} minutes" for n in range(1, 31)]}, dtype=str)
    frame.loc[[3, 28], "text"] = " "
    panel = Data(frame)
    settle(panel)
    search = find(panel, w.Text, "Search rows")
    search.value = "BY 2"
    until(lambda: "1 to 10 of 10 rows with “BY 2”" in shown(panel))
    assert "<mark>by 2</mark>" in shown(panel)
    assert "&lt;b&gt;Late" in shown(panel)
    search.value = ""
    until(lambda: "1 to 10 of 30 rows" in shown(panel))
    only = find(panel, w.ToggleButton, "Only rows with findings")
    only.value = True
    assert "1 to 2 of 2 rows with findings" in shown(panel)
    assert shown(panel).count('aria-label="has findings"') == 2
    search.value = "29"
    until(lambda: "1 to 1 of 1 row with “29” and findings" in shown(panel))
    search.value = "nowhere"
    until(lambda: "No row with “nowhere” and findings." in shown(panel))
    only.value, search.value = False, "29"
    until(lambda: "1 to 1 of 1 row with “29”</span>" in shown(panel))
    find(panel, w.Button, "Delete 2 rows without “text”").click()
    assert "1 to 10 of 28 rows" in shown(panel)
    assert panel.errors == []


def test_a_match_deep_in_a_long_cell_is_seen() -> None:
    panel = Data(pd.DataFrame({"text": ["word " * 500 + "needle in it"]}))
    find(panel, w.Text, "Search rows").value = "needle"
    until(lambda: "<mark>needle</mark>" in shown(panel))


def test_links_are_checked_on_request_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def load(url: str, timeout: float) -> None:
        asked.append(url)
        if "2" in url:
            raise Unreachable("status 404 Not Found")

    monkeypatch.setattr("prolific_nb.data.quality.links.load", load)
    panel = Data(pd.DataFrame({"photo": [f"https://a.org/{n}.png" for n in range(1, 5)]}))
    settle(panel)
    assert asked == []
    find(panel, w.Button, "Check links").click()
    until(lambda: "1 link not loading." in shown(panel))
    assert len(asked) == 4
    assert "3 of 4 links load." in shown(panel)
    assert "1 link does not load (status 404 Not Found): row 3." in shown(panel)
    assert panel.code().endswith("print(data.check_links())\n")
    assert panel.step().state == "needs attention"
    find(panel, w.ToggleButton, "Only rows with findings").value = True
    assert "1 to 1 of 1 row with findings" in shown(panel)
    set_kind(panel, "photo", "other")
    settle(panel)
    assert "404" not in shown(panel)
    assert not visible(panel, find(panel, w.Button, "Check links"))


def test_the_check_of_links_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prolific_nb.data.quality.links.load", lambda url, timeout: time.sleep(0.02))
    panel = Data(pd.DataFrame({"photo": [f"https://a.org/{n}.png" for n in range(400)]}))
    settle(panel)
    find(panel, w.Button, "Check links").click()
    until(lambda: "of 400 links checked" in shown(panel))
    find(panel, w.Button, "Stop").click()
    until(lambda: "Stopped." in shown(panel))
    assert not find(panel, w.Button, "Check links").disabled
    assert panel.errors == []


def test_no_model_is_created_by_edits() -> None:
    panel = Data("reviews.csv")
    settle(panel)
    before = models()
    for kind in ("group", "other") * 20:
        set_kind(panel, "id", kind)
        find(panel, w.Text, "Search rows").value = kind
    settle(panel)
    assert models() == before
