"""A person at a form: reads the document, and fills its inputs as a browser would send them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from prolific_nb.common.answering import UploadedFile


@dataclass
class Input:
    """One input of a document: its name, its type, and what it stands for."""

    name: str
    type: str
    value: str = ""
    label: str = ""


class _Inputs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Input] = []
        self._select = ""
        self._label: Input | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "select":
            self._select = given["name"]
        elif tag == "option":
            self._add(Input(self._select, "option", given.get("value", "")))
        elif tag == "textarea":
            self._label = None
            self.found.append(Input(given["name"], "textarea", label=given.get("aria-label", "")))
        elif tag == "input":
            self._add(Input(given["name"], given["type"], given.get("value", "")))

    def _add(self, found: Input) -> None:
        self.found.append(found)
        self._label = found

    def handle_data(self, data: str) -> None:
        if self._label and data.strip() and not self._label.label:
            self._label.label = data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("label", "option"):
            self._label = None


def inputs(html: str) -> list[Input]:
    """All inputs of a document, in order."""
    reader = _Inputs()
    reader.feed(html)
    return reader.found


def fill(html: str, labels: Mapping[str, str], elements: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The values that a browser sends after somebody gave an answer; `labels` has the label of each option's value."""
    sent: dict[str, list[Any]] = defaultdict(list)
    found = inputs(html)
    for each in elements:
        if "file_name" in each:
            size = round(each["file_size_mb"] * 1_000_000)
            file = UploadedFile(each["file_name"], each["content_type"], size, each["file_key"])
            sent[next(one.name for one in found if one.type == "file")].append(file)
            continue
        label = labels.get(str(each["value"]), "")
        chosen = [one for one in found if one.type in ("radio", "checkbox", "option") and one.label == label]
        typed = [one for one in found if one.type in ("textarea", "number") and not one.name.count("-why-")]
        if label and chosen:
            sent[chosen[0].name].append(chosen[0].value)
        else:
            sent[typed[0].name].append(str(each["value"]))
        if "unit" in each:
            sent[f"{typed[0].name}-unit"].append(str(each["unit"]))
        if "explanation" in each:
            why = next(one.name for one in found if one.type == "textarea" and f"“{label}”" in one.label)
            sent[why].append(each["explanation"])
    return dict(sent)
