"""What a participant sees: one datapoint and one layout, both plain JSON, as an HTML document."""

from .document import document

__all__ = ["document"]
