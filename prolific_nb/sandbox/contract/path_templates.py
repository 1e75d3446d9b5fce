"""Paths with parameters in braces, and which of them the path of a request is."""

from __future__ import annotations

import re
from collections.abc import Iterable


class PathTemplates:
    """Path templates, of which those with fewer parameters are tried first, since they are more specific.

    Examples
    --------
    >>> PathTemplates(["/studies/{id}/", "/studies/new/"]).find("/studies/new")
    '/studies/new/'
    """

    def __init__(self, templates: Iterable[str]) -> None:
        self._patterns = [(_pattern(each), each) for each in sorted(templates, key=lambda each: each.count("{"))]

    def find(self, path: str) -> str | None:
        """The template of a path, with or without its final slash."""
        return next((template for pattern, template in self._patterns if pattern.fullmatch(path)), None)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template.rstrip("/"))) + "/?")
