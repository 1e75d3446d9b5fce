"""Sentences that name arguments and methods, in the words of the panels: their controls."""

from __future__ import annotations

import ast
import re
from typing import Any

from .control_names import ARGUMENTS, OPTIONS, PHRASES

_VALUE = r"\[[\d, ]+\]|\d+|\"[^\"]*\"|'(?:[^'\\]|\\.)*'"
_OPTION = "|".join(OPTIONS)
_ARGUMENT = "|".join(ARGUMENTS)
_PHRASES: list[tuple[re.Pattern[str], Any]] = [(re.compile(pattern), words) for pattern, words in PHRASES]
_EXAMPLE = re.compile(r",? as in (?:\w+ ?= ?|\w+\(|\.\w+\(|\w+=).*?(?=[.;](?:\s|$)|, unless\b)")
_LEFT_OUT = re.compile(r"\b([Pp])ass skip_rows=\[([\d, ]+)\](?: to leave (?:it|them) out)?")
_PASS = re.compile(rf"\b([Pp]ass|[Tt]ry) ({_OPTION})=({_VALUE})?")
_ALTERNATIVE = re.compile(rf"(,? or|,? and) ({_OPTION})=({_VALUE})")
_GIVEN = re.compile(rf"(?<![\w'\"?&/])({_ARGUMENT})=({_VALUE})?")  # in a URL it is data
_NAMED = re.compile(rf"(?<![\w'\"?&/])({'|'.join(name for name in ARGUMENTS if '_' in name)})\b(?![('\"])")
_HAND_OVER = re.compile(r"\b([Pp])ass (?=(?:the|a|an|its|other|another|one|each)\b)")
_TYPED = re.compile(r"(?:the|an?) (?:whole|number|amount|minutes|rate|IDs?|list|string|range|larger|lowest)\b")

_QUOTED = re.compile(r"\"[^\"]*\"|(?<!\w)'(?:[^'\\]|\\.)*'(?!\w)|“[^”]*”")
_CALL = re.compile(r"[\w.]+\([^()]*\)")
_CODE = re.compile(
    r"\0|\w=|\b(?:pnb|pd|np|run|client|proposal|design|data|frame|df|json)\.\w|\b(?:DataFrame|pandas|json\.dumps)\b"
    r"|^[Pp]ass\b|^[Cc]all\b|(?<![\w/\\.~-])[a-z]+(?:_[a-z]+)+\b(?![/\\]|\.\w)"
)
_SENTENCE = re.compile(r"(?<=[.?!…])\s+(?=[A-Z“])")
_OR = re.compile(r"(?:[,;] or|;) ")
_CLAUSE = re.compile(r"[,;:] ")
_ONLY_A_CONDITION = re.compile(r"(?:If|To|When|For|In|With|As)\b[^,]*$")


def in_panel_words(sentence: str) -> str:
    """A sentence that names the panel's controls where it named arguments and methods.

    Examples
    --------
    >>> in_panel_words("Pass skip_rows=2 to skip them, or skip_rows=0 if row 1 is the header.")
    'Set “Skip rows above the header” to 2 to skip them, or to 0 if row 1 is the header.'
    >>> in_panel_words('apply() refuses to pay more. To insist: proposal.apply(..., again="reason").')
    '“Apply” refuses to pay more. To insist: type the reason under “Reason to repeat”.'
    """
    for pattern, words in _PHRASES:
        sentence = pattern.sub(words, sentence)
    sentence = _EXAMPLE.sub("", sentence)
    sentence = _LEFT_OUT.sub(lambda match: f"{'Leave' if match[1] == 'P' else 'leave'} out rows {match[2]}", sentence)
    first = _PASS.search(sentence)
    before = first[2] if first is not None else ""
    sentence = _ALTERNATIVE.sub(lambda match: _or(match, before), _PASS.sub(_set, sentence))
    sentence = _NAMED.sub(lambda match: f"“{ARGUMENTS[match[1]]}”", _GIVEN.sub(_label, sentence))
    sentence = sentence.replace("read_data(…)", "reading")
    return _HAND_OVER.sub(_enter, sentence)


def names_code(sentence: str) -> bool:
    """Whether a sentence names code; what stands in quotation marks is data.

    Examples
    --------
    >>> names_code("Leave out none=."), names_code("The column 'f(x)=1' is missing.")
    (True, False)
    """
    return _CODE.search(_masked(sentence)) is not None


def without_code(text: str) -> str:
    """The sentences without the clauses that name code.

    Examples
    --------
    >>> without_code("Write one value per key, or pass read_data(pd.json_normalize(x)): its keys are columns.")
    'Write one value per key.'
    >>> without_code("If it is one row, pass read_data(x). Otherwise write a list.")
    'Otherwise write a list.'
    """
    masked, start, kept = _masked(text), 0, []
    for end in [*(gap.start() for gap in _SENTENCE.finditer(masked)), len(text)]:
        kept.append(_plain(text[start:end].strip(), masked[start:end].strip()))
        start = end
    return " ".join(filter(None, kept))


def _plain(sentence: str, masked: str) -> str:
    """The alternatives of a sentence that name no code; of one that does, the clauses before."""
    if _CODE.search(masked) is None:
        return sentence
    start, kept = 0, []
    for gap in [*((gap.start(), gap.end()) for gap in _OR.finditer(masked)), (len(masked), len(masked))]:
        kept.append(_before_code(sentence[start : gap[0]], masked[start : gap[0]]))
        start = gap[1]
    words = ", or ".join(part for part in kept if part[:1].isalpha()).rstrip(" ,;:.")
    return f"{words[0].upper()}{words[1:]}." if words else ""


def _before_code(part: str, masked: str) -> str:
    found = _CODE.search(masked)
    if found is None:
        return part
    ends = [gap.start() for gap in _CLAUSE.finditer(masked, 0, found.start() + 1)]
    kept = part[: ends[-1]] if ends else ""
    return "" if _ONLY_A_CONDITION.match(kept) else kept


def _masked(text: str) -> str:
    """The text with as many characters, without what is quoted, and with calls as NUL."""
    masked = _QUOTED.sub(lambda match: '"' * len(match[0]), text)
    while (shorter := _CALL.sub(lambda match: "\0" * len(match[0]), masked)) != masked:
        masked = shorter
    return masked


def _enter(match: re.Match[str]) -> str:
    verb = "enter " if _TYPED.match(match.string, match.end()) else "choose "
    return verb.capitalize() if match[1] == "P" else verb


def _or(match: re.Match[str], before: str) -> str:
    option = "" if match[2] == before else f"set “{OPTIONS[match[2]]}” "
    return f"{match[1]} {option}to {_value(match[3])}"


def _set(match: re.Match[str]) -> str:
    verb = "Set" if match[1][0].isupper() else "set"
    return f"{verb} “{OPTIONS[match[2]]}”{f' to {_value(match[3])}' if match[3] else ''}"


def _label(match: re.Match[str]) -> str:
    return f"“{ARGUMENTS[match[1]]}”{f' ({_value(match[2])})' if match[2] else ''}"


def _value(value: str) -> str:
    return str(ast.literal_eval(value))
