"""Opens everything that a studio can show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ipywidgets as w

from prolific_nb.panels import Studio
from prolific_nb.panels.kit import panel as kit

from ..find import everything, until


def quiet(studio: Studio) -> None:
    """Wait until no work is left, and the panels' lock is free."""
    until(lambda: not any(panel._jobs for panel in studio.panels.values()), 30)
    for name in ("plan", "launch"):
        studio.panels[name].estimator.join(60)  # type: ignore[attr-defined]
    studio.panels["results"]._computing.join(60)  # type: ignore[attr-defined]
    assert kit._lock.acquire(timeout=60)
    kit._lock.release()


def open_all(studio: Studio) -> None:
    """Open every step, fold and code."""
    for view in studio.views.values():
        view.open = True
    for panel in studio.panels.values():
        panel.show_code()
    for _ in range(2):  # a fold may hold another
        for each in list(everything(studio.box)):
            if isinstance(each, w.ToggleButton) and not each.value and each.description not in ("Dark", "Notify me"):
                each.value = True
    for tabs in [each for each in everything(studio.box) if "pnb-tabs" in getattr(each, "_dom_classes", ())]:
        for name in tabs.options:
            tabs.value = name
            quiet(studio)  # of several quick choices only the last one is drawn


def html_of(studio: Studio) -> Iterator[tuple[str, str]]:
    """The HTML of every widget and of every saved card, with where it is."""
    for name, panel in {**studio.panels, "studio": studio}.items():
        yield f"card of {name}", panel.static_card()
        for each in everything(panel.box):
            if isinstance(each, w.HTML | w.HTMLMath):
                yield f"{name} {type(each).__name__}", each.value


def states_of(studio: Studio) -> dict[str, Any]:
    """All that leaves the kernel, or that code can print: traits, cards, code, errors and the panels themselves."""
    panels = {**studio.panels, "studio": studio}
    found: dict[str, Any] = {"traits": repr([each.get_state() for each in everything(studio.box)]).encode()}
    for name, panel in panels.items():
        words = [panel.static_card(), panel.code(), repr(panel), str(panel.summary()), *panel.errors]
        found[name] = "\n".join([*words, repr(panel.step()), repr(vars(panel))]).encode()
    return found
