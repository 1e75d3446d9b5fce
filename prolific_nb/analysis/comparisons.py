"""Reads a long frame of left, right and tie as paired comparisons of items."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..common.arguments import require_choice, require_column
from ..common.findings import Finding
from ..common.plurals import counted
from ..errors import ArgumentError, DataError
from .build_coefficient import excluded_rows
from .counts import Counts, Ints, count, unit_column
from .intervals import Floats, ratio
from .label_codes import codes_of
from .label_text import absent, quoted

Items = Literal["columns", "values"]
CHOICES = ("left", "right", "tie")
_LEFT, _RIGHT, _TIE = range(3)
# With random sides, the share of an item on the left lies in this range; outside it, sides and preference mix.
_BALANCED = (0.4, 0.6)


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Comparisons as codes.

    Parameters
    ----------
    items : tuple, length k
        The items compared.
    units, left, right, choice : ndarray of int64, shape (n_ratings,)
        One entry per comparison: codes of the unit, of the left and of the right item, and of the choice in
        `CHOICES`.
    n_units, n_annotators : int
        Units and annotators.
    notes : tuple of str
        Caveats found while reading.
    """

    items: tuple[Hashable, ...]
    units: Ints
    left: Ints
    right: Ints
    choice: Ints
    n_units: int
    n_annotators: int
    notes: tuple[str, ...]

    @property
    def n_ratings(self) -> int:
        """Comparisons."""
        return len(self.choice)

    def wins(self, weights: Floats) -> Floats:
        """Wins of the row item over the column item; a tie is half a win for each.

        Parameters
        ----------
        weights : ndarray of float64, shape (n, n_units)
            How often each unit counts, for each of n samples.

        Returns
        -------
        ndarray of float64, shape (n, k, k)
        """
        k = len(self.items)
        swapped = self.choice == _RIGHT
        winner, loser = np.where(swapped, self.right, self.left), np.where(swapped, self.left, self.right)
        tie = self.choice == _TIE
        cells = np.concatenate([winner * k + loser, (loser * k + winner)[tie]])
        units = np.concatenate([self.units, self.units[tie]])
        amount = np.concatenate([np.where(tie, 0.5, 1), np.full(np.count_nonzero(tie), 0.5)])
        wins = np.empty((len(weights), k * k))
        for row, each in zip(wins, weights, strict=True):
            row[:] = np.bincount(cells, weights=amount * each[units], minlength=k * k)
        return wins.reshape(len(weights), k, k)

    def left_of_choices(self, weights: Floats) -> Floats:
        """Share of the left side among the choices other than ties, for each of n samples; shape (n,)."""
        lefts, rights = weights @ self._of_units(_LEFT), weights @ self._of_units(_RIGHT)
        return ratio(lefts, lefts + rights)

    def ties_of_all(self, weights: Floats) -> Floats:
        """Share of ties, for each of n samples; shape (n,)."""
        everything = np.bincount(self.units, minlength=self.n_units)
        return ratio(weights @ self._of_units(_TIE), weights @ everything)

    def per_item(self) -> Ints:
        """Wins, ties and losses of each item; shape (3, k)."""
        sides = ((self.left, (_LEFT, _TIE, _RIGHT)), (self.right, (_RIGHT, _TIE, _LEFT)))
        k = len(self.items)
        return np.array(
            [
                sum(np.bincount(side[self.choice == order[place]], minlength=k) for side, order in sides)
                for place in range(3)
            ]
        ).reshape(3, k)

    def _of_units(self, choice: int) -> Floats:
        return np.bincount(self.units[self.choice == choice], minlength=self.n_units).astype(float)


def draw_units(rng: np.random.Generator, n_units: int, size: int) -> Floats:
    """How often each unit is in each resample with replacement, shape (size, n_units)."""
    weights = np.empty((size, n_units))
    for row in weights:
        row[:] = np.bincount(rng.integers(n_units, size=n_units), minlength=n_units)
    return weights


