"""Filters as sentences that a person reads: "Sex: Female or Male", "Age 18 to 40"."""

from __future__ import annotations

from collections.abc import Sequence

from ....common.plurals import counted
from ....study import Filter, StudyPlan
from ....study.audience import FilterGroup
from ....study.audience.participant_filter import AnyFilter
from .filter_library import Known

_MOST_NAMED = 4  # choices in one sentence
_LISTS = {
    "previous_studies_blocklist": "Not in an earlier study",
    "previous_studies_allowlist": "Took part in an earlier study",
    "participant_group_blocklist": "Not in a group",
    "participant_group_allowlist": "Member of a group",
}
_PEOPLE = {"custom_blocklist": "Not one of", "custom_allowlist": "One of"}


def sentence(chosen: AnyFilter, known: Known) -> str:
    """A filter or group in words; ids stand for names that are not known.

    Examples
    --------
    >>> sentence(Filter("age", between=(18, None)), Known()), sentence(Filter.exclude(studies=["6a"]), Known())
    ('age 18 or more', 'Not in an earlier study: 6a')
    """
    if isinstance(chosen, FilterGroup):
        inner = [sentence(each, known) for each in chosen.filters]
        return f" {chosen.id} ".join(f"({words})" if len(inner) > 1 else words for words in inner)
    if not isinstance(chosen, Filter):
        return f"{title_of(chosen.id, known)} (kept as it is)"
    quota = " (with weightings)" if chosen.weightings is not None else ""
    return _single(chosen, known) + quota


def _single(chosen: Filter, known: Known) -> str:
    if chosen.between is not None:
        return f"{title_of(chosen.id, known)} {range_words(*chosen.between)}"
    ids = chosen.any_of or ()
    if chosen.id in _PEOPLE:
        return f"{_PEOPLE[chosen.id]} {counted(len(ids), 'named participant')}"
    labels = known.labels(chosen.id)
    return f"{title_of(chosen.id, known)}: {alternatives([labels.get(ident, ident) for ident in ids])}"


def title_of(filter_id: str, known: Known) -> str:
    """The title of a filter in the catalogue, or its id."""
    if filter_id in _LISTS:
        return _LISTS[filter_id]
    return str(known.filters[filter_id].get("title") or filter_id) if filter_id in known.filters else filter_id


def range_words(low: object, high: object) -> str:
    """Both ends of a range in words.

    Examples
    --------
    >>> range_words(18, 40), range_words(18, None), range_words(None, 40)
    ('18 to 40', '18 or more', 'up to 40')
    """
    if low is None:
        return f"up to {high}"
    return f"{low} or more" if high is None else f"{low} to {high}"


def alternatives(names: Sequence[str]) -> str:
    """Names joined by commas and "or"; the first four, if there are more.

    Examples
    --------
    >>> alternatives(["Female", "Male"]), alternatives("abcdef")
    ('Female or Male', 'a, b, c, d or 2 more')
    """
    if len(names) > _MOST_NAMED + 1:
        names = [*names[:_MOST_NAMED], f"{len(names) - _MOST_NAMED:,} more"]
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def sample_words(study_type: str) -> str:
    """A representative sample in words.

    Examples
    --------
    >>> sample_words("UK_REP_SAMPLE"), sample_words("US_REGIONAL_REP_SAMPLE")
    ('Representative of the UK', 'Representative of the US, by region')
    >>> sample_words("REP_SAMPLE_US_ENGLISH_AGE_POLITICAL_AFFILIATION_ETHNICITY")
    'Representative of the US, by age, political affiliation and ethnicity'
    """
    country = "UK" if "UK" in study_type else "US"
    traits = ", by region" if "REGIONAL" in study_type else ""
    if "POLITICAL" in study_type:
        traits = ", by age, political affiliation and ethnicity" if "ETHNICITY" in study_type else ""
        traits = traits or ", by age and political affiliation"
    return f"Representative of the {country}{traits}"


def audience_line(plan: StudyPlan, known: Known) -> str:
    """The whole audience of a plan on one line.

    Examples
    --------
    >>> audience_line(StudyPlan("R", reward="1.50", minutes=6), Known())
    'everyone'
    """
    parts = [sentence(each, known) for each in plan.filters]
    if plan.filter_set_id:
        parts.append(f"filter set {set_words(plan, known)}")
    if plan.study_type:
        parts.append(sample_words(plan.study_type))
    if plan.devices:
        parts.append(f"on {alternatives(list(plan.devices))}")
    return "; ".join(parts) or "everyone"


def set_words(plan: StudyPlan, known: Known) -> str:
    """The plan's filter set by its name and version."""
    found = known.sets.get(plan.filter_set_id or "")
    name = f"“{found.get('name') or found.id}”" if found is not None else str(plan.filter_set_id)
    return name if plan.filter_set_version is None else f"{name}, version {plan.filter_set_version}"
