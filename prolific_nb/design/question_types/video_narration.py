"""Video narration: the participant records a video and speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..items import QuestionItem
from .form_fields import HELPER, QUESTION, Values
from .item_rules import no_advice, question_text
from .item_type import QuestionType, as_given, question_title
from .method_call import MethodCall
from .question import Question


@dataclass(frozen=True)
class VideoNarration(QuestionItem):
    """A video in which the participant says what they think; Prolific documents no limits of it."""

    type: ClassVar[str] = "video_narration"
    helper_text: str | None = None


def _code(item: VideoNarration) -> MethodCall:
    return MethodCall("narrate", (item.description,), {"helper": item.helper_text, "extra": item.extra or None})


def _to_form(item: VideoNarration) -> Values:
    return {"question": item.description, "helper": item.helper_text or ""}


def _from_form(values: Values) -> VideoNarration:
    return VideoNarration(values["question"], values["helper"] or None)


VIDEO_NARRATION = QuestionType(
    item=VideoNarration,
    rules=question_text,
    advice=no_advice,
    code=_code,
    changes=as_given,
    templates={"Video narration": lambda _: VideoNarration("")},
    label=lambda _: "video",
    title=question_title,
    fields=(QUESTION, HELPER),
    to_form=_to_form,
    from_form=_from_form,
    question=lambda item: Question(item.description, "file", item.type),
    inputs=frozenset({"file"}),
    # The form of its answers is undocumented; a file like those of an upload is the expectation.
    columns=("file_name", "file_key"),
)
