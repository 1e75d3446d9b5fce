"""Uses the data panel as a person does: the list of files, the buttons, the upload."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any
from unittest.mock import patch

import ipywidgets as w

from prolific_nb.panels.files.column_cards import ColumnCards
from prolific_nb.panels.files.data_panel import Data
from prolific_nb.panels.files.drop_zone import DropZone

from .find import find, shown, until

REVIEWS = "id,review\n" + "".join(f"{n},I like number {n} very much.\n" for n in range(1, 26))


def listed(panel: Data) -> list[str]:
    return list(find(panel, w.Select, "Files").options)


def choose(panel: Data, start: str) -> None:
    find(panel, w.Select, "Files").index = next(i for i, line in enumerate(listed(panel)) if line.startswith(start))


def use(panel: Data) -> None:
    find(panel, w.Button, "Use this file").click()
    settle(panel)


def settle(panel: Data) -> None:
    until(lambda: "Reading" not in shown(panel) and "Checking" not in shown(panel))


def upload(panel: Data, name: str, content: bytes) -> list[dict[str, Any]]:
    """Drop a file; returns the answers of Python."""
    answers = drop(panel, name, content)
    settle(panel)
    return answers


def drop(panel: Data, name: str, content: bytes, piece: int = 2**21) -> list[dict[str, Any]]:
    """Send a file as the browser does: a piece after each answer that asks for one."""
    zone, answers = find(panel, DropZone), list[dict[str, Any]]()

    def send(kind: str, buffers: list[memoryview], **more: Any) -> None:
        zone._handle_custom_msg({"kind": kind, "id": "1", **more}, buffers)

    with patch.object(zone, "send", answers.append):
        send("begin", [], name=name, size=len(content))
        while answers and answers[-1]["kind"] == "next":
            at = answers[-1]["offset"]
            if at < len(content):
                send("piece", [memoryview(content[at : at + piece])], offset=at)
            else:
                send("end", [])
    return answers


def set_kind(panel: Data, column: str, kind: str) -> None:
    """Choose a kind in the card of a column."""
    find(panel, ColumnCards)._handle_custom_msg({"column": column, "kind": kind}, [])


def cards(panel: Data) -> dict[str, dict[str, Any]]:
    """What the cards show, by column."""
    return {card["name"]: card for card in find(panel, ColumnCards).columns}


def foreign(act: Callable[[], Any]) -> None:
    thread = Thread(target=act)
    thread.start()
    thread.join()
