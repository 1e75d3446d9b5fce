"""The participant filters that the sandbox knows: a small part of Prolific's catalogue."""

from __future__ import annotations

from typing import Any

Definition = dict[str, Any]

_COUNTRIES = """
United Kingdom, United States, Ireland, Germany, Australia, Afghanistan, Albania, Algeria, Argentina, Armenia,
Austria, Azerbaijan, Bahrain, Bangladesh, Belarus, Belgium, Bolivia, Bosnia and Herzegovina, Botswana, Brazil,
Bulgaria, Cambodia, Cameroon, Canada, Chile, China, Colombia, Costa Rica, Croatia, Cuba, Cyprus, Czech Republic,
Denmark, Dominican Republic, Ecuador, Egypt, El Salvador, Estonia, Ethiopia, Finland, France, Georgia, Ghana, Greece,
Guatemala, Honduras, Hong Kong, Hungary, Iceland, India, Indonesia, Iran, Iraq, Israel, Italy, Jamaica, Japan, Jordan,
Kazakhstan, Kenya, Kuwait, Kyrgyzstan, Latvia, Lebanon, Libya, Lithuania, Luxembourg, Madagascar, Malawi, Malaysia,
Malta, Mauritius, Mexico, Moldova, Mongolia, Montenegro, Morocco, Mozambique, Myanmar, Namibia, Nepal, Netherlands,
New Zealand, Nicaragua, Niger, Nigeria, North Macedonia, Norway, Oman, Pakistan, Panama, Paraguay, Peru, Philippines,
Poland, Portugal, Qatar, Romania, Russia, Rwanda, Saudi Arabia, Senegal, Serbia, Singapore, Slovakia, Slovenia, South
Africa, South Korea, Spain, Sri Lanka, Sudan, Sweden, Switzerland, Syria, Taiwan, Tanzania, Thailand, Tunisia, Turkey,
Uganda, Ukraine, United Arab Emirates, Uruguay, Uzbekistan, Venezuela, Vietnam, Yemen, Zambia, Zimbabwe
"""
_LANGUAGES = "English, German, French, Spanish, Polish, Arabic, Dutch, Hindi, Italian, Japanese, Korean, Portuguese"
LISTED_CHOICES = 50
"""The catalogue leaves out longer lists of choices, as Prolific's may; they are listed separately."""


def _select(ident: str, title: str, question: str, labels: str, most: int | None = None) -> Definition:
    names = [label.strip() for label in labels.split(",")][:most]
    choices = {str(number): label for number, label in enumerate(names)}
    return _definition(ident, title, "select", question, "ChoiceID") | {"choices": choices}


def _range(ident: str, title: str, question: str, low: int, high: int) -> Definition:
    return _definition(ident, title, "range", question, "integer") | {"min": low, "max": high}


def _definition(ident: str, title: str, kind: str, question: str, data_type: str) -> Definition:
    return {"filter_id": ident, "title": title, "type": kind, "question": question, "data_type": data_type}


def _listing(ident: str, title: str, data_type: str) -> Definition:
    return _definition(ident, title, "select", title, data_type)


DEFINITIONS: tuple[Definition, ...] = (
    _range("age", "Age", "What is your date of birth?", 18, 100),
    _select(
        "current-country-of-residence",
        "Current country of residence",
        "In what country do you currently live?",
        _COUNTRIES,
        5,
    ),
    _select("fluent-languages", "Fluent languages", "Which of these languages are you fluent in?", _LANGUAGES, 5),
    _range("approval_rate", "Approval rate", "Which share of your submissions was approved?", 0, 100),
    _range("approval_numbers", "Number of approvals", "How many of your submissions were approved?", 0, 10_000),
    _select("sex", "Sex", "What is your sex, as recorded on legal documents?", "Male, Female"),
    _select("nationality", "Nationality", "What is your nationality?", _COUNTRIES),
    _select("first-language", "First language", "What is your first language?", _LANGUAGES),
    _select("student-status", "Student status", "Are you a student?", "Yes, No"),
    _select(
        "employment-status",
        "Employment status",
        "What is your employment status?",
        "Full-time, Part-time, Due to start a new job, Unemployed and job seeking, Not in paid work, Other",
    ),
    _select("handedness", "Handedness", "Are you left or right handed?", "Left, Right, Ambidextrous"),
    _listing("previous_studies_allowlist", "Took part in one of these studies", "StudyID"),
    _listing("previous_studies_blocklist", "Exclude participants of these studies", "StudyID"),
    _listing("participant_group_allowlist", "Is in one of these participant groups", "ParticipantGroupID"),
    _listing("participant_group_blocklist", "Exclude members of these participant groups", "ParticipantGroupID"),
    _listing("custom_allowlist", "Only these participants", "ParticipantID"),
    _listing("custom_blocklist", "Exclude these participants", "ParticipantID"),
)
BY_ID = {each["filter_id"]: each for each in DEFINITIONS}


def listed(definition: Definition) -> Definition:
    """The filter as the catalogue lists it: without a long list of choices."""
    if len(definition.get("choices", ())) <= LISTED_CHOICES:
        return definition
    return {name: value for name, value in definition.items() if name != "choices"}


def matching(words: str) -> list[Definition]:
    """The filters that a search finds, each with at most three matching choices.

    Examples
    --------
    >>> [each["filter_id"] for each in matching("STUDENT status")]
    ['student-status']
    """
    wanted = words.casefold().split()
    return [_preview(each, wanted) for each in DEFINITIONS if wanted and _fits(_text(each), wanted)]


def matching_choices(definition: Definition, words: str) -> list[Definition]:
    """The choices of a filter with all words in their label, as ``id, label``."""
    wanted = words.casefold().split()
    return [each for each in choices(definition) if wanted and _fits(each["label"], wanted)]


def choices(definition: Definition) -> list[Definition]:
    """All choices of a filter, as ``id, label``."""
    return [{"id": ident, "label": label} for ident, label in definition.get("choices", {}).items()]


def _text(definition: Definition) -> str:
    parts = [definition["filter_id"], definition["title"], definition["question"]]
    return " ".join([*parts, *definition.get("choices", {}).values()])


def _fits(text: str, wanted: list[str]) -> bool:
    return all(word in text.casefold() for word in wanted)


def _preview(definition: Definition, wanted: list[str]) -> Definition:
    if definition["type"] == "range":
        return {**definition, "choices_included": False}
    found = [each for each in choices(definition) if any(word in each["label"].casefold() for word in wanted)][:3]
    shown = {each["id"]: each["label"] for each in found}
    return {**definition, "choices": shown, "choices_included": definition["data_type"] == "ChoiceID"}
