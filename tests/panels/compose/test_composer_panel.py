"""The composer in plain Python: what each click does to the design."""

from __future__ import annotations

from copy import deepcopy
from threading import Thread
from typing import Any

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.panels import Composer
from prolific_nb.panels.compose.rich_text import RichText
from prolific_nb.panels.kit.observable import Observable
from prolific_nb.panels.kit.preview_frame import Preview
from prolific_nb.panels.kit.sortable_list import Sortable

from ..find import find, find_all, models

DESIGN = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"]).write("Why?")


@pytest.fixture
def panel() -> Composer:
    return Composer(DESIGN, pnb.sample_data())


def the_list(panel: Composer) -> Sortable:
    return find(panel, Sortable)


def rich(panel: Composer, label: str) -> RichText:
    return next(field for field in find_all(panel, RichText) if field.label == label)


def select(panel: Composer, index: int) -> None:
    the_list(panel).selected = str(index)


def page(panel: Composer) -> Preview:
    return find(panel, Preview)


def click(panel: Composer, name: str) -> None:
    find(panel, w.Button, name).click()
    assert panel.errors == []


def toggle(panel: Composer, name: str) -> None:
    button = find(panel, w.ToggleButton, name)
    button.value = not button.value
    assert panel.errors == []


def titles(panel: Composer) -> list[str]:
    return [entry["title"] for entry in the_list(panel).items]


def test_it_lists_everything_on_the_page(panel: Composer) -> None:
    assert titles(panel) == ["review", "How?", "Why?"]
    assert [entry["kind"] for entry in the_list(panel).items] == ["column", "choice", "free text"]
    assert "pnb-compose" in panel.box._dom_classes


def test_adding_editing_duplicating_and_deleting(panel: Composer) -> None:
    select(panel, 1)
    find(panel, w.Dropdown, "New").value = "Rating"
    click(panel, "Add")
    assert titles(panel) == ["review", "How?", "(no question yet)", "Why?"]
    find(panel, w.Textarea, "Question").value = "How sure are you?"
    find(panel, w.Textarea, "Options").value = "1\n2\n3\n"
    asked = panel.value.codebook().find("How sure are you?")
    assert (asked.kind, asked.options) == ("scale", (1, 2, 3))
    click(panel, "Duplicate")
    assert titles(panel).count("How sure are you?") == 2
    click(panel, "Delete")
    assert titles(panel) == ["review", "How?", "How sure are you?", "Why?"]
    assert panel.errors == []


def test_one_undo_reverts_a_whole_word(panel: Composer) -> None:
    select(panel, 1)
    field = find(panel, w.Textarea, "Question")
    for text in ("How", "How do", "How do you?"):
        field.value = text
    click(panel, "Undo")
    assert panel.value == DESIGN
    assert field.value == "How?"


def test_text_that_is_being_typed_is_not_overwritten(panel: Composer) -> None:
    select(panel, 1)
    field = find(panel, w.Textarea, "Options")
    field.value = "good\nbad\n\nmix"
    assert field.value == "good\nbad\n\nmix"
    field.value = "good\nbad\n\nmixed\n"
    assert field.value == "good\nbad\n\nmixed\n"
    assert panel.value.codebook().find("How?").options == ("good", "bad", "mixed")


def test_the_browser_reorders_and_the_selection_follows(panel: Composer) -> None:
    select(panel, 2)
    the_list(panel).order = ["2", "0", "1"]
    assert titles(panel) == ["Why?", "review", "How?"]
    assert (the_list(panel).selected, the_list(panel).order) == ("0", ["0", "1", "2"])
    assert panel.errors == []


def test_two_columns_and_items_that_lose_their_neighbour(panel: Composer) -> None:
    select(panel, 2)
    click(panel, "Beside")
    assert [entry["beside"] for entry in the_list(panel).items] == [False, False, True]
    assert len(panel.value.to_api()["batch_items"][0]["rows"]) == 2
    the_list(panel).order = ["2", "0", "1"]
    assert [entry["beside"] for entry in the_list(panel).items] == [False, False, False]
    assert panel.errors == []


def test_the_name_introduction_and_steps_are_edited(panel: Composer) -> None:
    find(panel, w.Text, "Task name").value = "Opinions"
    toggle(panel, "Introduction and steps")
    rich(panel, "Introduction").value = "<p>Hello.</p>"
    assert (panel.value.name, panel.value.introduction) == ("Opinions", "<p>Hello.</p>")
    find(panel, w.Text, "Task name").value = ""
    assert "no name" in panel._findings.value


