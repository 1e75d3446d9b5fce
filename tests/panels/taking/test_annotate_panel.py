"""Taking the tasks through the desk's widget: screens, faults, ways back, and going on after the kernel has gone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import prolific_nb as pnb
from prolific_nb.errors import ArgumentError

from ..find import sent
from .sittings import DATA, DESIGN, FILE, GOOD, PICTURE, WHY, Browser, taking

PLAIN = pnb.Design("Reviews").show("review").choose("Good?", ["yes", "no"])


def test_screens_come_as_participants_get_them(tmp_path: Path) -> None:
    panel = taking(tmp_path)
    browser = Browser(panel)
    seen = []
    browser.start()
    for good, why in (("yes", "It works."), ("no", "It broke."), ("no", "I do not know."), ("yes", "In time.")):
        seen.append(panel.desk.screen)
        browser.take(good, why)
    assert (seen, panel.desk.at, panel.desk.screen) == ([0, 0, 0, 0], 4, 0)  # the page after the last task
    browser.submit()
    assert panel.desk.screen == 1  # only the summary is left
    browser.submit()
    assert panel.desk.screen == 1
    assert panel.desk.summary["words"][0] == "You have answered 4 tasks. That is all of them."
    assert panel.desk.progress == "4 of 4, median 5 s"
    frame = panel.answers()
    assert frame[frame["question"] == "Why?"]["value"].tolist() == [
        "It works.",
        "It broke.",
        "I do not know.",
        "In time.",
    ]
    assert set(frame["submission_status"]) == {"OWN"}
    assert frame["position"].tolist() == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    assert panel.errors == []


def test_faults_of_a_screen_keep_it_and_say_the_same_words_as_the_page(tmp_path: Path) -> None:
    browser = Browser(taking(tmp_path))
    browser.start()
    browser.submit()
    assert (browser.faults, browser.desk.screen) == (["Choose an option."], 0)
    browser.submit({GOOD: ["no"]})
    assert (browser.faults, browser.desk.screen) == ([], 1)
    browser.submit({GOOD: ["no"], WHY: ["x"], PICTURE: [{**FILE, "file_name": "a.gif"}]})
    assert browser.faults == [
        "Write at least 3 characters; this has 1.",
        "“a.gif” is not of an accepted type: .png.",
    ]
    assert browser.desk.entered[browser.id][WHY] == ["x"]
    assert not (tmp_path / "labels.jsonl").exists()


def test_a_fault_of_an_earlier_screen_leads_there(tmp_path: Path) -> None:
    browser = Browser(taking(tmp_path))
    browser.start()
    browser.submit({GOOD: ["no"]})
    browser.submit({WHY: ["because"], PICTURE: [FILE]})
    assert (browser.faults, browser.desk.screen) == (["Choose an option."], 0)


def test_an_act_about_another_screen_has_no_effect(tmp_path: Path) -> None:
    browser = Browser(taking(tmp_path, design=PLAIN))
    first = browser.id
    browser.submit({"p1-r2-c1-i1": ["no"]})
    browser.send("submit", id=first, entered={"p1-r2-c1-i1": ["yes"]}, seconds=1, device="")  # of another view
    browser.send("skip", id=first, reason="twice")
    assert browser.panel.answers()["value"].tolist() == ["no"]
    assert browser.desk.at == 1


def test_what_was_typed_survives_going_back(tmp_path: Path) -> None:
    browser = Browser(taking(tmp_path))
    browser.start()
    browser.take("yes", "It works.")
    typed = {GOOD: ["no"], WHY: ["half a"]}
    second = browser.id
    browser.send("back", entered=typed)
    assert browser.desk.at == 0
    assert browser.desk.entered[browser.id][WHY] == ["It works."]
    browser.send("forward")
    assert browser.id == second
    assert browser.desk.entered[second] == typed
    browser.send("forward")
    assert browser.id == second  # only rows that are done can be passed


def test_an_answer_that_is_submitted_again_is_stored_once(tmp_path: Path) -> None:
    browser = Browser(taking(tmp_path, design=PLAIN))
    browser.submit({"p1-r2-c1-i1": ["no"]})
    lines = (tmp_path / "labels.jsonl").read_text()
    browser.send("back")
    browser.submit({"p1-r2-c1-i1": ["no"]})
    assert (tmp_path / "labels.jsonl").read_text() == lines
    browser.send("back")
    browser.submit({"p1-r2-c1-i1": ["yes"]})
    frame = browser.panel.answers()
    assert (frame["value"].tolist(), frame["seconds"].tolist()) == (["yes"], [10.0])


def test_a_new_kernel_goes_on_where_the_old_one_was(tmp_path: Path) -> None:
    browser = Browser(taking(tmp_path))
    browser.start()
    browser.take("yes", "It works.")
    browser.send("skip", reason="unclear")
    again = Browser(taking(tmp_path))
    assert (again.desk.at, again.desk.progress) == (2, "1 of 4, 1 skipped")
    again.send("back")
    again.send("back")
    assert again.desk.entered[again.id] == {GOOD: ["yes"], WHY: ["It works."], PICTURE: [{**FILE, "file_key": ""}]}


def test_skipped_tasks_can_be_shown_once_more(tmp_path: Path) -> None:
    browser = Browser(taking(tmp_path, design=PLAIN))
    for reason in ("unclear", "", "", ""):
        browser.send("skip", reason=reason)
    assert browser.desk.summary["skipped"] == 4
    assert list(browser.panel.value.skipped.values()) == ["unclear", "", "", ""]
    browser.send("skipped")
    browser.submit({"p1-r2-c1-i1": ["no"]})
    browser.send("skip", reason="still")
    assert (browser.desk.at, browser.desk.progress) == (2, "1 of 4, 3 skipped")


def test_undo_shows_the_task_with_what_was_entered(tmp_path: Path) -> None:
    panel = taking(tmp_path)
    browser = Browser(panel)
    browser.start()
    browser.take("yes", "It works.")
    panel.undo()
    assert (browser.desk.at, browser.desk.progress, browser.desk.steps["undo"]) == (0, "0 of 4", False)
    assert browser.desk.entered[browser.id][WHY] == ["It works."]
    assert panel.answers().empty
    panel.skip("unclear")
    assert panel.summary()["Answered"] == "0 of 4, 1 skipped"


def test_only_a_task_can_be_skipped(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="No task is shown"):
        taking(tmp_path).skip()


def test_the_browser_gets_few_tasks(tmp_path: Path) -> None:
    data = pnb.read_data(b"review\n" + b"".join(b"Number %d\n" % number for number in range(10_000)))
    panel = pnb.annotate(PLAIN, data, path=tmp_path / "labels.jsonl", order="file")
    browser = Browser(panel)
    for _ in range(3):
        browser.submit({"p1-r2-c1-i1": ["no"]})
    assert [each["place"] for each in panel.desk.tasks] == [2, 3, 4, 5, 6]
    assert len(sent(panel)) < 150_000
    assert panel.desk.tasks[1]["title"] == "Row 5 of the file"


def test_cells_are_escaped_in_the_frame(tmp_path: Path) -> None:
    html = next(each["html"] for each in taking(tmp_path).desk.tasks if each["id"] == DATA.row_keys[2])
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; fine" in html
    assert "<script" not in html


def test_an_answer_that_cannot_be_stored_is_said_and_the_task_stays(tmp_path: Path) -> None:
    browser = Browser(taking(tmp_path, design=PLAIN))
    (tmp_path / "labels.jsonl").mkdir()
    browser.submit({"p1-r2-c1-i1": ["no"]})
    assert "labels.jsonl" in browser.panel.errors[0]
    assert browser.desk.at == 0
    (tmp_path / "labels.jsonl").rmdir()
    browser.submit({"p1-r2-c1-i1": ["no"]})
    assert (browser.desk.at, len(browser.panel.errors)) == (1, 1)


def test_the_code_opens_the_same_panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reviews.csv").write_bytes(b"review\nIt broke.\nLate.\n")
    panel = pnb.annotate(DESIGN, pnb.read_data("reviews.csv"), "ada", rows=[1], order="file", path="ada.jsonl")
    Browser(panel).start()
    Browser(panel).take("yes", "It works.")
    names: dict[str, object] = {}
    exec(panel.show_code(), names)
    assert names["answers"].equals(panel.answers())  # type: ignore[attr-defined]
    assert 'annotator="ada", rows=[1], order="file", path="ada.jsonl")' in panel.code()


def test_the_static_card_has_no_mode(tmp_path: Path) -> None:
    panel = taking(tmp_path)
    assert "SANDBOX" not in panel.static_card() + repr(panel) + panel._head.value
    assert "0 of 4" in panel.static_card()


def test_rows_and_order_of_other_types(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    panel = pnb.annotate(DESIGN, DATA, rows=np.int64(2), order=iter([0, 1, 2]), path=path)
    assert len(panel.left) == 2
    assert "rows=2, order=[0, 1, 2]" in panel.code()
    for wrong in ({"rows": 2.5}, {"rows": True}, {"order": None}, {"order": 3}):
        with pytest.raises(ArgumentError, match=f"{next(iter(wrong))} is .*Pass a list"):
            pnb.annotate(DESIGN, DATA, path=path, **wrong)
