"""The same tasks in plain ipywidgets, for notebooks that cannot load the desk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import ipywidgets as w

import prolific_nb as pnb

from ..find import find, find_all, shown
from .sittings import taking

NOW = datetime.now(UTC)
DESIGN = (
    pnb.Design("Reviews", steps="<p>Read.</p>")
    .show("review")
    .choose("Good?", ["yes", "no"])
    .rate("How good?", [1, 2, 3])
    .choose_many("About what?", ["price", "size", "look"], at_most=2)
    .choose_and_explain("Buy it?", ["yes", "no"])
    .page()
    .write("Why?", min_chars=3)
    .measure("How long?", ["cm", "m"])
)


def test_every_kind_of_question_can_be_answered(tmp_path: Path) -> None:
    panel = taking(tmp_path, design=DESIGN, plain=True)
    find(panel, w.Button, "Start").click()
    find(panel, w.Button, "Submit").click()
    assert shown(panel).count('role="alert"') == 6
    good, rating, buy = find_all(panel, w.RadioButtons)
    good.value, rating.value, buy.value = "no", "3", "yes"
    find(panel, w.Checkbox, "price").value = find(panel, w.Checkbox, "look").value = True
    find(panel, w.Textarea, "Why?").value = "It is cheap."
    find(panel, w.Textarea, "Answer").value = "It broke."
    find(panel, w.Text, "Number").value = "12.5"
    find(panel, w.Dropdown, "Unit").value = "m"
    find(panel, w.Button, "Submit").click()
    assert panel.errors == []
    frame = panel.answers()
    assert frame["value"].tolist() == ["no", "3", "price", "look", "yes", "It broke.", "12.5"]
    assert frame["explanation"].dropna().tolist() == ["It is cheap."]
    assert frame["number_unit"].dropna().tolist() == ["m"]
    assert "1 of 4" in shown(panel)
    find(panel, w.Button, "Back").click()
    assert find(panel, w.Textarea, "Answer").value == "It broke."


def test_plain_widgets_can_be_chosen_in_the_panel(tmp_path: Path) -> None:
    panel = taking(tmp_path)
    assert find(panel, w.Button, "Use plain widgets")
    panel.desk.ready = True
    assert panel._offer.layout.display == "none"
    find(panel, w.Button, "Use plain widgets").click()
    find(panel, w.Button, "Start").click()
    find(panel, w.Text, "Reason").value = "unclear"
    find(panel, w.Button, "Skip").click()
    find(panel, w.Button, "Undo").click()
    assert (panel.sitting.at, panel.errors) == (0, [])


def test_a_file_is_named_and_not_kept(tmp_path: Path) -> None:
    design = pnb.Design("Pictures").show("review").upload("A picture", types=[".png"])
    panel = taking(tmp_path, design=design, plain=True)
    file = {"name": "a.png", "type": "image/png", "size": 3, "content": memoryview(b"png"), "last_modified": NOW}
    find(panel, w.FileUpload).set_trait("value", (file,))
    find(panel, w.Button, "Submit").click()
    assert panel.answers()["file_name"].tolist() == ["a.png"]
