"""Choosing data with widgets: the folder, the path, the rows, the kinds and what is wrong."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path
from typing import Any

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
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


def test_the_code_reads_the_same_data_again() -> None:
    panel = Data("reviews.csv")
    set_kind(panel, "id", "group")
    space: dict[str, Any] = {}
    exec(panel.show_code(), space)
    assert space["data"] == panel.value


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
