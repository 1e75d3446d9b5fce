"""The task as a value: questions, layout, rules, codebook and code. Standard library only."""

from .codebook import Codebook, Question, text_of
from .design import Design

__all__ = ["Codebook", "Design", "Question", "text_of"]
