"""Printed tables with published answers, as long frames; each function names where its table is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd


def long(rows: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """From one sequence of labels per annotator, "." where there is none."""
    given = [(unit, who, label) for who, labels in rows.items() for unit, label in enumerate(labels) if label != "."]
    return pd.DataFrame(given, columns=["row", "participant_id", "value"])


def from_counts(counts: Sequence[Sequence[int]]) -> pd.DataFrame:
    """From units × categories counts; who gave which label is not printed and does not matter."""
    units = [[str(k) for k, n in enumerate(row) for _ in range(n)] for row in counts]
    given = [(unit, f"r{who}", label) for unit, labels in enumerate(units) for who, label in enumerate(labels)]
    return pd.DataFrame(given, columns=["row", "participant_id", "value"])


def krippendorff_four() -> pd.DataFrame:
    """Krippendorff 2011, section C: four observers, twelve units, one of them with a single label."""
    return long({"A": "123321412...", "B": "1233224125.3", "C": ".3332342251.", "D": "12332441251."})


def krippendorff_binary() -> pd.DataFrame:
    """Krippendorff 2011, section A."""
    return long({"Meg": "0100000010", "Owen": "1110010000"})


def krippendorff_nominal() -> pd.DataFrame:
    """Krippendorff 2011, section B."""
    return long({"Ben": "aabbdcccedda", "Gerry": "babbbccceddd"})


# Fleiss 1971, table 1: 30 patients, 6 psychiatrists; depression, personality disorder, schizophrenia, neurosis, other.
FLEISS = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006
10050 11040 03300 10050 02031 00501 30012 51000 02040 10203
00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""


def fleiss() -> pd.DataFrame:
    """Fleiss 1971, table 1."""
    return from_counts([[int(n) for n in row] for row in FLEISS.split()])


def fourteen() -> pd.DataFrame:
    """Wikipedia, "Fleiss' kappa": 14 raters, 10 subjects, 5 categories."""
    return from_counts(
        [
            [0, 0, 0, 0, 14],
            [0, 2, 6, 4, 2],
            [0, 0, 3, 5, 6],
            [0, 3, 9, 2, 0],
            [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0],
            [3, 2, 6, 3, 0],
            [2, 5, 3, 2, 2],
            [6, 5, 2, 1, 0],
            [0, 2, 2, 3, 7],
        ]
    )


def paradox() -> pd.DataFrame:
    """Feinstein & Cicchetti 1990, as in Gwet 2002: 94.4 % agreement and a negative κ."""
    return long({"one": "+" * 123 + "-" * 2, "two": "+" * 118 + "-" * 5 + "+" * 2})


def from_table(table: Mapping[tuple[object, object], int]) -> pd.DataFrame:
    """From how often the first of two annotators said one thing and the second another."""
    pairs = [pair for pair, n in table.items() for _ in range(n)]
    given = [(unit, who, label) for unit, pair in enumerate(pairs) for who, label in zip("ab", pair, strict=True)]
    return pd.DataFrame(given, columns=["row", "participant_id", "value"])


def grants() -> pd.DataFrame:
    """Wikipedia, "Cohen's kappa": 50 grant proposals."""
    return from_table({("Yes", "Yes"): 20, ("Yes", "No"): 5, ("No", "Yes"): 10, ("No", "No"): 15})


def sas() -> pd.DataFrame:
    """SAS PROC FREQ: three ordered categories, the first never chosen by both."""
    return from_table({(0, 1): 4, (0, 2): 1, (1, 1): 8, (2, 1): 1, (2, 2): 5})


def shrout_fleiss() -> pd.DataFrame:
    """Shrout & Fleiss 1979, table 2: six targets, four judges."""
    rows = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    given = [(unit, f"J{who}", x) for unit, row in enumerate(rows) for who, x in enumerate(row)]
    return pd.DataFrame(given, columns=["row", "participant_id", "value"])


def as_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with numbers for labels."""
    return frame.assign(value=frame["value"].astype(int))
