"""A rehearsal in sentences, which say what follows from the plan and what from assumptions about people."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from ...analysis.coefficient import rounded
from ...common.plurals import counted
from .asked import Asked
from .measuring import AGREEMENT, HALF_WIDTH, RIGHT
from .rehearsed_figures import Figure, Outcome, in_words, title

SIMULATED = "REHEARSAL: the people are simulated, so this says nothing about real people."
_MADE_UP = (
    "Without truth= the intended answers are made up from the content of the rows: this is how far such people agree "
    "on a task they can do, and nothing about how hard your rows are."
)
_FEES = "and no assumption about people; the fees are the sandbox's, Prolific's may differ."
_SHOWN = 6  # questions whose figures are in the words


def words_of(asked: Asked, found: Outcome, one_more: Outcome | None, ordinary: Outcome | None) -> str:
    """The paragraphs of a rehearsal.

    Parameters
    ----------
    asked : Asked
    found : Outcome
    one_more : Outcome or None
        Of the same study with one more annotator per task, without the scenario.
    ordinary : Outcome or None
        Of the same study without the scenario, if there is one.
    """
    parts = [_opening(asked), _money(asked, found), _time(found), _pay(found), _agreement(asked, found), _flags(found)]
    parts += [] if one_more is None else [_one_more(asked, ordinary or found, one_more)]
    parts += [] if ordinary is None else [_scenario(asked, found, ordinary)]
    return "\n\n".join(filter(None, map(" ".join, parts)))


def _opening(asked: Asked) -> Iterator[str]:
    yield SIMULATED
    yield "What they are assumed to be like: rehearsal.assumptions."
    if asked.has_filters:
        yield "They match every filter of the plan, which is not checked here; pnb.quote(client, ...) checks it."


def _assuming(figure: Figure) -> str:
    return f"(assumption: {', '.join(figure.depends_on)})"


def _money(asked: Asked, found: Outcome) -> Iterator[str]:
    cost, filled = found.get("cost of all places"), found.get("cost of filled places")
    source = "the plan" if asked.scenario.edit is None else "the edited draft"
    yield f"Cost: {in_words(cost)} with fees and VAT for {counted(int(found.value('places')), 'place')}."
    yield f"It follows from {source} {_FEES}"
    if filled.value < cost.value:
        yield f"The filled places alone cost {in_words(filled)}."


def _time(found: Outcome) -> Iterator[str]:
    half, whole = found.get("hours until half of the places are filled"), found.get("hours until all places are filled")
    filled, places = int(found.value("filled places")), int(found.value("places"))
    after_half = "" if isnan(half.value) else f"half of the places were filled after {in_words(half)}, "
    end = f"all {places:,} after {in_words(whole)}" if filled >= places else f"{filled:,} of {places:,} in the end"
    if places == filled == 1:
        after_half, end = "", f"the place was filled after {in_words(whole)}"
    yield f"Time: {after_half}{end} {_assuming(half)}."
    returned, late = found.get("returned submissions"), found.get("timed out submissions")
    were = "was" if returned.value == 1 else "were"
    yield f"{in_words(returned)} {were} returned and {late.value:.0f} timed out {_assuming(returned)}."


def _pay(found: Outcome) -> Iterator[str]:
    minutes, hourly = found.get("minutes per submission"), found.get("pay per hour")
    if not isnan(hourly.value):
        yield f"Pay: half of the submissions took {in_words(minutes)} or less, which makes {in_words(hourly)}"
        yield f"{_assuming(hourly)}."


def _agreement(asked: Asked, found: Outcome) -> Iterator[str]:
    scored = found.named(AGREEMENT)
    if not scored:
        yield "Agreement: there is no question to score, or no answer."
        return
    yield f"Agreement, with {counted(asked.plan.annotators_per_task, 'annotator')} per task:"
    yield "; ".join(f"“{each.question}”: {each.unit} = {interval(each)}" for each in scored[:_SHOWN])
    yield f"{f'and {len(scored) - _SHOWN} more questions ' if len(scored) > _SHOWN else ''}{_assuming(scored[0])}."
    for each in found.named(RIGHT)[:_SHOWN]:
        yield f"The most frequent answer to “{each.question}” is the intended one for {in_words(each)} of the rows;"
        yield "where answers are tied, one of them is taken at random."
    if asked.truth is None:
        yield _MADE_UP


def interval(figure: Figure) -> str:
    """A coefficient with its interval."""
    if isnan(figure.value):
        return "undefined"
    if isnan(figure.low):
        return f"{rounded(figure.value)} (no interval)"
    return f"{rounded(figure.value)} (95 % interval {rounded(figure.low)} to {rounded(figure.high)})"


def _flags(found: Outcome) -> Iterator[str]:
    people, flagged = int(found.value("people")), found.get("flagged people")
    yield f"Flags: {flagged.value:.0f} of {counted(people, 'person', 'people')} {_assuming(flagged)}."
    for row in found.caught.to_dict("records"):
        if row["flagged"] or not row["honest"]:
            why = ", ".join(f"{row[flag]} {flag}" for flag in found.caught.columns[4:] if row[flag])
            yield f"{row['kind']}: {row['flagged']} of {row['people']} flagged{f' ({why})' if why else ''}."
    honest = int(found.value("flagged honest people"))
    yield f"Of those who answer from the rows, {honest} {'is' if honest == 1 else 'are'} flagged."


def _one_more(asked: Asked, before: Outcome, after: Outcome) -> Iterator[str]:
    """What one more annotator changes, by adding one to the same simulated study, always without its scenario."""
    study = "the same simulated study without the scenario" if asked.scenario.name else "the same simulated study"
    places = int(after.value("places") - before.value("places"))
    extra = after.value("cost of all places") - before.value("cost of all places")
    yield f"One more annotator per task, added to {study} (one draw, not an expectation):"
    changes = [f"{counted(places, 'place')} and {extra:,.2f} {after.currency} more"]
    for each in before.named(HALF_WIDTH)[:_SHOWN]:
        now = after.value(HALF_WIDTH, each.question)
        changes.append(f"{each.unit} of “{each.question}” {_either_side(now)} instead of {_either_side(each.value)}")
    for each in before.named(RIGHT)[:_SHOWN]:
        right = in_words(after.get(RIGHT, each.question))
        changes.append(f"“{each.question}”: {right} of the rows with the intended label instead of {in_words(each)}")
    yield f"{'; '.join(changes)}."


def _either_side(half_width: float) -> str:
    return "no interval" if isnan(half_width) else f"± {rounded(half_width, 3)}"


def _scenario(asked: Asked, found: Outcome, ordinary: Outcome) -> Iterator[str]:
    """What the scenario did to the study, next to the same study without it."""
    scenario = asked.scenario
    yield f"Scenario “{scenario.name}”: {scenario.words}"
    yield from found.events
    shown = [(each, ordinary.known[each.key]) for each in found.figures if each.key in ordinary.known]
    shown = [(now, before) for now, before in shown if now.name in scenario.shows]
    texts = [(title(now), in_words(now), in_words(before)) for now, before in shown]
    changes = [f"{name} {now} instead of {before}" for name, now, before in texts if now != before]
    if changes:
        yield f"It changed: {'; '.join(changes)}."
    else:
        yield f"Unchanged here: {'; '.join(f'{name} {now}' for name, now, _ in texts)}."
    yield f"If this happens on Prolific: {scenario.remedy}"
