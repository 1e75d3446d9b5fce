"""Uses the data panel as a person does: the list of files, the buttons, the upload."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import ipywidgets as w
import pandas as pd

from prolific_nb.panels.files.data_panel import Data

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


def upload(panel: Data, name: str, content: bytes) -> None:
    file = {"name": name, "type": "text/csv", "size": len(content), "content": memoryview(content)}
    find(panel, w.FileUpload).value = ({**file, "last_modified": pd.Timestamp("2024-01-01")},)
    settle(panel)


def foreign(act: Callable[[], Any]) -> None:
    thread = Thread(target=act)
    thread.start()
    thread.join()
