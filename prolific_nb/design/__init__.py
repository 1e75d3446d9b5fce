"""The task as a value: questions, layout, rules, codebook and code. Standard library only."""

from .codebook import Codebook, Question, text_of
from .design import Design
from .outline import OutlineEntry as Entry
from .template_library import TEMPLATES, delete_template, save_template, template, templates

__all__ = [
    "TEMPLATES",
    "Codebook",
    "Design",
    "Entry",
    "Question",
    "delete_template",
    "save_template",
    "template",
    "templates",
    "text_of",
]
