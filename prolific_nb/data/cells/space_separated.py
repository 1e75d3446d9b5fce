"""Spaces where the rules of CSV do not have them: between cells, and before quotation marks."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ...common.findings import Finding
from .cell_classes import cell_class, strict_class
from .csv_blocks import Text, lines

_SAMPLE = 100
_SPACED_QUOTE = re.compile(r" +\"(?!\")")


def about_spaces(text: Text) -> Iterator[Finding]:
    """A warning if a file of one column seems to have several that are separated by spaces.

    R's write.table and many scientific programs write them. Sentences may have equally many words, so at least one
    column must be of numbers, dates, links or codes.
    """
    sample = (line.strip() for line in islice(lines(text), _SAMPLE) if line.strip())
    header, *rows = list(csv.reader(sample, delimiter=" ", skipinitialspace=True)) or [[]]
    width = len(rows[0]) if rows else 0
    if len(rows) < 2 or len(header) < 2 or width - len(header) not in (0, 1):  # R writes no name above row names
        return
    if any(len(row) != width for row in rows) or any(map(cell_class, header)):
        return
    if any(strict_class(column) for column in zip(*rows, strict=True)):
        what = f"The cells seem to be separated by spaces; the header is then {', '.join(map(repr, header[:8]))}."
        remedy = r'Pass read_data(pd.read_csv(path, sep=r"\s+", dtype=str, keep_default_na=False)) if they are.'
        yield Finding("warning", what, remedy, row=1)


def about_spaced_quotes(records: Iterable[Sequence[str]], delimiter: str) -> Iterator[Finding]:
    """A warning if there are spaces between delimiters and quotation marks, which then do not enclose a cell."""
    found = [number for number, record in enumerate(records, 1) if any(map(_SPACED_QUOTE.match, record[1:]))]
    if found:
        separator = "" if delimiter == "," else f", sep={delimiter!r}"
        what = "Cells begin with a space before the quotation mark, so the marks are part of the text."
        call = f"pd.read_csv(path, dtype=str, keep_default_na=False, skipinitialspace=True{separator})"
        yield Finding("warning", what, f"Remove the spaces, or pass read_data({call}).", row=found[0])
