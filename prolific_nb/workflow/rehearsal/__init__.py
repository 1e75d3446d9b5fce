"""Rehearsing a study: a finished run in a private sandbox, what it showed, and what may happen to a study."""
