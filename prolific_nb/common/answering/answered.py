"""The values of a form, the answers read from it, and the faults found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class UploadedFile:
    """One chosen file.

    Parameters
    ----------
    file_name : str
        As on the person's machine, without folders.
    content_type : str
        Such as ``"image/png"``.
    size : int
        Bytes.
    file_key : str
        Its key where it is kept; "" if it is not kept.
    """

    file_name: str
    content_type: str
    size: int
    file_key: str = ""


Entered = Mapping[str, Sequence[str | UploadedFile]]
"""All values of each input, by the names of `prolific_nb.common.render.document`; inputs without a value may lack."""


@dataclass(frozen=True)
class Fault:
    """Why what was entered is not an answer to a question.

    Parameters
    ----------
    name : str
        Name of the question's input.
    question : str
        Its text.
    words : str
        A sentence for the person who answers, such as “Choose an option.”
    """

    name: str
    question: str
    words: str


@dataclass(frozen=True)
class Answered:
    """What was read from a form.

    Parameters
    ----------
    answers : mapping of str to list of dict
        The elements of each answer, by the name of its input; questions with a fault are left out.
    faults : tuple of Fault
        In reading order; empty if every question has an answer.
    """

    answers: Mapping[str, list[dict[str, Any]]]
    faults: tuple[Fault, ...]
