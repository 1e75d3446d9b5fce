"""File upload: one or more files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ..items import QuestionItem
from .form_fields import QUESTION, FormField, Values
from .item_rules import Problem, is_count, no_advice, question_text
from .item_type import QuestionType, as_given, question_title
from .method_call import MethodCall
from .question import Question


@dataclass(frozen=True)
class FileUpload(QuestionItem):
    """One or more files; the types are extensions with their dot."""

    type: ClassVar[str] = "file_upload"
    accepted_file_types: tuple[str, ...] | None = None
    max_file_count: int | None = None


def _rules(item: FileUpload) -> Iterator[Problem]:
    yield from question_text(item)
    if item.accepted_file_types is not None and not item.accepted_file_types:
        yield "No file type is accepted.", 'Name some, as in types=[".jpg", ".png"].'
    for extension in item.accepted_file_types or ():
        if not re.fullmatch(r"\.\w+", extension):
            yield f"{extension!r} is not a valid file extension.", 'Write it with its dot, as in ".jpg".'
    if item.max_file_count is not None and not is_count(item.max_file_count):
        yield f"max_files is {item.max_file_count}, which is not a valid number of files.", "Allow 1 file or more."


def _code(item: FileUpload) -> MethodCall:
    named = {"types": item.accepted_file_types, "max_files": item.max_file_count}
    return MethodCall("upload", (item.description,), named)


def _to_form(item: FileUpload) -> Values:
    types = " ".join(item.accepted_file_types or ())
    return {"question": item.description, "types": types, "files": item.max_file_count or 0}


def _from_form(values: Values) -> FileUpload:
    types = tuple(values["types"].replace(",", " ").split())
    return FileUpload(values["question"], types or None, values["files"] or None)


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
        FormField("files", "At most", "number", "Files; 0: Prolific's default", most=100),
    ),
    to_form=_to_form,
    from_form=_from_form,
    question=lambda item: Question(item.description, "file", item.type),
    inputs=frozenset({"file"}),
    columns=("file_name", "file_key"),
)
