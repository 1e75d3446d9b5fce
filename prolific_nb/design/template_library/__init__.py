"""Designs to start from: those of this package, and one's own."""

from .built_in_templates import TEMPLATES
from .saved_templates import delete_template, save_template, template, templates

__all__ = ["TEMPLATES", "delete_template", "save_template", "template", "templates"]
