"""Who may take part: the filters as chips, the search that adds them, devices and samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

from ....api import Client
from ....study import Filter, StudyPlan
from ....study.audience.participant_filter import AnyFilter, single_filters
from ....study.audience.plan_audience import SAMPLES
from ...kit import widgets as w
from ...kit.controls import button, row, stack
from ...kit.html_table import shorten
from ...kit.panel import Panel
from ...kit.traits import set_if_changed, set_visible
from .audience_chips import SET, TYPE, editable, ident_of, nodes, path_of, places
from .audience_tree import Filters, Path, at, join, put, remove, walk
from .audience_words import sample_words
from .chips import Chips
from .filter_card import FilterCard, NotComplete, Subject
from .filter_library import FilterLibrary, Known, library_of
from .picker import Picker
from .set_card import SetCard

_DEVICES = ("desktop", "tablet", "mobile")
_LOOK: dict[str, Any] = {"style": {"description_width": "initial"}, "layout": {"width": "auto", "min_width": "0"}}
_SET_DECIDES = "A saved filter set decides who takes part. Remove its chip first, or copy its filters."
_NO_CLIENT = "The filters are listed once there is a connection."


class AudienceSection:
    """The widgets for the audience of a plan; every change is one step of the plan's history.

    Parameters
    ----------
    panel : Panel
        Its value is the plan.
    """

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._library: FilterLibrary | None = None
        self._reading = ""  # what is being read, or was read last
        self._running = 0  # jobs that read
        self._setting = False
        self._listed: tuple[Known, bool, FilterLibrary | None] | None = None  # what the search shows
        guard = panel.guard
        self.chips = Chips(label="Audience")
        self.search = Picker(
            description="Add a filter",
            placeholder="Search: country, language, age, student …",
            layout={"flex": "1 1 420px", "min_width": "0"},
        )
        self.notice = w.HTML()
        self.card = FilterCard(guard, self._save, self._remove_opened, self._close)
        self.sets = SetCard(guard, self._use_set, self._copy_set, self._close)
        self.devices = [w.Checkbox(description=name.capitalize(), indent=False, **_LOOK) for name in _DEVICES]
        samples = [("Everyone who fits", ""), *((sample_words(kind), kind) for kind in SAMPLES)]
        self.sample = w.Dropdown(description="Sample", options=samples, **_LOOK)
        self._observe(guard)
        self.box = stack(self.chips, self.notice, self._adding(), self.card.box, self.sets.box, self._ways())

    def _adding(self) -> w.Widget:
        guard = self._panel.guard
        self.shortcuts = [
            button(
                "Earlier studies", lambda: self.open("previous_studies_blocklist"), guard, "Exclude or require them"
            ),
            button("Groups", lambda: self.open("participant_group_blocklist"), guard, "Exclude or require them"),
            button("Saved filter set", self._open_sets, guard, "Use a saved set, or copy its filters"),
        ]
        return row(self.search, *self.shortcuts, align_items="flex-start")

    def _ways(self) -> w.Widget:
        boxes = row(*self.devices, width="auto", grid_gap="6px 14px")
        self._panel.surface.name(boxes, "Devices")
        return row(w.HTML("Devices"), boxes, self.sample, grid_gap="6px 14px")

    def _observe(self, guard: Callable[..., Any]) -> None:
        self.chips.observe(guard(lambda news: self._pressed(news["new"][0])), names=["pressed"])
        self.chips.observe(guard(lambda news: self._removed(news["new"][0])), names=["removed"])
        self.search.observe(guard(lambda _: self.load()), names=["opened"])
        self.search.observe(guard(lambda news: self._picked(news["new"])), names=["chosen"])
        self.search.observe(guard(lambda news: self._ask(news["new"])), names=["asked"])
        self.sample.observe(guard(lambda news: self._sampled(news["new"])), names=["value"])
        for each in self.devices:
            each.observe(guard(lambda _: self._set_devices()), names=["value"])

    # --- display -------------------------------------------------------------------------------------------------

    @property
    def known(self) -> Known:
        """What has been read of the workspace."""
        return self._library.known if self._library is not None else Known()

    @property
    def _plan(self) -> StudyPlan:
        plan: StudyPlan = self._panel.value
        return plan

    def refresh(self) -> None:
        """Show the plan's audience; names that are not known yet are read."""
        client = self._panel.client.value
        library = library_of(client) if client is not None else None
        if library is not self._library:
            self._library, self._reading = library, ""
        self._show()
        used = sorted({each.id for each in single_filters(self._plan.filters)})
        if used or self._plan.filter_set_id:
            self.load(used)

    def _show(self) -> None:
        plan, known = self._plan, self.known
        set_if_changed(self.chips, "nodes", nodes(plan, known))
        set_visible(self.chips, bool(self.chips.nodes))
        self._show_ways(plan)
        opened = self.card.subject
        if opened is not None and opened.path is not None and at(plan.filters, opened.path) != opened.before:
            self._close()  # it was changed elsewhere
        self._show_search()

    def _show_search(self) -> None:
        known, reading = self.known, self._busy
        if (known, reading, self._library) == self._listed:
            return  # typing in another field must not list a whole catalogue again
        self._listed = (known, reading, self._library)
        items = [_item(ident, known) for ident in known.filters]
        set_if_changed(self.search, "items", items)
        set_if_changed(self.search, "busy", "Reading the filters…" if reading and not items else "")
        gap = known.gaps.get("filters", "" if self._library is not None else _NO_CLIENT)
        set_if_changed(self.search, "note", f"{gap} Enter the ID of a filter." if gap else "")
        set_if_changed(self.search, "free", bool(gap))
        self.card.show(known, reading)
        if self.sets.box.layout.display != "none":
            self.sets.show(known, reading)

    def _show_ways(self, plan: StudyPlan) -> None:
        self._setting = True
        try:
            for name, each in zip(_DEVICES, self.devices, strict=True):
                set_if_changed(each, "value", not plan.devices or name in plan.devices)
            set_if_changed(self.sample, "value", plan.study_type or "")
            set_if_changed(self.sample, "disabled", "study_type" in plan.extra)
        finally:
            self._setting = False

    def say(self, words: str) -> None:
        """A sentence above the search; empty words hide it."""
        set_if_changed(self.notice, "value", f'<span role="status">{escape(words)}</span>' if words else "")

    # --- reading ---------------------------------------------------------------------------------------------------

    def _expire(self, *parts: str) -> None:
        self._reading = ""
        if self._library is not None:
            self._library.expire(*parts)

    @property
    def _busy(self) -> bool:
        return self._running > 0

    def load(self, filter_ids: Sequence[str] | None = None) -> None:
        """Read the lists of the workspace, and the choices of some filters, where they have not been read."""
        library, client = self._library, self._panel.client.value
        wanted = repr(filter_ids)
        if library is None or client is None or library.complete(filter_ids or ()):
            return
        if wanted == self._reading and (self._busy or filter_ids is not None):
            return  # what cannot be read is asked for again when the search is entered again
        self._reading = wanted
        self._running += 1
        self._show_search()
        # The client is an argument, so that it is kept alive while it is asked.
        self._panel.start(partial(self._read, library, client, filter_ids or ()), "Reading the filters", self._loaded)

    def _read(self, library: FilterLibrary, _client: Client, filter_ids: Sequence[str], _: Any) -> None:
        try:
            library.load()
            library.load_choices(filter_ids)
        finally:
            self._panel.guard(self._read_ended)()

    def _read_ended(self) -> None:
        self._running -= 1
        self._show_search()

    def _loaded(self, _: None) -> None:
        if not self._panel.closed:
            self._show()
            self._panel.announce()

    def _ask(self, words: str) -> None:
        """Let the server search for words that are in none of the titles, such as a choice of a long list."""
        library, client = self._library, self._panel.client.value
        if not words or library is None or client is None:
            return

        def show(found: list[str]) -> None:
            self._show_search()
            self.search.found = {"words": words, "ids": found}

        self._panel.start(partial(_search, library, client, words), "Searching the filters", show)

    @property
    def following(self) -> w.Button | None:
        """The button of the card that is open: what was chosen in it does not count yet."""
        if self.card.subject is not None:
            return self.card.keep
        return self.sets.keep if self.sets.box.layout.display != "none" else None

    # --- choosing --------------------------------------------------------------------------------------------------

    def open(self, filter_id: str, path: Path | None = None) -> None:
        """Open the card of a filter: a new one, or the one at a path."""
        if path is None and self._plan.filter_set_id:
            self.say(_SET_DECIDES)
            return
        before = at(self._plan.filters, path) if path is not None else None
        self._close()
        subject = Subject(filter_id, path, before if isinstance(before, Filter) else None)
        self.card.open(subject, self.known, places(self._plan.filters, self.known))
        self.chips.current = ident_of(path) if path is not None else ""
        if self.known.refers_to(filter_id):
            self._expire("studies", "groups")
        self.load([filter_id])
        self.card.show(self.known, self._busy)
        self.card.first_field().focus()

    def _picked(self, chosen: list[str]) -> None:
        if chosen:
            self.search.chosen = []
            self.open(chosen[0])

    def _pressed(self, ident: str) -> None:
        path = path_of(ident)
        chosen = at(self._plan.filters, path) if path is not None else None
        if chosen is not None and editable(chosen):
            assert isinstance(chosen, Filter)
            self.open(chosen.id, path)

    def _removed(self, ident: str) -> None:
        path = path_of(ident)
        if ident == SET:
            self._change(lambda plan: replace(plan, filter_set_id=None, filter_set_version=None))
        elif ident == TYPE:
            kept = {name: value for name, value in self._plan.extra.items() if name != "study_type"}
            self._change(lambda plan: replace(plan, extra=kept))
        elif path is not None:
            gone = at(self._plan.filters, path)
            self._filter(lambda filters: remove(filters, path) if at(filters, path) == gone else filters)
        self._close()
        if not self.chips.nodes:
            self.search.focus()

    def _save(self) -> None:
        subject = self.card.subject
        if subject is None:
            return
        try:
            made = self.card.value()
        except NotComplete as missing:
            self.card.complain(str(missing))
            return
        path, where = subject.path, self.card.place.value or ()
        if path is not None:
            self._filter(lambda filters: put(filters, path, made) if at(filters, path) == subject.before else filters)
        elif where or made not in self._plan.filters:
            self._filter(lambda filters: join(filters, where, made))
        self._close()
        self._focus_on(made)

    def _focus_on(self, made: AnyFilter) -> None:
        found = [path for path, each in walk(self._plan.filters) if each == made]
        self.chips.focus(ident_of(found[-1]) if found else "")

    def _remove_opened(self) -> None:
        if self.card.subject is not None and self.card.subject.path is not None:
            self._removed(ident_of(self.card.subject.path))

    def _close(self) -> None:
        self.card.close()
        set_visible(self.sets.box, False)
        set_if_changed(self.chips, "current", "")
        self.say("")

    # --- filter sets, samples, devices ---------------------------------------------------------------------------

    def _open_sets(self) -> None:
        self._close()
        set_visible(self.sets.box)
        self._expire("sets")
        self.load()
        self.sets.show(self.known, self._busy)
        self.sets.chosen.focus()

    def _use_set(self, set_id: str, version: int | None) -> None:
        had = len(self._plan.filters)
        self._change(lambda plan: replace(plan, filters=(), filter_set_id=set_id, filter_set_version=version))
        self._close()
        if had:
            self.say(f"The set replaced the filters that were there ({had}). Undo (Ctrl+Z) brings them back.")
        self.chips.focus(SET)

    def _copy_set(self, filters: Filters) -> None:
        def copied(plan: StudyPlan) -> StudyPlan:
            fresh = [each for each in filters if each not in plan.filters]
            return replace(plan, filters=(*plan.filters, *fresh), filter_set_id=None, filter_set_version=None)

        self._change(copied)
        self._close()
        if filters:
            self._focus_on(filters[-1])

    def _sampled(self, kind: str) -> None:
        if not self._setting:
            self._change(lambda plan: replace(plan, study_type=kind or None))

    def _set_devices(self) -> None:
        if self._setting:
            return
        chosen = tuple(name for name, each in zip(_DEVICES, self.devices, strict=True) if each.value)
        if not chosen:
            self.say("At least one kind of device is needed.")
            self._show_ways(self._plan)
            return
        self.say("")
        self._change(lambda plan: replace(plan, devices=() if chosen == _DEVICES else chosen))

    # --- changing ----------------------------------------------------------------------------------------------------

    def _filter(self, change: Callable[[Filters], Filters]) -> None:
        self._change(lambda plan: replace(plan, filters=change(tuple(plan.filters))))

    def _change(self, change: Callable[[StudyPlan], StudyPlan]) -> None:
        def changed(plan: StudyPlan) -> StudyPlan:
            new = change(plan)
            return plan if new == plan else new

        self._panel.held.update(changed)


def _search(library: FilterLibrary, _client: Client, words: str, _: Any) -> list[str]:
    return library.search(words)


def _item(ident: str, known: Known) -> dict[str, Any]:
    definition = known.filters[ident]
    title, question = str(definition.get("title") or ident), str(definition.get("question") or "")
    detail = question if question != title else ""
    inner = [shorten(label, 60) for label in known.choices.get(ident, {}).values()]
    return {"id": ident, "title": shorten(title, 120), "detail": shorten(detail, 160), "inner": inner}
