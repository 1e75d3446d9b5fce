"""What a study asks of a person: words to read, questions to answer, texts to write; and what it pays, from when on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

_TAG = re.compile(r"<[^>]*>")
_WRITTEN = ("free_text", "multiple_choice_with_free_text")


@dataclass(frozen=True)
class QuestionLoad:
    """One question.

    Parameters
    ----------
    words : int
        Of the question and its options.
    written : bool
        Whether a text is typed.
    least, most : int
        Characters allowed; `most` 0 for any number.
    """

    words: int
    written: bool
    least: int = 0
    most: int = 0


@dataclass(frozen=True)
class Workload:
    """One study.

    Parameters
    ----------
    tasks : tuple of tuple of int
        Words shown by each task of each group.
    questions : tuple of QuestionLoad
    introduction : int
        Words of the introduction and the steps.
    pay : float
        Reward per estimated hour, as a multiple of the recommended one.
    begins : float
        Hours since midnight UTC at the publication.
    devices : tuple of str
        Devices admitted; empty for all.
    """

    tasks: tuple[tuple[int, ...], ...]
    questions: tuple[QuestionLoad, ...] = ()
    introduction: int = 0
    pay: float = 1.0
    begins: float = 0.0
    devices: tuple[str, ...] = ()


def plain(html: str) -> str:
    """The text of some HTML as it is read: without tags, and with the characters that its entities stand for.

    Examples
    --------
    >>> plain("Fish<br>&amp; chips")
    'Fish & chips'
    """
    return unescape(_TAG.sub(" ", html))


def words_in(texts: Iterable[object]) -> int:
    """Number of words of some texts, which may be HTML.

    Examples
    --------
    >>> words_in(["<p>Read each <b>review</b> now.</p>", None, 7])
    5
    """
    return sum(len(plain(str(each)).split()) for each in texts if each is not None)


def is_written(question: Mapping[str, Any]) -> bool:
    """Whether a text is typed for each answer."""
    return question["type"] in _WRITTEN and (question.get("validation") or {}).get("type") != "number"


def question_load(question: Mapping[str, Any]) -> QuestionLoad:
    """The load of one question of a layout."""
    options = [option["label"] for option in question.get("options") or ()]
    rule = question.get("validation") or {}
    least, most = (int(rule.get(end) or 0) for end in ("min", "max"))
    return QuestionLoad(words_in([question.get("description", ""), *options]), is_written(question), least, most)


def words_of_tasks(groups: Iterable[Sequence[Mapping[str, Any]]], shown: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Words in the fields `shown` of each datapoint of each group."""
    return tuple(tuple(words_in(point.get(name) for name in shown) for point in points) for points in groups)
