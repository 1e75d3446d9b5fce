"""Who may take part in a study: its filters, and whether they exist and leave enough participants."""

from .participant_filter import Filter, FilterGroup, OtherFilter

__all__ = ["Filter", "FilterGroup", "OtherFilter"]
