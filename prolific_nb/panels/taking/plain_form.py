"""The questions of a task as plain ipywidgets, for notebooks that cannot load the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from ...common.answering import Entered, Fault, UploadedFile, asked_of
from ...common.display import visible
from ...common.render.questions import question_block
from ..kit import widgets as w
from ..kit.controls import stack

_LOOK = {"width": "100%", "max_width": "560px"}

Values = dict[str, list[str | UploadedFile]]


class PlainForm:
    """A form for all questions of a layout.

    Parameters
    ----------
    pages : iterable of mapping
        As the API gets them.
    entered : mapping
        What was entered before.
    faults : sequence of Fault
        What is wrong with it.

    Attributes
    ----------
    box : ipywidgets.VBox
    """

    def __init__(self, pages: Iterable[Mapping[str, Any]], entered: Entered, faults: Sequence[Fault]) -> None:
        words = {fault.name: fault.words for fault in faults}
        self._questions = [
            _Question(item, question_block(item, place), entered, words) for _, place, item in asked_of(pages)
        ]
        self.box = stack(*(each.box for each in self._questions), grid_gap="14px")

    def read(self) -> Values:
        """What is entered, by name of the input."""
        return {name: values for each in self._questions for name, values in each.read().items()}


class _Question:
    def __init__(self, item: Mapping[str, Any], block: Mapping[str, Any], entered: Entered, words: Mapping[str, str]):
        self._name = block["name"]
        self._reads: list[Callable[[], Iterator[tuple[str, str | UploadedFile]]]] = []
        self._entered = entered
        fault = words.get(self._name, "")
        hint = " ".join(filter(None, [block["helper"], block.get("hint", "")]))
        asked = f'<b class="pnb-words">{escape(visible(block["question"]))}</b>'
        said = f'<span class="pnb-muted">{escape(visible(hint))}</span>' if hint else ""
        wrong = f'<p class="pnb-error" role="alert">{escape(fault)}</p>' if fault else ""
        self.box = stack(w.HTML("<br>".join(filter(None, [asked, said])) + wrong), *self._inputs(item, block))

    def read(self) -> Values:
        found: Values = {}
        for name, value in (pair for read in self._reads for pair in read()):
            found.setdefault(name, []).append(value)
        return found

    def _inputs(self, item: Mapping[str, Any], block: Mapping[str, Any]) -> list[w.Widget]:
        if "groups" in block:
            options = [
                (f"{self._name}-why-{group}-{nth}", option)
                for group, (_, offered) in enumerate(block["groups"], 1)
                for nth, option in enumerate(offered, 1)
            ]
            return self._one(options, block) if block["input"] == "radio" else self._several(options, block)
        if item["type"] in ("file_upload", "video_narration"):
            return [self._files(block["attributes"])]
        if "units" in block:
            return [self._text(self._name, "Number", w.Text), self._units(block)]
        is_line = block["block"] == "input"
        return [self._text(self._name, "Answer", w.Text if is_line else w.Textarea)]

    def _before(self, name: str) -> str:
        return next((str(each) for each in self._entered.get(name, ()) if isinstance(each, str)), "")

    def _one(self, options: list[tuple[str, Any]], block: Mapping[str, Any]) -> list[w.Widget]:
        offered = [(visible(option["label"]), option["value"]) for _, option in options]
        before = self._before(self._name)
        known = before in [value for _, value in offered]
        chosen = w.RadioButtons(options=offered, value=before if known else None, layout={"width": "auto"})
        self._reads.append(lambda: iter([] if chosen.value is None else [(self._name, str(chosen.value))]))
        if not block["explained"]:
            return [chosen]
        whys = {option["value"]: name for name, option in options}
        text = w.Textarea(description="Why?", value=self._before(whys.get(before, "")), layout=_LOOK)
        self._reads.append(lambda: iter([(whys[chosen.value], text.value)] if chosen.value in whys else []))
        return [chosen, text]

    def _several(self, options: list[tuple[str, Any]], block: Mapping[str, Any]) -> list[w.Widget]:
        made: list[w.Widget] = []
        before = self._entered.get(self._name, ())
        for name, option in options:
            made.append(self._tick(option, option["value"] in before))
            if block["explained"]:
                made.append(self._text(name, "Why?", w.Textarea))
        return made

    def _tick(self, option: Mapping[str, Any], ticked: bool) -> w.Widget:
        label = visible(option["label"])
        box = w.Checkbox(description=label, value=ticked, indent=False, layout={"width": "auto"})
        self._reads.append(lambda: iter([(self._name, option["value"])] if box.value else []))
        return box

    def _text(self, name: str, label: str, kind: Callable[..., w.Widget]) -> w.Widget:
        field = kind(description=label, value=self._before(name), layout=_LOOK)
        self._reads.append(lambda: iter([(name, field.value)] if field.value else []))
        return field

    def _units(self, block: Mapping[str, Any]) -> w.Widget:
        name = f"{self._name}-unit"
        offered = [(visible(unit["label"]), unit["value"]) for unit in block["units"]]
        wanted = self._before(name) or block["chosen"] or offered[0][1]
        units = w.Dropdown(description="Unit", options=offered, value=wanted, layout=_LOOK)
        self._reads.append(lambda: iter([(name, str(units.value))]))
        return units

    def _files(self, attributes: Mapping[str, Any]) -> w.Widget:
        """Only names and sizes are kept of what is chosen."""
        several = "multiple" in attributes and attributes["multiple"] is not None
        upload = w.FileUpload(accept=attributes["accept"], multiple=several, description="Choose")
        self._reads.append(lambda: ((self._name, _named(file)) for file in upload.value))
        return upload


def _named(file: Mapping[str, Any]) -> UploadedFile:
    return UploadedFile(file["name"], file["type"], file["size"])
