"""Flags in the review: what the table, the buttons and the forms make of them."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.analysis import flags
from prolific_nb.panels.reviewing.found_flags import found_flags

from ..find import find, find_all, parsed, shown, until
from .test_review_panel import NASTY

LABELS = ("good", "bad", "mixed")


def crowd(straight: str = "good", **more: Any) -> pd.DataFrame:
    """Four people on 20 rows, of whom the last gives one label to all; each has one submission."""
    rows = [(unit, who, LABELS[unit % 3]) for unit in range(20) for who in "abc"]
    rows += [(unit, "d", straight) for unit in range(20)]
    frame = pd.DataFrame(rows, columns=["row", "participant_id", "value"])
    return frame.assign(submission_id="s" + frame["participant_id"], position=1, **more)


def test_flags_by_submission_with_the_numbers_behind_them() -> None:
    frame = crowd()
    frame["expected"] = frame["value"].mask(frame["participant_id"] == "d", "bad").where(frame["row"] < 2)
    found = found_flags(flags(frame))
    assert found.flagged == {"straight-lining": ("sd",), "low agreement": ("sd",)}
    assert "18 of 18 answers were 'good'" in dict(found.sentences["sd"])["straight-lining"]
    category, message = found.proposed["sd"]
    assert category == "LOW_EFFORT"
    assert len(message) >= 100
    assert found.columns == ["flags", "agreement", "known", "longest_run"]  # no times
    assert found.table.loc["sa", ["known", "known_text"]].tolist() == [1, "2 of 2"]
    assert found.table.loc["sd", ["known", "known_text"]].tolist() == [0, "0 of 2"]
    assert found.table["longest_run"].to_dict() == {"sa": 1, "sb": 1, "sc": 1, "sd": 18}
    assert any("By chance alone, at most" in words for words in found.words)
    assert found.has("sa")
    assert not found.has("later")


def look_again(at: Any) -> None:
    until(lambda: find_all(at.panel, w.Button, "Look for flags again"))  # at the end of a study by itself, once
    at.click("Look for flags again")
    until(lambda: at.panel._seen.found.flagged)
    at.panel.guard(lambda: None)()  # after what is shown of them


@pytest.fixture
def flagged(reviewing: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A review in which the first three that await it are flagged: too fast, too fast and one label, one label."""
    at = reviewing(answer_times="per_answer")
    fast, both, flat, *_ = at.awaiting
    whole = type(at.run)._table

    def planted(run: Any, *asked: Any, **more: Any) -> pd.DataFrame:
        frame = whole(run, *asked, **more)
        of, labels = frame["submission_id"], frame["value"].isin(LABELS)
        frame["seconds"] = frame["seconds"].mask(of.isin([fast, both]), 0.5)
        frame["value"] = frame["value"].mask(labels & of.isin([both, flat]), "good")
        return frame

    lenient = pnb.analysis.Rules(least=3, chance=0.2, false_share=0.5)
    ask = type(at.run).flags
    monkeypatch.setattr(type(at.run), "_table", planted)
    monkeypatch.setattr(type(at.run), "flags", lambda run: ask(run, lenient))
    look_again(at)
    return at


def sentence(at: Any) -> w.Textarea:
    return find(at.panel, w.Textarea, "Sentence to the participant")


def test_a_flag_selects_tells_and_fills_the_sentences(flagged: Any) -> None:
    at = flagged
    fast, both, flat, *others = at.awaiting
    assert "flags" in [column["key"] for column in at.panel.table.columns]
    flags_of = {row["id"]: row["flags"] for row in at.panel.table.rows}
    assert (flags_of[fast], flags_of[others[0]]) == ("too fast, outlier in speed", None)
    at.click("too fast (2)")
    assert set(at.panel.table.selected) == {fast, both}
    assert "tasks were completed in less time than" in at.text
    assert at.panel.decisions.value == ()

    at.form("Reject…")
    assert sentence(at).value == "[sentence]"
    proposed = at.panel._seen.found.proposed
    assert "For the first: “Thank you for taking part." in at.text
    at.click("Add rejections")
    [decision] = at.panel.decisions.value
    assert dict(decision.details) == {each: proposed[each][1] for each in (fast, both)}

    at.panel.select([flat])
    at.form("Reject…")
    assert sentence(at).value == proposed[flat][1]
    assert find(at.panel, w.Dropdown, "Category").value == "LOW_EFFORT"
    at.panel.select([fast, flat])
    assert find(at.panel, w.Dropdown, "Category").value == "PROPOSED"
    at.click("Add rejections")
    assert [each.category for each in at.panel.decisions.value] == ["TOO_QUICKLY", "TOO_QUICKLY", "LOW_EFFORT"]
    at.click("Undo")  # both categories at once
    assert at.panel.decisions.value == (decision,)
    assert at.panel.errors == []


def test_an_edited_sentence_stays_and_needs_no_flag(flagged: Any) -> None:
    at = flagged
    fast, _, flat, other, *_ = at.awaiting
    at.panel.select([fast])
    at.form("Reject…")
    sentence(at).value += " Sorry."
    at.panel.select([flat])
    assert sentence(at).value.endswith(" Sorry.")
    sentence(at).value = "[sentence] Sorry."
    at.panel.select([flat, other])
    at.click("Add rejections")
    assert "have no flag" in at.text
    assert at.panel.decisions.value == ()


def test_all_without_a_flag_are_approved_in_one_act_and_the_code_does_the_same(flagged: Any) -> None:
    at = flagged
    fast, both, flat, *others = at.awaiting
    at.reject("[sentence]", fast)
    at.click("Approve all 9 without a flag")
    assert at.panel.table.marks == {fast: "reject", **dict.fromkeys(others, "approve")}
    assert at.acted() == {}
    program, opening = at.panel.code(), at.run.to_code()
    assert "flags = run.flags()" in program
    for _ in range(2):  # flags that are gone after the rejection approve nobody
        exec(program.removeprefix(opening), {"run": at.run, "client": at.run.client})
    statuses = at.statuses()
    assert {statuses[each] for each in others} == {"APPROVED"}
    assert [statuses[each] for each in (fast, both, flat)] == ["REJECTED", "AWAITING REVIEW", "AWAITING REVIEW"]


def test_text_in_flags_is_escaped(reviewing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at = reviewing()
    frame = crowd(straight=NASTY)
    names = dict(zip("abcd", at.awaiting, strict=False))
    frame["submission_id"] = frame["participant_id"].map(names)
    monkeypatch.setattr(type(at.run), "flags", lambda run: flags(frame))
    look_again(at)
    at.panel.select([names["d"]])
    tags, attributes, said = parsed(shown(at.panel).split("</style>", 1)[-1] + at.panel.static_card())
    assert not {"script", "img"} & tags
    assert not [name for name in attributes if name.startswith("on")]
    assert NASTY in said
    assert len(find_all(at.panel, w.Button, "straight-lining (1)")) == 1
    assert {row["flags"] for row in at.panel.table.rows} == {None, "straight-lining, low agreement", "arrived since"}
