"""How a file is read and fixed: options with the first rows, and what a message recommends."""

from __future__ import annotations

from pathlib import Path

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.panels.files.data_panel import Data

from ..choosing import choose, settle, use
from ..find import find, parsed, shown, until
from ..launch_steps import visible

pytestmark = pytest.mark.usefixtures("folder")

HOSTILE = '"<script>alert(1)</script>","<img src=x onerror=alert(2)>",$\\frac$,</div></td></table><b onclick=x()>\n'


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
