"""What a participant sees: one datapoint and one layout, both plain JSON, as an HTML document."""

from .document import document
from .screens import Marks

__all__ = ["Marks", "document"]
