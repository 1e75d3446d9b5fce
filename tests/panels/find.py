"""Finds widgets in a panel by type and label."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any, TypeVar

import ipywidgets as w

from prolific_nb.panels.kit.panel import Panel

W = TypeVar("W", bound=w.Widget)


def everything(widget: Any) -> Iterator[Any]:
    """A widget and everything inside it, with layouts and styles."""
    yield widget
    for part in (*getattr(widget, "children", ()), getattr(widget, "layout", None), getattr(widget, "style", None)):
        if isinstance(part, w.Widget):
            yield from everything(part)


def find_all(panel: Panel, kind: type[W], description: str | None = None) -> list[W]:
    """The widgets of this kind, and of this description if one is given."""
    found = [each for each in everything(panel.box) if isinstance(each, kind)]
    return [each for each in found if description is None or each.description == description]


def find(panel: Panel, kind: type[W], description: str | None = None) -> W:
    """The one widget of this kind and description."""
    found = find_all(panel, kind, description)
    assert len(found) == 1, f"{len(found)} widgets are a {kind.__name__} called {description!r}"
    return found[0]


def until(condition: Callable[[], Any], seconds: float = 60) -> None:
    """Wait for the effect of a Job."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.005)


def shown(panel: Panel) -> str:
    """All HTML that the panel shows."""
    return "\n".join(html.value for html in find_all(panel, w.HTML))


def sent(panel: Panel) -> str:
    """Everything that is sent to the browser: all synchronised traits of all widgets."""
    return json.dumps([each.get_state() for each in everything(panel.box)], default=repr)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def parsed(html: str) -> tuple[set[str], set[str], str]:
    """Names of the tags, names of the attributes, and the text, as a browser would parse them."""
    tags = _Tags()
    tags.feed(html)
    tags.close()
    return tags.names, tags.attributes, " ".join(tags.texts)


def models() -> int:
    """The number of widgets in the kernel."""
    return len(w.widget._instances)
