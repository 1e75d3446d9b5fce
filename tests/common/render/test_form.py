"""One screen as a form: what was entered is kept, what is wrong is said at the question and above."""

from __future__ import annotations

from prolific_nb.common.answering import Fault, read_answers
from prolific_nb.common.render import form
from prolific_nb.design import Design

from .test_document import INJECTIONS, Seen, dangers


def pages_of(design: Design) -> list[dict[str, object]]:
    return list(design.to_api()["batch_items"])


def test_everything_that_was_entered_is_in_the_form_again() -> None:
    design = (
        Design("d")
        .choose("One?", ["a", "b"])
        .choose("Menu?", [*"vwxyz"])
        .choose_many("Many?", ["a", "b", "c"])
        .choose_and_explain("Why?", {"H": ["a", "b"]})
        .write("Text?")
        .measure("How much?", ["kg", "g"])
        .upload("Picture?", types=[".png"])
    )
    names = [f"p1-r{row}-c1-i1" for row in range(1, 8)]
    one, menu, many, why, text, unit, file = names
    entered = {
        one: ["b"],
        menu: ["x"],
        many: ["a", "c"],
        why: ["a"],
        f"{why}-why-1-1": ["Since <b>."],
        text: ["\nfirst line is empty"],
        unit: ["7"],
        f"{unit}-unit": ["g"],
    }
    html = str(form(pages_of(design), {}, 0, entered=entered, kept={file: ["me.png"]}))
    seen = Seen(html)
    checked = [each["name"] + each["value"] for each in seen.named("input") if "checked" in each]
    assert checked == [f"{one}b", f"{many}a", f"{many}c", f"{why}a"]
    assert [each["value"] for each in seen.named("option") if "selected" in each] == ["x", "g"]
    assert seen.named("input", name=unit)[0]["value"] == "7"
    assert "Since <b>." in seen.text
    assert ">\n\nfirst line is empty</textarea>" in html  # a browser drops the first line break
    assert "Kept: me.png. To replace it, choose again." in seen.words


def test_every_fault_is_at_its_question_and_linked_from_above() -> None:
    design = Design("d").choose("One?", ["a", "b"]).choose("Menu?", [*"vwxyz"]).write("Text?").measure("M?", ["a", "b"])
    pages = pages_of(design)
    faults = read_answers(pages, {}).faults
    seen = Seen(str(form(pages, {}, 0, faults=faults)))
    targets = {attrs["id"] for _, attrs in seen.elements if "id" in attrs}
    links = [each["href"].removeprefix("#") for each in seen.named("a")]
    assert len(faults) == len(links) == 4
    assert set(links) <= targets
    invalid = [attrs["aria-describedby"] for _, attrs in seen.elements if attrs.get("aria-invalid") == "true"]
    assert len(invalid) == 4
    assert all(fault.name + "-fault" in words for fault, words in zip(faults, invalid, strict=True))
    assert "4 answers need a change" in seen.words


def test_what_was_entered_is_inert() -> None:
    pages = pages_of(Design("d").write("Text?").measure("M?", ["a", "b"]))
    for text in INJECTIONS:
        entered = {"p1-r1-c1-i1": [text], "p1-r2-c1-i1": [text]}
        faults = [Fault("p1-r1-c1-i1", text, text)]
        seen = Seen(str(form(pages, {}, 0, entered=entered, faults=faults, kept={"p1-r2-c1-i1": [text]})))
        assert [each for each in dangers(seen) if each != "a href=#p1-r1-c1-i1"] == []
        assert seen.named("input", value=text)
        assert text in seen.texts


def test_only_the_screen_that_is_asked_for_is_shown() -> None:
    pages = pages_of(Design("d").write("First?").page().write("Second?"))
    assert "Second?" in form(pages, {}, 1)
    assert "First?" not in form(pages, {}, 1)
