"""What a participant sees: one datapoint and one layout, both plain JSON, as an HTML document."""

from .content import allowed_attributes, removed_parts
from .document import document
from .form import form, style
from .screens import Marks

__all__ = ["Marks", "allowed_attributes", "document", "form", "removed_parts", "style"]