def test_formatted_text_of_an_item_and_markdown_share_one_field() -> None:
    panel = Composer(pnb.Design("x").text("<p>Read.</p>").text("**Read**", content_format="markdown"))
    field = rich(panel, "Text")
    assert (field.value, field.raw) == ("<p>Read.</p>", False)
    for text in ("<p>Read it.</p>", "<p>Read it all.</p>"):
        field.value = text
    assert titles(panel)[0] == "Read it all."
    click(panel, "Undo")
    assert field.value == "<p>Read.</p>"
    select(panel, 1)
    assert (field.value, field.raw) == ("**Read**", True)
    find(panel, w.Dropdown, "Format").value = None
    assert (field.value, field.raw) == ("**Read**", False)
    assert panel.errors == []


def test_findings_are_shown_at_their_entry(panel: Composer) -> None:
    select(panel, 1)
    find(panel, w.Textarea, "Options").value = "only one"
    bad = the_list(panel).items[1]
    assert bad["level"] == "error"
    assert bad["problem"]
    select(panel, 0)
    panel.data.set(pnb.read_data(pnb.sample_data().frame.rename(columns={"review": "text"})))
    assert "no such column" in the_list(panel).items[0]["problem"]


def test_findings_name_no_code_and_begin_with_the_first_entry() -> None:
    panel = Composer(pnb.Design("New"), pnb.sample_data())
    assert panel._findings.value == ""
    panel.held.set(pnb.Design("New").text("<p>Hello</p>"))
    assert "The design asks no question." in panel._findings.value
    assert "choose a question under “New” and click “Add”" in panel._findings.value
    assert "design." not in panel._findings.value
    panel.held.set(pnb.Design("New").show("review").measure("How long?", ["cm"]))
    assert "a number needs two units" in the_list(panel).items[1]["problem"].casefold()
    assert ".write()" not in the_list(panel).items[1]["problem"]
    panel.held.set(pnb.Design("New").show("review").choose("", ["a", "b"]))
    assert the_list(panel).items[1]["problem"] == "The question has no text. Write what the participant is asked."


def test_the_preview_shows_the_rows_of_the_data(panel: Composer) -> None:
    reviews = pnb.sample_data().cells("review")
    assert reviews[0][:20] in page(panel).html
    click(panel, "Next")
    assert reviews[1][:20] in page(panel).html
    click(panel, "Previous")
    click(panel, "Previous")
    assert reviews[-1][:20] in page(panel).html
    click(panel, "Random")


def test_two_rows_are_compared(panel: Composer) -> None:
    reviews = pnb.sample_data().cells("review")
    toggle(panel, "Compare two rows")
    pages = find_all(panel, Preview)
    assert [reviews[n][:20] in each.html for n, each in enumerate(pages)] == [True, True]
    assert [each.editing for each in pages] == [True, False]
    click(panel, "Previous")
    assert [reviews[n][:20] in each.html for n, each in zip((-1, 0), pages, strict=True)] == [True, True]
    toggle(panel, "Dark")
    assert [each.dark for each in pages] == [True, True]
    toggle(panel, "Compare two rows")
    before = pages[1].html
    click(panel, "Next")
    assert pages[1].html == before  # nothing is drawn that is not shown


def test_a_step_says_what_was_composed_or_what_to_do() -> None:
    panel = Composer()
    assert (panel.step().state, panel.highlighted.value) == ("to do", True)
    panel.held.set(DESIGN.edit(1, options=["good"]))
    assert panel.step().state == "needs attention"
    assert "option" in panel.step().words
    panel.held.set(DESIGN)
    words = "Reviews: 1 page, 2 questions, shows review"
    assert (panel.step().state, panel.step().words, panel.highlighted.value) == ("done", words, False)


def test_without_data_the_preview_names_the_columns() -> None:
    panel = Composer(DESIGN)
    assert "‹review›" in page(panel).html
    assert panel.errors == []


def test_two_views_of_one_design_stay_synchronised() -> None:
    shared = Observable(DESIGN)
    one, two = Composer(shared, pnb.sample_data()), Composer(shared)
    select(one, 1)
    find(one, w.Textarea, "Question").value = "What now?"
    assert titles(two) == titles(one) == ["review", "What now?", "Why?"]
    select(two, 0)
    click(two, "Delete")
    assert titles(one) == ["What now?", "Why?"]
    assert one.errors == two.errors == []


def test_callbacks_may_come_from_any_thread() -> None:
    shared = Observable(DESIGN)
    panels = [Composer(shared) for _ in range(2)]

    def work(panel: Composer) -> None:
        for _ in range(10):
            find(panel, w.Button, "Add").click()
            find(panel, w.Button, "Undo").click()

    threads = [Thread(target=work, args=(panel,)) for panel in panels]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    assert panels[0].errors == panels[1].errors == []
    assert titles(panels[0]) == titles(panels[1])


