"""The Python side of the two front-end widgets: messages from the browser, and the answers to them."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import traitlets

from prolific_nb.panels.kit import widgets as w
from prolific_nb.panels.kit.preview_frame import Preview
from prolific_nb.panels.kit.sortable_list import Sortable


def numbered(titles: list[str]) -> list[dict[str, str]]:
    return [{"id": str(index), "title": title} for index, title in enumerate(titles)]


def titles(page: Sortable) -> list[str]:
    return [item["title"] for item in page.items]


@pytest.fixture
def page() -> Sortable:
    return Sortable(items=numbered(["a", "b", "c"]), selected="0")


def reorder(page: Sortable) -> Callable[[Any], None]:
    """A panel that applies a move and numbers the entries anew."""

    def apply(change: Any) -> None:
        page.items = numbered([page.items[int(ident)]["title"] for ident in change["new"]])

    page.observe(apply, names=["order"])
    return apply


def sent_by(page: Sortable, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Every state that the widget sends to the browser, its echoes of the browser's own words apart."""
    sent: list[dict[str, Any]] = []

    def keep(message: dict[str, Any], buffers: Any = None) -> None:
        if message["method"] == "update":
            sent.append(message["state"])

    monkeypatch.setattr(page, "_send", keep)
    return sent


def test_order_is_the_ids_of_the_items(page: Sortable) -> None:
    page.items = [{"id": "x"}, {"id": "y"}]
    assert page.order == ["x", "y"]


def test_a_move_is_applied_once_and_answered_in_new_ids(page: Sortable, monkeypatch: pytest.MonkeyPatch) -> None:
    reorder(page)
    sent = sent_by(page, monkeypatch)
    page.set_state({"order": ["1", "2", "0"], "_asked": 1})
    assert titles(page) == ["b", "c", "a"]
    last = {name: value for state in sent for name, value in state.items()}
    assert last["items"] == numbered(["b", "c", "a"])
    assert last["order"] == ["0", "1", "2"]
    assert list(sent[-1]) == ["_answered"]  # only after everything else, so that the browser draws once


def test_the_same_move_can_be_made_twice(page: Sortable) -> None:
    reorder(page)
    for number in (1, 2):
        page.set_state({"order": ["1", "2", "0"], "_asked": number})
    assert titles(page) == ["c", "a", "b"]


def test_a_move_that_is_not_applied_is_undone(page: Sortable) -> None:
    page.set_state({"order": ["2", "1", "0"], "_asked": 1})
    assert page.order == ["0", "1", "2"]
    assert page._answered == 1


def test_a_move_whose_observer_fails_is_answered_all_the_same(page: Sortable) -> None:
    def fail(change: Any) -> None:
        if change["new"] != ["0", "1", "2"]:
            raise RuntimeError("no")

    page.observe(fail, names=["order"])
    with pytest.raises(RuntimeError, match="no"):
        page.set_state({"order": ["2", "1", "0"], "_asked": 1})
    assert (page.order, page._answered) == (["0", "1", "2"], 1)


def test_a_selection_is_observed_and_not_sent_back(page: Sortable, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    page.observe(lambda change: seen.append(change["new"]), names=["selected"])
    sent = sent_by(page, monkeypatch)
    page.set_state({"selected": "2"})
    assert seen == ["2"]
    assert sent == []


def test_a_selection_sent_with_a_move_is_observed_first(page: Sortable) -> None:
    heard: list[str] = []
    page.observe(lambda change: heard.append(change["name"]), names=["order", "selected"])
    page.set_state({"selected": "2", "order": ["2", "0", "1"], "_asked": 1})
    assert heard[:2] == ["selected", "order"]


def test_a_move_may_come_on_another_thread(page: Sortable) -> None:
    reorder(page)
    thread = threading.Thread(target=page.set_state, args=({"order": ["2", "1", "0"], "_asked": 1},))
    thread.start()
    thread.join()
    assert titles(page) == ["c", "b", "a"]


@pytest.mark.parametrize("kind", [Sortable, Preview])
def test_a_closed_widget_is_collected(kind: type[Any]) -> None:
    widget = kind()
    gone = weakref.ref(widget)
    widget.close()
    del widget
    gc.collect()
    assert gone() is None


def test_a_preview_has_two_widths() -> None:
    with pytest.raises(traitlets.TraitError, match="phone"):
        Preview(width="tablet")


def test_a_kernel_gets_time_to_send_that_many_widgets_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [w.HBox([w.HTML(str(row)), w.Button()]) for row in range(60)]
    acts: list[str] = []
    for each in (part for row in rows for part in (row, *row.children)):
        monkeypatch.setattr(each, "close", lambda close=each.close: (acts.append("close"), close()))
    monkeypatch.setattr(time, "sleep", lambda seconds: acts.append("pause") if seconds >= 0.01 else None)
    w.close_deeply(w.VBox(rows[:30]))
    assert acts == ["close"] * 90  # outside a kernel there is nobody to wait for
    acts.clear()
    monkeypatch.setattr(w, "get_ipython", lambda: SimpleNamespace(kernel=object()))
    w.close_deeply(w.VBox(rows[30:]))
    assert acts.count("close") == 90
    assert max(len(part) for part in " ".join(acts).split("pause")) < len("close ") * 60
    assert not [each for row in rows for each in (row, row.layout, *row.children) if each.comm is not None]
