"""What is rehearsed with: a crowd, a scenario, a column of intended answers, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...common.display import quoted

KINDS = {
    "hurried": "hurried",
    "straight_liner": "straight-lining",
    "spammer": "guessing",
    "copy_paste": "pasting texts",
    "dissenter": "with another view",
}
"""The kinds of people beside careful ones, and what the panel calls them."""

OWN = "Own mix"
CROWDS: Mapping[str, Mapping[str, int]] = {
    "Usual": {"hurried": 15, "straight_liner": 4, "spammer": 4, "copy_paste": 3, "dissenter": 4},
    "Mostly careful": {"hurried": 6, "straight_liner": 1, "spammer": 1},
    "Many careless": {"hurried": 20, "straight_liner": 10, "spammer": 15, "copy_paste": 10},
    "People with different views": {"hurried": 10, "dissenter": 35},
}
"""Per cent of each kind, by name of the crowd; the rest are careful. The usual ones are those of `People.mix`."""

SEVERAL = 20


@dataclass(frozen=True)
class Choice:
    """What a rehearsal is made with.

    Parameters
    ----------
    shares : tuple of int
        Per cent of each of `KINDS`; the rest are careful.
    scenario : str
        Its name; "" for nothing unusual.
    truth : str
        The column with the intended answers; "" for none.
    times : int
        How often; 1 for once.

    Examples
    --------
    >>> Choice().crowd, Choice().shared("spammer", 99).crowd
    ('Usual', 'Own mix')
    >>> print(Choice.of("People with different views").words)
    55 % careful, 10 % hurried, 35 % with another view
    """

    shares: tuple[int, ...] = tuple(CROWDS["Usual"].values())
    scenario: str = ""
    truth: str = ""
    times: int = 1

    @classmethod
    def of(cls, crowd: str, **others: Any) -> Choice:
        """With one of `CROWDS`."""
        return cls(tuple(CROWDS[crowd].get(kind, 0) for kind in KINDS), **others)

    @property
    def crowd(self) -> str:
        """The name of the crowd; `OWN` for other shares."""
        return next((name for name in CROWDS if Choice.of(name).shares == self.shares), OWN)

    @property
    def careful(self) -> int:
        """Per cent of careful people."""
        return 100 - sum(self.shares)

    @property
    def words(self) -> str:
        """The shares."""
        named = {"careful": self.careful, **dict(zip(KINDS.values(), self.shares, strict=True))}
        return ", ".join(f"{share} % {kind}" for kind, share in named.items() if share)

    @property
    def title(self) -> str:
        """Crowd, scenario and times in a few words."""
        happens = f", {self.scenario}" if self.scenario else ""
        return f"{self.crowd}{happens}{f', {self.times} times' if self.times > 1 else ''}"

    def with_crowd(self, crowd: str) -> Choice:
        """The same with one of `CROWDS`; another name has no effect."""
        return replace(self, shares=Choice.of(crowd).shares) if crowd in CROWDS else self

    def shared(self, kind: str, share: int) -> Choice:
        """The same with another share of a kind, at most what the others leave."""
        given = dict(zip(KINDS, self.shares, strict=True))
        left = 100 - sum(each for name, each in given.items() if name != kind)
        given[kind] = max(0, min(share, left))
        return replace(self, shares=tuple(given.values()))

    @property
    def mix(self) -> dict[str, float]:
        """Arguments of `People.mix`; careful people are the rest."""
        given = {kind: share / 100 for kind, share in zip(KINDS, self.shares, strict=True) if share}
        return given or {"careful": 1.0}

    @property
    def options(self) -> dict[str, Any]:
        """Arguments of `rehearse` beside the people."""
        return {
            "truth": self.truth or None,
            "scenario": self.scenario or None,
            "times": self.times if self.times > 1 else None,
        }

    @property
    def code(self) -> str:
        """The lines that rehearse ``data, design, plan`` so."""
        mix = ", ".join(f"{kind}={share!r}" for kind, share in self.mix.items())
        given = [f"people=pnb.People.mix({mix})"]
        named = {"truth": self.truth, "scenario": self.scenario}
        given += [f"{name}={quoted(value)}" for name, value in named.items() if value]
        given += [f"times={self.times}"] if self.times > 1 else []
        call = f"rehearsal = pnb.rehearse(data, design, plan, {', '.join(given)})"
        drawn = "axes = rehearsal.plot()\n" if self.times > 1 else ""
        return f"{call}\nprint(rehearsal.words)\n{drawn}"
