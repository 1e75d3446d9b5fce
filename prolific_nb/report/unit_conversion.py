"""Numeric answers converted to one unit of measurement."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..analysis.label_text import absent
from .formatting import quote_list


def why_no_numbers(part: pd.DataFrame, label: str, units: Mapping[str, float] | None) -> str:
    """Why these answers cannot be converted to one unit; empty if they can."""
    used = _units_in_use(part, label)
    if units is None and len(used) > 1:
        example = ", ".join(f"{unit!r}: …" for unit in used)
        return (
            f"its numbers are in {len(used)} units ({quote_list(used)}), which cannot be compared directly; pass the "
            f"factor of each: agreement(frame, units={{{example}}})"
        )
    unknown = [unit for unit in used if unit not in units] if units is not None and len(used) > 1 else []
    if unknown:
        return f"units= has no factor for {quote_list(unknown)}; add it"
    return ""


def converted(part: pd.DataFrame, label: str, units: Mapping[str, float] | None) -> tuple[pd.Series, tuple[str, ...]]:
    """The numbers in one unit, nan for an answer that is not a number, and sentences on the changes.

    Parameters
    ----------
    part : DataFrame
        Answers to one question. With ``label="value"`` the column `number` is used if there is one; else the labels.
    label : str
        The column of the answers.
    units : mapping, optional
        Factor that converts each unit to a common one.
    """
    tidy = label == "value" and "number" in part.columns
    given = part["number"] if tidy else pd.to_numeric(part[label].astype(object), errors="coerce")
    numbers = given.astype("Float64").astype(float)
    notes = []
    invalid = ~absent(part[label]) & np.isnan(numbers.to_numpy())
    if invalid.any():
        words = list(dict.fromkeys(map(str, part[label].astype(object)[invalid])))
        notes.append(f"Left out, because they are not numbers: {quote_list(words)}.")
    used = _units_in_use(part, label)
    if units is not None and len(used) > 1:
        numbers = numbers * part["number_unit"].astype(object).map(dict(units)).astype(float)
        notes.append(f"Converted to one unit: {', '.join(f'1 {unit} = {units[unit]:g}' for unit in used)}.")
        if unsaid := int((part["number_unit"].isna().to_numpy() & given.notna().to_numpy()).sum()):
            notes.append(f"{unsaid} left out because no unit was given.")
    return numbers, tuple(notes)


def _units_in_use(part: pd.DataFrame, label: str) -> list[str]:
    if label != "value" or "number_unit" not in part.columns:
        return []
    return sorted(map(str, part["number_unit"].dropna().unique()))