def comparisons(
    frame: pd.DataFrame, left: str, right: str, items: Items, unit: str | None, annotator: str, label: str
) -> Comparisons:
    """Read a frame of comparisons; for parameters and errors see `preference`."""
    require_choice("items", items, ("columns", "values"))
    for name, column in {"left": left, "right": right, "annotator": annotator, "label": label}.items():
        require_column(name, column)
    if left == right:
        raise ArgumentError(f"left and right are both {left!r}; name two columns.")
    unit = unit_column(frame, unit)
    _refuse_unknown(frame, label)
    if items == "columns":
        _refuse_names_in_cells(frame, unit, left, right)
    counts = count(frame, unit=unit, annotator=annotator, label=label, categories=CHOICES, duplicates="keep")
    if items == "columns":
        names: tuple[Hashable, ...] = (left, right)
        one, other = np.zeros(counts.n_ratings, dtype=np.int64), np.ones(counts.n_ratings, dtype=np.int64)
    else:
        used = ~np.any([absent(frame[name]) for name in (unit, annotator, label)], axis=0)
        one, other, names = _item_codes(frame, used, left, right)
    _refuse_repeats(counts, one, other, names)
    choice = counts.labels.astype(np.int64)
    notes = [*_of_ties(choice), *_of_names(frame, left, right, items), *_of_sides(one, other, names, items)]
    return Comparisons(
        items=names,
        units=counts.units.astype(np.int64),
        left=one,
        right=other,
        choice=choice,
        n_units=counts.n_units,
        n_annotators=counts.n_annotators,
        notes=(*notes, *excluded_rows(counts)),
    )


def _refuse_unknown(frame: pd.DataFrame, label: str) -> None:
    if list(frame.columns).count(label) != 1:
        return  # `count` reports the problem
    given = frame[label][~absent(frame[label])]
    unknown = list({str(each): each for each in given if not (isinstance(each, str) and each in CHOICES)}.values())
    if unknown:
        what = f"{quoted(unknown)} is not a valid choice; use 'left', 'right' or 'tie'."
        remedy = "Select the answers to one question made with design.compare, or rename these labels."
        raise DataError("The frame", [Finding("error", what, remedy, column=label)])


def _refuse_names_in_cells(frame: pd.DataFrame, unit: str, left: str, right: str) -> None:
    """Raise if the columns taken as items contain names of items: a few values over and over, not texts to compare.

    Each column would be scored as an item, although the items change sides within it, so that a loser could win.
    """
    if not {unit, left, right} <= set(frame.columns) or len({unit, left, right}) < 3:
        return
    shown = frame[[unit, left, right]].drop_duplicates(unit)
    cells = pd.concat([shown[name][~absent(shown[name])].astype(object) for name in (left, right)])
    names = pd.Index(cells.astype(str).unique())
    if not len(names) or 2 * len(names) > len(cells):
        return
    what = f"Columns {left!r} and {right!r} contain {quoted(names)} over and over, like names of items or labels."
    remedy = (
        "To compare what the cells name, pass items='values'. To compare the columns themselves, leave the cells out: "
        f"preference(frame.drop(columns=[{left!r}, {right!r}]), ...)."
    )
    raise DataError("The frame", [Finding("error", what, remedy, column=left)])