def test_fifty_questions_make_no_more_widgets_than_five() -> None:
    def made_by(design: pnb.Design) -> int:
        before = models()
        panel = Composer(design)
        for index in range(len(design.entries)):
            select(panel, index)
        made = models() - before
        panel.close()
        assert models() == before
        return made

    def asking(count: int) -> pnb.Design:
        design = pnb.Design("Many")
        for number in range(count):
            design = design.choose(f"Question {number}?", ["yes", "no"])
        return design

    assert made_by(asking(50)) == made_by(asking(5))


def test_the_code_rebuilds_the_design(panel: Composer) -> None:
    names: dict[str, object] = {"pnb": pnb}
    exec(panel.show_code(), names)
    assert names["design"] == panel.value
    assert "choose" in panel.static_card()


def test_words_from_the_data_are_inert(panel: Composer) -> None:
    evil = '</iframe><script>alert(1)</script><img src=x onerror=alert(2)>"><b>'
    panel.data.set(pnb.read_data(pnb.sample_data().frame.assign(review=evil)))
    assert "<script" not in page(panel).html
    assert "<img src=x" not in page(panel).html
    panel.held.set(DESIGN.choose(evil, [evil, "b"]))
    for html in (panel.static_card(), panel._findings.value, page(panel).html):
        assert "<script" not in html
        assert "<img src=x" not in html


TEXT = {"type": "rich_text", "content": "<p>Read.</p>"}
SLIDER = {"type": "slider", "description": "How loud?", "max": 10}
OPTIONS = [{"label": "A", "value": "a", "colour": "red"}, {"label": "B", "value": 2}]
ASKED = {"type": "multiple_choice", "description": "Which?", "answer_limit": 1, "shuffle": True, "options": OPTIONS}
SENT: dict[str, Any] = {
    "task_details": {"task_name": "Theirs", "task_introduction": "", "task_steps": ""},
    "batch_items": [
        {"timer": 3, "rows": [{"columns": [{"items": [TEXT, SLIDER]}]}, {"columns": [{"items": [ASKED]}]}]},
    ],
}


def test_what_another_program_made_is_edited_without_loss() -> None:
    panel = Composer(pnb.Design.from_api(SENT))
    assert titles(panel) == ["New page", "Read.", "slider: How loud?", "Which?"]
    select(panel, 3)
    find(panel, w.Textarea, "Question").value = "Which one?"
    find(panel, w.Textarea, "Options").value = "a | An A\n2 | B\nc"
    expected = deepcopy(SENT)
    asked = expected["batch_items"][0]["rows"][1]["columns"][0]["items"][0]
    asked["description"] = "Which one?"
    asked["options"][0]["label"] = "An A"
    asked["options"].append({"label": "c", "value": "c"})
    assert panel.value.to_api() == expected
    assert panel.errors == []


def test_an_unknown_item_is_shown_and_edited_as_json() -> None:
    panel = Composer(pnb.Design.from_api(SENT))
    select(panel, 2)
    field = find(panel, w.Textarea, "JSON")
    assert '"max": 10' in field.value
    assert "&#34;max&#34;: 10" in page(panel).html
    before = panel.value
    field.value = field.value.replace("10", "1")[:-2]
    assert panel.value == before
    assert "not valid JSON" in panel._editor._problem.value
    field.value = '{"type": "slider", "description": "How quiet?", "max": 11}'
    assert panel._editor._problem.value == ""
    sent = panel.value.to_api()["batch_items"][0]["rows"][0]["columns"][0]["items"]
    assert sent == [TEXT, {"type": "slider", "description": "How quiet?", "max": 11}]
    assert panel.errors == []


def test_limits_are_typed_with_their_units() -> None:
    panel = Composer(pnb.Design("x").show("a").measure("How tall?", ["cm", "m"]))
    select(panel, 1)
    find(panel, w.Textarea, "Units").value = "cm | Centimetres | 50 to 300\nft | Feet | 1 to"
    find(panel, w.Text, "Default unit").value = "ft"
    units = {"cm": "Centimetres", "ft": "Feet"}
    limits = {"cm": (50, 300), "ft": (1, None)}
    assert panel.value == pnb.Design("x").show("a").measure("How tall?", units, limits=limits, default="ft")
    find(panel, w.Textarea, "Units").value = "cm | Centimetres | 50 or 300\nft"
    assert "not a valid range" in panel._editor._problem.value
