"""The one place where cells are made of records that were not parsed as CSV."""

from __future__ import annotations

from collections.abc import Sequence

from ...common.findings import Finding
from ..csv_format import Cells


def table_of(
    header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int], findings: Sequence[Finding]
) -> Cells:
    """Cells with these column names, rows, row numbers and findings."""
    return Cells(list(header), [list(row) for row in rows], list(numbers), list(findings))
