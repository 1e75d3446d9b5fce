"""The forms in which a decision about the selected submissions is written: a rejection, a bonus, a message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from ...common.money import Money
from ...common.plurals import counted
from ...study.review.actions import MIN_MESSAGE
from ..kit import widgets as w
from ..kit.controls import Guard, button, row, stack, toggle
from ..kit.spending.settled_inputs import SettledInputs
from ..kit.surface import Surface
from ..kit.traits import set_if_changed, set_visible
from .decisions import Decision
from .rejection_sentences import CATEGORY_WORDS, PROPOSAL, PROPOSED, blanks, filled, starting_sentence
from .submission_rows import Submissions

_EACH, _LIFT = "An amount each", "Up to an hourly pay"
_LOOK: dict[str, Any] = {"style": {"description_width": "initial"}}
_FIGURES = "[minutes], [median] and [answers] become the figures of each participant."


class DecisionForms:
    """Three forms of which at most one is open.

    Parameters
    ----------
    decide : callable
        Called with new decisions, which are undone together.
    lift : callable
        Called with an hourly pay as typed, for bonuses that have to be computed.
    chosen : callable
        Returns the submissions and the IDs of the selected ones; (None, []) if nothing was read yet.
    settled : SettledInputs
        Through which every click acts.
    surface : Surface
    guard : callable
        `Panel.guard`.

    Attributes
    ----------
    toggles : list of ipywidgets.ToggleButton
        They open the forms.
    box : ipywidgets.VBox
        The open form.
    """

    def __init__(
        self,
        decide: Callable[..., Any],
        lift: Callable[[str], Any],
        chosen: Callable[[], tuple[Submissions | None, Sequence[str]]],
        settled: SettledInputs,
        surface: Surface,
        guard: Guard,
    ) -> None:
        self._decide, self._lift, self._chosen, self._guard, self._settled = decide, lift, chosen, guard, settled
        self._adds: list[w.Button] = []  # one in each form
        self._forms: dict[str, w.Widget] = {
            "Reject…": self._rejection(),
            "Bonus…": self._bonus(surface),
            "Message…": self._message(),
        }
        self.toggles = [toggle(name, self._opener(name), guard, hint) for name, hint in _HINTS.items()]
        for form in self._forms.values():
            set_visible(form, False)
        self._problem = w.HTML()
        self.box = stack(*self._forms.values(), self._problem)
        self.box.add_class("pnb-draft")  # Ctrl+Z in its fields undoes typing, not a decision
        set_visible(self.box, False)

    def _opener(self, name: str) -> Callable[[bool], None]:
        def switch(opened: bool) -> None:
            set_visible(self._forms[name], opened)
            self.refuse("")
            if opened:
                for each in self.toggles:
                    if each.description != name:
                        each.value = False
                self.show()

        return switch

    @property
    def adding(self) -> w.Button | None:
        """The button of the open form; None while no form is open."""
        return next((add for each, add in zip(self.toggles, self._adds, strict=True) if each.value), None)

    def close(self) -> None:
        """Close the open form; the focus goes back to the button that opened it."""
        self.refuse("")
        for each in self.toggles:
            if each.value:
                each.focus()
            each.value = False

    def refuse(self, why: str) -> None:
        """Say why nothing was decided; an empty string says nothing."""
        said = f'<p role="alert"><b>Not added:</b> {escape(why)}</p>' if why else ""
        set_if_changed(self._problem, "value", said)
        set_visible(self.box, bool(why) or any(each.value for each in self.toggles))

    def show(self) -> None:
        """Renew what is said about the selected submissions."""
        if self.toggles[0].value:
            self._propose()
            self._count()

    def _add(self, label: str, act: Callable[[], None], hint: str) -> w.Button:
        self._adds.append(button(label, lambda: self._settled.act(act), self._guard, hint))
        return self._adds[-1]

    # --- rejections ----------------------------------------------------------------------------------------------

    def _rejection(self) -> w.Widget:
        self._category = w.Dropdown(description="Category", options=_CATEGORIES, layout={"width": "auto"}, **_LOOK)
        self._from_flags = ""  # the sentence that was filled in
        self._sentence = w.Textarea(
            starting_sentence(self._category.value),
            description="Sentence to the participant",
            rows=4,
            layout={"width": "100%", "height": "auto"},
            **_LOOK,
        )
        self._sentence.add_class("pnb-above")
        self._counted = w.HTML(layout={"flex": "1 1 300px"})
        self._category.observe(self._guard(self._categorised), names=["value"])
        self._category.observe(self._guard(self._settled.changed), names=["value"])
        self._sentence.observe(self._guard(lambda _: self._count()), names=["value"])
        self._sentence.observe(self._guard(self._settled.changed), names=["value"])
        add = self._add("Add rejections", self._reject, "Rejects the selected submissions once it is applied")
        return stack(row(self._category), self._sentence, row(add, self._counted, align_items="flex-start"))

    def _categorised(self, news: Any) -> None:
        if self._sentence.value == starting_sentence(news["old"]):  # an edited sentence stays
            self._sentence.value = starting_sentence(news["new"])

    def _propose(self) -> None:
        """Fill in what the flags of the selected submissions propose; an edited sentence stays."""
        seen, _ = self._chosen()
        proposed = seen.proposed(self._sentences()) if seen is not None else []
        if self._sentence.value not in (self._from_flags, starting_sentence(self._category.value)):
            return
        if proposed:
            different = dict.fromkeys(category for category, _ in proposed)
            category = PROPOSED if len(different) > 1 else next(iter(different))
            self._from_flags = proposed[0][1] if len(proposed) == 1 else PROPOSAL
            self._fill(self._from_flags, category)
        elif self._from_flags == self._sentence.value:
            self._from_flags, first = "", _CATEGORIES[0][1]
            self._fill(starting_sentence(first), first)

    def _fill(self, sentence: str, category: str) -> None:
        options = [*_CATEGORIES, _AS_PROPOSED] if category == PROPOSED else _CATEGORIES
        if list(self._category.options) != options:
            self._category.options = options
        set_if_changed(self._category, "value", category)
        set_if_changed(self._sentence, "value", sentence)

    def _sentences(self) -> dict[str, str]:
        """The sentence for each selected submission that can be rejected."""
        seen, ids = self._chosen()
        if seen is None:
            return {}
        wanted = [each for each in ids if seen.can("reject", each)]
        return {each: filled(self._sentence.value, seen.figures(each)).strip() for each in wanted}

    def _count(self) -> None:
        """The number of characters, of the shortest sentence if they differ, and the first one in full."""
        sentences = list(self._sentences().values())
        shortest = min(map(len, sentences), default=len(self._sentence.value.strip()))
        short = MIN_MESSAGE - shortest
        enough = f"{short} more needed" if short > 0 else "enough"
        said = f"{counted(shortest, 'character')} of at least {MIN_MESSAGE}: {enough}."
        if PROPOSAL in self._sentence.value:
            said += f" {PROPOSAL} becomes what the flags propose for each participant."
        open_ones = blanks(sentences[0] if sentences else self._sentence.value)
        if sentences and sentences[0] != self._sentence.value.strip():
            said += f" For the first: “{sentences[0]}”"
        elif open_ones:
            said += f" {_FIGURES}"
        said += self._unfair()
        set_if_changed(self._counted, "value", f'<p class="pnb-muted" role="status">{escape(said)}</p>')

    def _unfair(self) -> str:
        """A warning where the minutes contradict the category."""
        seen, ids = self._chosen()
        slower = seen.slower_than_median(ids) if seen is not None else 0
        contrary = {"TOO_QUICKLY": slower, "TOO_SLOWLY": len(ids) - slower}.get(self._category.value, 0)
        side = "slower" if self._category.value == "TOO_QUICKLY" else "quicker"
        return f" Check this: {contrary} of the selected {len(ids)} were {side} than the median." if contrary else ""

    def _reject(self) -> None:
        sentences = self._sentences()
        wrong = list(dict.fromkeys(blank for sentence in sentences.values() for blank in blanks(sentence)))
        short = min(map(len, sentences.values()), default=MIN_MESSAGE)
        if PROPOSAL in wrong or "" in self._categories(sentences).values():
            self.refuse("Some of the selected submissions have no flag, which would propose their sentence. Write it.")
        elif wrong:
            self.refuse(f"The sentence still has blanks: {', '.join(wrong)}. Write what they stand for.")
        elif short < MIN_MESSAGE:
            least = f"Prolific requires at least {MIN_MESSAGE} characters, and the sentence has {short}."
            self.refuse(f"{least} Say what was wrong, and where.")
        else:
            self._decide(*_rejections(sentences, self._categories(sentences)))

    def _categories(self, ids: Iterable[str]) -> dict[str, str]:
        """The category for each submission; empty if the flags should propose it and there is none."""
        seen, chosen = self._chosen()[0], str(self._category.value)
        if seen is None or chosen != PROPOSED:
            return dict.fromkeys(ids, chosen)
        return {each: next((category for category, _ in seen.proposed([each])), "") for each in ids}

    # --- bonuses -------------------------------------------------------------------------------------------------

    def _bonus(self, surface: Surface) -> w.Widget:
        self._how = w.Dropdown(description="Bonus", options=[_EACH, _LIFT], layout={"width": "auto"}, **_LOOK)
        self._amount = w.Text(description="Amount", placeholder="e.g. 0.50", layout={"width": "170px"}, **_LOOK)
        self._about = w.HTML()
        self._how.observe(self._guard(lambda _: self._explain()), names=["value"])
        self._how.observe(self._guard(self._settled.changed), names=["value"])
        self._amount.observe(self._guard(self._settled.changed), names=["value"])
        add = self._add("Add bonuses", self._pay, "Pays the selected submissions once it is applied")
        surface.enter(self._amount, add)
        return stack(row(self._how, self._amount, add), self._about)

    def _explain(self) -> None:
        lifted = self._how.value == _LIFT
        set_if_changed(self._amount, "description", "Pay per hour" if lifted else "Amount")
        set_if_changed(self._amount, "placeholder", "e.g. 9.00" if lifted else "e.g. 0.50")
        said = "Each gets what is missing to this pay for the minutes that it took, bonuses so far included."
        set_if_changed(self._about, "value", f'<p class="pnb-muted">{said}</p>' if lifted else "")

    def _pay(self) -> None:
        seen, ids = self._chosen()
        currency = seen.run.client.currency if seen is not None else None
        try:
            amount = Money.parse(self._amount.value, currency)
        except ValueError:
            typed = self._amount.value.strip()
            wrong = f"{typed!r} is not an amount" if typed else "There is no amount"
            self.refuse(f"{wrong}. Type one with its decimals, for example 0.50.")
            return
        if amount.minor <= 0:
            self.refuse("The amount must be above 0.")
        elif self._how.value == _LIFT and ids:
            self._lift(amount.major)
        else:
            self._decide(Decision("bonus", tuple((each, amount.major) for each in ids)))

    # --- messages ------------------------------------------------------------------------------------------------

    def _message(self) -> w.Widget:
        self._text = w.Textarea(
            description="Message to the participants",
            rows=3,
            layout={"width": "100%", "height": "auto"},
            **_LOOK,
        )
        self._text.add_class("pnb-above")
        self._text.observe(self._guard(self._settled.changed), names=["value"])
        add = self._add("Add message", self._send, "Sends it to the selected participants once it is applied")
        return stack(self._text, row(add))

    def _send(self) -> None:
        _, ids = self._chosen()
        text = self._text.value.strip()
        if text:
            self._decide(Decision("message", tuple((each, text) for each in ids)))
        else:
            self.refuse("The message is empty. Write what the participants should know.")


def _rejections(sentences: Mapping[str, str], categories: Mapping[str, str]) -> list[Decision]:
    """One decision for each category; an empty one for no submission."""
    parts: dict[str, list[tuple[str, str]]] = {}
    for each, sentence in sentences.items():
        parts.setdefault(categories[each], []).append((each, sentence))
    return [Decision("reject", tuple(part), category) for category, part in parts.items()] or [Decision("reject", ())]


_CATEGORIES = [(words, category) for category, words in CATEGORY_WORDS.items()]
_AS_PROPOSED = ("As the flags propose", PROPOSED)
_HINTS = {
    "Reject…": "Write the reason for rejecting the selected submissions",
    "Bonus…": "Pay the selected participants more",
    "Message…": "Write to the selected participants",
}
