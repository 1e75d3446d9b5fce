"""Choosing data with widgets: the folder, the path, the rows, the kinds and what is wrong."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path
from threading import Event
from typing import Any

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.data.quality.links import Unreachable
from prolific_nb.errors import DataError
from prolific_nb.panels.files.data_panel import Data
from prolific_nb.panels.files.file_browser import list_folder
from prolific_nb.panels.kit.observable import Observable

from ..choosing import cards, choose, foreign, listed, set_kind, settle, use
from ..find import find, models, parsed, sent, shown, until
from ..launch_steps import visible

pytestmark = pytest.mark.usefixtures("folder")

HOSTILE = '"<script>alert(1)</script>","<img src=x onerror=alert(2)>",$\\frac$,</div></td></table><b onclick=x()>\n'


def test_a_csv_is_chosen_in_the_folder_and_read(folder: Path) -> None:
    panel = Data()
    assert "No data yet" in shown(panel)
    assert str(folder) in shown(panel)
    assert [line.split("  ")[0] for line in listed(panel)] == ["../", "more/", "faulty.csv", "reviews.csv"]
    choose(panel, "reviews.csv")
    assert find(panel, w.Text, "Path").value == "reviews.csv"
    use(panel)
    assert panel.value == pnb.read_data("reviews.csv")
    assert "25 rows, 2 columns" in shown(panel)
    assert "pnb-data" in panel.box._dom_classes
    assert panel.errors == []


def test_the_same_file_again_ends_its_reading() -> None:
    panel = Data("reviews.csv")
    settle(panel)
    for _ in range(2):
        find(panel, w.Text, "Path").value = "reviews.csv"
        use(panel)
        assert "25 rows, 2 columns" in shown(panel)
    assert panel.errors == []


def test_folders_are_opened_by_button_or_by_typing(folder: Path) -> None:
    panel = Data()
    enter = find(panel, w.Button, "Open folder")
    assert enter.disabled
    choose(panel, "more/")
    assert not enter.disabled
    enter.click()
    assert listed(panel)[1:] == ["pictures.tsv  (49 bytes)"]
    choose(panel, "../")
    enter.click()
    assert "reviews.csv" in "".join(listed(panel))
    find(panel, w.Text, "Path").value = str(folder / "more")
    assert "pictures.tsv" in "".join(listed(panel))
    choose(panel, "pictures.tsv")
    use(panel)
    assert panel.value.kinds == {"photo": "image", "caption": "text"}
    assert panel.code() == "import prolific_nb as pnb\n\ndata = pnb.read_data('more/pictures.tsv')\n"
    assert panel.errors == []


def test_unreadable_folders_and_files_are_handled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "more" / "pictures.tsv").unlink()
    assert "no file to read in this folder (.csv, .tsv" in list_folder(folder / "more").note
    os.symlink(folder / "nowhere.csv", folder / "dangling.csv")
    with open(os.fsencode(folder) + b"/caf\xe9.csv", "wb") as file:
        file.write(b"a\n1\n")
    assert {line.path.name for line in list_folder(folder).lines} >= {"reviews.csv", "more"}
    names = {line.path.name for line in list_folder(folder).lines}
    assert not {"dangling.csv", ".hidden.csv", os.fsdecode(b"caf\xe9.csv")} & names

    def refuse(_: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    panel = Data()
    assert "cannot be listed: Permission denied" in shown(panel)
    assert listed(panel) == ["../  (parent folder)"]


def test_a_long_folder_list_is_cut_with_a_note(folder: Path) -> None:
    for number in range(1100):
        (folder / "more" / f"{number}.csv").touch()
    listing = list_folder(folder / "more")
    assert len(listing.lines) == 1001
    assert "first 1,000 of 1,101" in listing.note


def test_problems_of_a_file_are_listed_and_the_earlier_data_stay() -> None:
    panel = Data("reviews.csv")
    settle(panel)
    choose(panel, "faulty.csv")
    use(panel)
    assert panel.value.name == "reviews"
    text = " ".join(parsed(shown(panel))[2].split())
    for words in ("faulty.csv", "cannot be used.", "stays in use", "Error", "2 columns have the same", "its own name"):
        assert words in text
    assert "No problems found" not in text
    assert len(panel.errors) == 1
    choose(panel, "reviews.csv")
    use(panel)
    assert "cannot be used" not in shown(panel)


@pytest.mark.parametrize(("path", "words"), [("", "No file is chosen."), ("no.csv", "no such"), ("more", "a folder")])
def test_a_path_that_is_not_a_file_is_rejected_with_a_message(path: str, words: str) -> None:
    panel = Data()
    find(panel, w.Text, "Path").value = path
    use(panel)
    until(lambda: panel.errors)
    assert words in shown(panel)
    assert panel.value is None


def test_findings_show_level_row_column_and_remedy() -> None:
    panel = Data(pd.DataFrame({"photo": ["https://a.org/1.png", "nothing", ""], "review": ["a b c", "d e f", ""]}))
    settle(panel)
    set_kind(panel, "photo", "image")
    until(lambda: "without an absolute URL" in shown(panel))
    text = " ".join(parsed(shown(panel))[2].split())
    for words in ("Error", "row 3", "column 'photo'", "Fix the URLs", "change its kind to “other”", "Warning"):
        assert words in text
    assert "2 errors" in panel.static_card()
    assert panel.errors == []


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


def test_the_code_reads_the_same_data_again() -> None:
    panel = Data("reviews.csv")
    set_kind(panel, "id", "group")
    space: dict[str, Any] = {}
    exec(panel.show_code(), space)
    assert space["data"] == panel.value


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


def test_values_of_the_csv_are_escaped(folder: Path) -> None:
    (folder / "hostile.csv").write_text(HOSTILE * 3 + HOSTILE.replace("2", "3"))
    panel = Data(pnb.read_data("hostile.csv", header_rows=1))  # its rows repeat the header
    settle(panel)
    for column, chosen in zip(panel.value.columns, ["group", "group", "image", "image"], strict=True):
        set_kind(panel, column, chosen)
    settle(panel)
    assert "columns group the tasks" in shown(panel)
    panel.show_code()
    tags, attributes, text = parsed(shown(panel) + panel.static_card())
    assert not tags & {"script", "img"}
    assert not {name for name in attributes if name.startswith("on")}
    for words in ("<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "$\\frac$", "<b onclick=x()>"):
        assert words in text
    assert panel.errors == []


def test_two_panels_of_one_dataset_stay_in_sync() -> None:
    shared: Observable[Any] = Observable(None)
    one, two = Data(shared), Data(shared)
    choose(one, "reviews.csv")
    use(one)
    settle(two)
    set_kind(two, "id", "group")
    assert cards(one)["id"]["kind"] == "group"
    assert "25 rows" in shown(two)
    shared.undo()
    assert cards(two)["id"]["kind"] == "other"
    shared.undo()
    assert "No data yet" in shown(one)
    assert one.errors + two.errors == []


def test_callbacks_may_come_from_any_thread() -> None:
    panel = Data()
    foreign(lambda: choose(panel, "reviews.csv"))
    foreign(lambda: use(panel))
    foreign(find(panel, w.Button, "Next rows").click)
    foreign(lambda: set_kind(panel, "id", "group"))
    settle(panel)
    assert panel.value.kinds["id"] == "group"
    assert "11 to 20" in shown(panel)
    assert panel.errors == []


def test_a_click_that_overtakes_the_typed_path_reads_what_was_typed() -> None:
    panel = Data()
    find(panel, w.Text, "Path").value = "faulty.csv"
    find(panel, w.Button, "Use this file").click()
    find(panel, w.Text, "Path").value = "reviews.csv"
    settle(panel)
    assert panel.value.name == "reviews"
    assert panel.errors == []


def test_a_newer_choice_wins_over_a_slower_one(monkeypatch: pytest.MonkeyPatch) -> None:
    real = pnb.read_data

    def read(path: str) -> Any:
        if path == "reviews.csv":
            time.sleep(0.5)
        return real(path)

    monkeypatch.setattr("prolific_nb.panels.files.data_panel.read_data", read)
    panel = Data()
    for path in ("reviews.csv", "more/pictures.tsv"):
        find(panel, w.Text, "Path").value = path
        find(panel, w.Button, "Use this file").click()
        time.sleep(0.15)
    settle(panel)
    assert panel.value.name == "pictures"


def test_no_click_waits_for_the_check_of_all_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    go = Event()
    real = pnb.Dataset.check

    def check(data: pnb.Dataset) -> pnb.Findings:
        assert go.wait(10)
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


def test_closing_leaves_no_widget_and_no_listener() -> None:
    before, shared = models(), Observable(pnb.read_data("reviews.csv"))
    panel = Data(shared)
    settle(panel)
    assert models() > before + 20
    panel.close()
    assert models() == before
    assert shared.listeners == 0


def test_no_token_is_in_widgets_or_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROLIFIC_TOKEN", "planted-secret-token")
    panel = Data("reviews.csv")
    settle(panel)
    panel.show_code()
    assert "planted-secret-token" not in sent(panel) + panel.static_card() + repr(panel) + repr(vars(panel))


def test_unreadable_data_raise_when_the_panel_is_created() -> None:
    with pytest.raises(DataError, match="no such file"):
        Data("nowhere.csv")


def test_the_header_rows_and_the_lines_above_are_chosen_and_forgotten_with_the_file(folder: Path) -> None:
    (folder / "titled.csv").write_text("Export of 29 Nov 2026\n\nid,length\nthe ID,cm\n1,3\n2,4\n")
    panel = Data()
    choose(panel, "titled.csv")
    use(panel)
    assert "Set “Skip rows above the header” to 2" in shown(panel)
    assert "skip_rows=" not in shown(panel)
    find(panel, w.Dropdown, "Skip rows above the header").value = 2
    use(panel)
    assert "Set “Header rows” to 2" in shown(panel)
    find(panel, w.Dropdown, "Header rows").value = 2
    use(panel)
    assert panel.value.columns == ("id", "length")
    assert list(panel.value.rows) == [5, 6]
    assert "header_rows=2, skip_rows=2" in panel.code()
    choose(panel, "reviews.csv")
    assert find(panel, w.Dropdown, "Header rows").label == "detect"
    use(panel)
    assert panel.value == pnb.read_data("reviews.csv")


def test_what_a_message_recommends_is_one_click(folder: Path) -> None:
    (folder / "titled.csv").write_text("Export of 29 Nov 2026\n\nid,length\nthe ID,cm\n1,3\n2,4\n")
    (folder / "summed.csv").write_text("name,value\n" + "a,1\nb,2\n" * 9 + "Total,27\n")
    panel = Data()
    choose(panel, "titled.csv")
    use(panel)
    for label in ("Skip 2 rows", "2 header rows"):
        find(panel, w.Button, label).click()
        settle(panel)
    assert panel.value.columns == ("id", "length")
    assert find(panel, w.Dropdown, "Header rows").value == 2
    choose(panel, "summed.csv")
    use(panel)
    find(panel, w.Button, "Leave out row 20").click()
    settle(panel)
    assert len(panel.value) == 18
    assert "skip_rows=[20]" in panel.code()


def test_the_first_rows_are_redrawn_as_the_options_change(folder: Path) -> None:
    (folder / "titled.csv").write_bytes("Übersicht\n\nid;länge\n1;3\n2;4\n".encode("cp1252"))
    panel = Data()
    choose(panel, "titled.csv")
    find(panel, w.ToggleButton, "Reading options").value = True
    until(lambda: "pnb-first-rows" in shown(panel))
    find(panel, w.Dropdown, "Skip rows above the header").value = 2
    until(lambda: shown(panel).count("skipped</th>") == 2)
    assert "<th>länge</th>" in shown(panel)
    find(panel, w.Dropdown, "Delimiter").value = ","
    until(lambda: "<th>id;länge</th>" in shown(panel))
    find(panel, w.Dropdown, "Header rows").value = 0
    until(lambda: "<td>id;länge</td>" in shown(panel))
    find(panel, w.Dropdown, "Encoding").value = "cp1251"
    until(lambda: "<td>id;lдnge</td>" in shown(panel))
    assert panel.value is None
    assert panel.errors == []


def test_hostile_first_rows_are_escaped(folder: Path) -> None:
    (folder / "hostile.csv").write_text(HOSTILE * 3)
    panel = Data()
    choose(panel, "hostile.csv")
    find(panel, w.ToggleButton, "Reading options").value = True
    until(lambda: "pnb-first-rows" in shown(panel))
    assert not parsed(shown(panel))[0] & {"script", "img"}


def test_a_workbook_is_listed_and_its_sheet_chosen(folder: Path) -> None:
    pytest.importorskip("openpyxl")
    with pd.ExcelWriter(folder / "book.xlsx") as book:
        pd.DataFrame({"about": ["made by us"]}).to_excel(book, sheet_name="notes", index=False)
        pd.DataFrame({"text": ["It leaks"]}).to_excel(book, sheet_name="reviews", index=False)
    panel = Data()
    choose(panel, "book.xlsx")
    use(panel)
    assert "Choose one." in shown(panel)
    sheet = find(panel, w.Dropdown, "Sheet")
    until(lambda: [name for name, _ in sheet.options] == ["detect", "notes", "reviews"])
    assert visible(panel, sheet)
    sheet.value = "reviews"
    until(lambda: "It leaks" in shown(panel))
    find(panel, w.Button, "Read with these options").click()
    settle(panel)
    assert panel.value.cells("text") == ["It leaks"]
    assert panel.code().endswith("data = pnb.read_data('book.xlsx', sheet='reviews')\n")
    choose(panel, "reviews.csv")
    assert not visible(panel, sheet)
    use(panel)
    assert panel.value == pnb.read_data("reviews.csv")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", b'{"text": "It leaks"}\n{"text": "It boils"}\n'),
        ("a.ndjson", b'{"text": "It leaks"}\n{"text": "It boils"}\n'),
        ("a.json", b'[{"text": "It leaks"}, {"text": "It boils"}]'),
        ("a.csv.gz", gzip.compress(b"text\nIt leaks\nIt boils\n", mtime=0)),
    ],
)
def test_files_of_other_formats_are_listed_and_read(name: str, content: bytes, folder: Path) -> None:
    (folder / name).write_bytes(content)
    panel = Data()
    choose(panel, name)
    use(panel)
    assert panel.value.cells("text") == ["It leaks", "It boils"]
    assert panel.errors == []


def test_the_choices_for_the_header_are_shown_for_the_files_that_need_them(folder: Path) -> None:
    (folder / "titled.csv").write_text("Export of 29 Nov 2026\n\nid,length\n1,3\n2,4\n")
    (folder / "bare.csv").write_text("".join(f"{n},The bus number {n} was late again,{n}.5\n" for n in range(9)))
    for name, needed in [("reviews.csv", False), ("titled.csv", True), ("bare.csv", True)]:
        panel = Data()
        more = find(panel, w.ToggleButton, "Reading options")
        choose(panel, name)
        use(panel)
        assert more.value is needed, name
        box = find(panel, w.Dropdown, "Header rows")
        assert visible(panel, box) is needed, name
        more.value = not needed
        assert visible(panel, box) is not needed, name


def test_tables_of_every_format_are_listed(folder: Path) -> None:
    for name in ("a.jsonl", "b.JSON", "c.xlsx", "d.csv.gz", "e.zip", "f.py", "g.png"):
        (folder / "more" / name).write_bytes(b"")
    listed = {line.path.name for line in list_folder(folder / "more").lines if not line.is_folder}
    assert listed - {"pictures.tsv"} == {"a.jsonl", "b.JSON", "c.xlsx", "d.csv.gz", "e.zip"}


def test_the_sample_is_one_click() -> None:
    panel = Data()
    assert panel.highlighted.value
    find(panel, w.Button, "Use the sample").click()
    settle(panel)
    assert panel.value == pnb.sample_data()
    assert panel.code().endswith("data = pnb.sample_data()\n")
    assert not panel.highlighted.value


def test_the_chooser_is_folded_once_there_are_data() -> None:
    panel = Data()
    assert visible(panel, find(panel, w.Select, "Files"))
    choose(panel, "reviews.csv")
    use(panel)
    assert not visible(panel, find(panel, w.Select, "Files"))
    find(panel, w.ToggleButton, "Change…").value = True
    assert visible(panel, find(panel, w.Select, "Files"))
    choose(panel, "faulty.csv")
    use(panel)
    assert visible(panel, find(panel, w.Select, "Files"))
    find(panel, w.Button, "Use the sample").click()
    settle(panel)
    assert not visible(panel, find(panel, w.Select, "Files"))


def test_the_state_of_the_step_follows_the_data(folder: Path) -> None:
    (folder / "empty.csv").write_text("id,photo\n,\n1,https://a.org/1.png\n")
    panel = Data()
    states = []
    panel.status.subscribe(lambda status: states.append((status.state, status.words)))
    choose(panel, "faulty.csv")
    use(panel)
    choose(panel, "empty.csv")
    use(panel)
    until(lambda: "1 error to fix" in states[-1][1])
    find(panel, w.Button, "Delete 1 empty row").click()
    settle(panel)
    until(lambda: states[-1] == ("done", "empty: 1 row, 2 columns"))
    assert states[0] == ("running", "Reading faulty.csv…")
    assert ("needs attention", "faulty.csv cannot be used") in states
    assert ("needs attention", "empty: 2 rows, 2 columns; 1 error to fix") in states


def test_fixes_are_made_in_a_copy_shown_as_code_and_undone(folder: Path) -> None:
    (folder / "spaced.csv").write_text("id,text\n1, It leaks a lot \n,\n2,It boils too fast\n2,It boils too fast\n")
    panel = Data("spaced.csv")
    settle(panel)
    for label in ("Delete 1 empty row", "Delete 1 repeated row", "Trim 1 cell of “text”"):
        find(panel, w.Button, label).click()
        settle(panel)
    assert panel.value.cells("text") == ["It leaks a lot", "It boils too fast"]
    assert (folder / "spaced.csv").read_text().count("\n") == 5
    calls = ".fixed('delete empty rows').fixed('delete repeated rows').fixed('trim spaces', column='text')"
    assert panel.code().endswith(f"pnb.read_data('spaced.csv'){calls}\n")
    assert "No problems found" in shown(panel)
    undo = find(panel, w.Button, "Undo")
    for _ in range(3):
        assert visible(panel, undo)
        undo.click()
    assert not visible(panel, undo)
    assert panel.value == pnb.read_data("spaced.csv")
    assert panel.errors == []


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
