"""The task as a value: questions, layout, rules, codebook and code. Standard library only."""

from .codebook import Codebook, Question, text_of
from .design import Design
from .outline import OutlineEntry as Entry
from .templates import TEMPLATES, template

__all__ = ["TEMPLATES", "Codebook", "Design", "Entry", "Question", "template", "text_of"]
