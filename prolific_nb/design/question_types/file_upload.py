"""File upload: one or more files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ..items import QuestionItem, require_finite
from .form_fields import HELPER, QUESTION, FormField, Values
from .item_rules import Problem, is_count, no_advice, question_text
from .item_type import QuestionType, as_given, question_title
from .method_call import MethodCall
from .question import Question

_MOST = 10
"""Files that Prolific accepts at most, unless the item says otherwise."""


@dataclass(frozen=True)
class FileUpload(QuestionItem):
    """One or more files; the types are extensions with their dot."""

    type: ClassVar[str] = "file_upload"
    accepted_file_types: tuple[str, ...] | None = None
    max_file_count: int | None = None
    min_file_count: int | None = None
    max_file_size_mb: float | None = None
    helper_text: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        require_finite(self.max_file_size_mb, "max_mb")


def _rules(item: FileUpload) -> Iterator[Problem]:
    yield from question_text(item)
    if item.accepted_file_types is not None and not item.accepted_file_types:
        yield "No file type is accepted.", 'Name some, as in types=[".jpg", ".png"].'
    for extension in item.accepted_file_types or ():
        if not re.fullmatch(r"\.\w+", extension):
            yield f"{extension!r} is not a valid file extension.", 'Write it with its dot, as in ".jpg".'
    counts = {"min_files": item.min_file_count, "max_files": item.max_file_count}
    for name, number in counts.items():
        if number is not None and not is_count(number):
            yield f"{name} is {number}, which is not a valid number of files.", "Allow 1 file or more."
    least, most = item.min_file_count, _MOST if item.max_file_count is None else item.max_file_count
    if least is not None and is_count(least) and is_count(most) and least > most:
        default = " (Prolific's default)" if item.max_file_count is None else ""
        yield f"min_files is {least}, above max_files, {most}{default}.", "Raise max_files or lower min_files."
    size = item.max_file_size_mb
    if size is not None and size <= 0:
        yield f"max_mb is {size}, which is not a valid size of a file.", "Allow more than 0 megabytes."


def _code(item: FileUpload) -> MethodCall:
    counts = {"min_files": item.min_file_count, "max_files": item.max_file_count, "max_mb": item.max_file_size_mb}
    named = {"types": item.accepted_file_types, **counts, "helper": item.helper_text, "extra": item.extra or None}
    return MethodCall("upload", (item.description,), named)


def _to_form(item: FileUpload) -> Values:
    types = " ".join(item.accepted_file_types or ())
    return {
        "question": item.description,
        "types": types,
        "min_files": item.min_file_count or 0,
        "files": item.max_file_count or 0,
        "max_mb": float(item.max_file_size_mb or 0),
        "helper": item.helper_text or "",
    }


def _from_form(values: Values) -> FileUpload:
    types = tuple(values["types"].replace(",", " ").split())
    size = values["max_mb"]
    return FileUpload(
        values["question"],
        types or None,
        values["files"] or None,
        values["min_files"] or None,
        (int(size) if size == int(size) else size) or None,
        values["helper"] or None,
    )


FILE_UPLOAD = QuestionType(
    item=FileUpload,
    rules=_rules,
    advice=no_advice,
    code=_code,
    changes=as_given,
    templates={"File upload": lambda _: FileUpload("")},
    label=lambda _: "files",
    title=question_title,
    fields=(
        QUESTION,
        FormField("types", "File types", hint=".jpg .png; empty: pictures"),
        FormField("min_files", "At least", "number", "Files; 0: Prolific's default, 1", most=100),
        FormField("files", "At most", "number", "Files; 0: Prolific's default, 10", most=100),
        FormField("max_mb", "Size", "decimal", "Megabytes for each file; 0: Prolific's default, 25"),
        HELPER,
    ),
    to_form=_to_form,
    from_form=_from_form,
    question=lambda item: Question(item.description, "file", item.type),
    inputs=frozenset({"file"}),
    columns=("file_name", "file_key"),
)