def _item_codes(
    frame: pd.DataFrame, used: npt.NDArray[np.bool_], left: str, right: str
) -> tuple[Ints, Ints, tuple[Hashable, ...]]:
    """Codes of the left and of the right item of each comparison, and the sorted names of the items."""
    found = []
    for option, name in {"left": left, "right": right}.items():
        if list(frame.columns).count(name) != 1:
            what = f"There is no single column {name!r} for the item on the {option}."
            remedy = (
                "Join the columns of the data to the answers, or pass items='columns' if the columns are the items."
            )
            found.append(Finding("error", what, remedy, column=name))
    if found:
        raise DataError("The frame", found)
    sides = [frame[name].astype(object).mask(absent(frame[name]))[used] for name in (left, right)]
    try:
        codes, names = codes_of(pd.concat(sides, ignore_index=True))
        order = np.array(sorted(range(len(names)), key=lambda code: (str(type(names[code])), names[code])), dtype=int)
    except TypeError as error:
        what = f"{left!r} and {right!r} do not contain names that can be sorted: {error}."
        remedy = f"Use one name per cell, such as a string: frame[{left!r}].map(str)."
        raise DataError("The frame", [Finding("error", what, remedy, column=left)]) from error
    one, other = np.split(codes.astype(np.int64), 2)
    for name, side in zip((left, right), (one, other), strict=True):
        if (side < 0).any():
            what = f"{counted(int((side < 0).sum()), 'comparison')} without the name of an item."
            found.append(Finding("error", what, "Fill it in, or drop these rows.", column=name))
    if same := int(((one == other) & (one >= 0)).sum()):
        what = f"{counted(same, 'comparison')} of an item with itself."
        found.append(Finding("error", what, "Drop these rows, and check that both columns contain names of items."))
    if found:
        raise DataError("The frame", found)
    place = np.argsort(order)
    return place[one], place[other], tuple(names[order])


def _refuse_repeats(counts: Counts, one: Ints, other: Ints, names: tuple[Hashable, ...]) -> None:
    pairs = np.minimum(one, other) * len(names) + np.maximum(one, other)
    keys = pd.DataFrame({"unit": counts.units, "annotator": counts.annotators, "pair": pairs})
    again = np.flatnonzero(keys.duplicated())
    if len(again):
        who = quoted(counts.annotator_names[counts.annotators[again[:1]]])
        unit = quoted(counts.unit_names[counts.units[again[:1]]])
        number = counted(len(again), "answer")
        what = f"{number} about a pair that the annotator had already compared, the first by {who} on {unit}."
        raise DataError("The frame", [Finding("error", what, "Keep one answer per pair, or check unit=.")])


def _of_ties(choice: Ints) -> list[str]:
    number = int(np.count_nonzero(choice == _TIE))
    return [f"{counted(number, 'tie')}, each counted as half a win for both sides."] if number else []


def _of_names(frame: pd.DataFrame, left: str, right: str, items: Items) -> list[str]:
    """A caveat if the columns taken as items seem to contain the names of items."""
    if items == "values" or not {left, right} <= set(frame.columns):
        return []
    one, other = (pd.Index(frame[name].dropna().map(str).unique()) for name in (left, right))
    shared = one.intersection(other)
    if not len(shared):
        return []
    what = f"{quoted(shared)} is in both {left!r} and {right!r}"
    return [f"{what}; if these columns contain the names of the items, pass items='values'."]


def _of_sides(one: Ints, other: Ints, names: tuple[Hashable, ...], items: Items) -> list[str]:
    """A caveat if position bias cannot be separated from preference."""
    k = len(names)
    lefts, rights = np.bincount(one, minlength=k), np.bincount(other, minlength=k)
    compared = lefts + rights
    share = lefts / np.maximum(compared, 1)
    fixed = np.flatnonzero((compared > 0) & ((lefts == 0) | (rights == 0)))
    cannot = "so position bias cannot be distinguished from preference"
    if items == "columns":
        if not len(one):
            return []
        what = f"{names[0]!r} was always on the left and {names[1]!r} on the right, {cannot}"
        return [f"{what}. Randomise the sides, put the items of each side in a column, and pass items='values'."]
    if len(fixed):
        return [f"Always on the same side: {quoted([names[code] for code in fixed])}, {cannot}."]
    uneven = np.flatnonzero((compared > 0) & ((share < _BALANCED[0]) | (share > _BALANCED[1])))
    if len(uneven):
        what = f"Not equally often on both sides: {quoted([names[code] for code in uneven])}"
        return [f"{what}, so position bias and preference are partly confounded."]
    return []
