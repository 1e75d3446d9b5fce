"""Moments as requests write them, and in the form in which records hold theirs."""

from __future__ import annotations

from datetime import UTC, datetime

from .http_error import HTTPError


def read(name: str, text: str | None, example: str) -> datetime:
    """The moment in UTC that a field or parameter holds; without a zone it is meant in UTC.

    Raises
    ------
    HTTPError
        400 if it is none.
    """
    try:
        told = datetime.fromisoformat(text or "")
        return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # the second for a day that is in no year of UTC's
        sentence = f"{name} is {text!r}, which is no moment. Send for example {example}."
        raise HTTPError(400, sentence, {name: [sentence]}) from None


def as_record(name: str, text: str | None) -> str:
    """The same as records hold it, so that both can be compared as texts; "" for none."""
    if text is None:
        return ""
    return read(name, text, "2026-01-05T09:00:00Z").isoformat(timespec="milliseconds").replace("+00:00", "Z")
