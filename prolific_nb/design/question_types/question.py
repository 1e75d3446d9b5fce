"""A question of the codebook, and the level of measurement that each kind of answer has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal

from ...errors import ArgumentError
from ..items import Value

Kind = Literal["single", "many", "scale", "number", "text", "file"]
"""How answers to a question are read."""

Level = Literal["nominal", "ordinal", "set", "interval"]
"""Level of measurement at which agreement is computed."""

LEVELS: Mapping[Kind, Level | None] = MappingProxyType(
    {"single": "nominal", "many": "set", "scale": "ordinal", "number": "interval", "text": None, "file": None}
)
"""The level of each kind of answer; None where agreement cannot be computed without coding the answers first."""


def text_of(value: Value) -> str:
    """The string for the value of an answer in the codebook, the tidy frame and the report.

    Examples
    --------
    >>> [text_of(value) for value in ("good", True, 1, 1.0, 0.5)]
    ['good', 'true', '1', '1', '0.5']
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, int) or value.is_integer() else repr(value)


def no_such_question(text: str, known: Iterable[str]) -> str:
    """The message that there is no question with this text, naming similar ones, or all if none is similar.

    Examples
    --------
    >>> print(no_such_question("Goood?", ["Good?", "Why?"]))
    There is no question 'Goood?'. Did you mean 'Good?'?
    """
    known = list(known)
    # Hardly similar ones are better than none, but no help beside one that differs by a typing error.
    near = get_close_matches(str(text), known, cutoff=0.8) or get_close_matches(str(text), known, cutoff=0.3)
    if near:
        return f"There is no question {text!r}. Did you mean {' or '.join(map(repr, near))}?"
    listed = f"The questions are {', '.join(map(repr, known))}." if known else "No questions were asked."
    return f"There is no question {text!r}. {listed}"


@dataclass(frozen=True)
class Question:
    """One question as it was asked.

    Parameters
    ----------
    question : str
        Its text.
    kind : {"single", "many", "scale", "number", "text", "file"}
        How its answers are read; a scale is a single choice among ordered options.
    type : str
        Prolific's name of the type, such as ``"multiple_choice"``.
    options, labels : tuple
        Values offered and the labels shown for them, in order, of the same length.
    limit : int, optional
        How many options may be picked; None is any number.
    units : tuple of str
        Units a number may be given in.
    instruction_id : str, optional
        The server's ID, known once the batch exists.
    right : str, optional
        Of an attention check: the value of the option that is right. It is never sent to Prolific.
    gold : tuple of (str, str)
        Keys of rows whose answer is known, each with that answer. They are never sent to Prolific. The ``repr`` has
        neither these nor `right`.

    Raises
    ------
    ValueError
        If the kind is unknown.
    """

    question: str
    kind: Kind
    type: str
    options: tuple[Value, ...] = ()
    labels: tuple[str, ...] = ()
    limit: int | None = None
    units: tuple[str, ...] = ()
    instruction_id: str | None = None
    right: str | None = field(default=None, repr=False)  # a saved notebook, or a log, does not show what is right
    gold: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.kind not in LEVELS:
            raise ArgumentError(f"{self.kind!r} is not a valid kind of question. Use one of {', '.join(LEVELS)}.")
