"""Text measured in points, so that it is wrapped and shrunk alike on every screen and in every file."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from .names import cut_names

LINE = 1.2  # height of a line, in units of the size of its text
SPACING = 1.18  # as set on each text: by default the height of a line depends on its letters and on pixels
SMALLEST = 5.0  # points; smaller text is left out instead
_PIXELS = 9.0  # letters are placed on whole pixels, which makes lines longer by up to this divided by the resolution
# Between two of these letters a line may end: kana, han, hangul, and full-width forms.
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_TOKEN = re.compile(rf" ?(?:[{_WIDE}]|[^ {_WIDE}]+)")
_OTHER = re.compile(r"[^\u0000-\u058f\u0600-\u06ff\u2000-\u22ff]")  # letters that the default font may lack
# Fonts of the common systems that have letters of many scripts.
_FALLBACKS = (
    "Noto Sans CJK JP", "Noto Sans CJK SC", "Source Han Sans", "Hiragino Sans", "PingFang SC", "Yu Gothic",
    "Microsoft YaHei", "WenQuanYi Zen Hei", "Malgun Gothic", "Apple SD Gothic Neo", "Arial Unicode MS",
    "Noto Sans Hebrew", "Noto Sans Arabic", "Noto Sans Devanagari", "Nirmala UI", "Segoe UI",
)  # fmt: skip


def one_line(text: object) -> str:
    """Text without line breaks; a number stays with its unit, and a label with its count."""
    return " ".join(str(text).split()).replace(" %", "\u00a0%").replace(" ×", "\u00a0×")


@dataclass(eq=False)
class Pen:
    """Measures text in the fonts of a plot.

    Parameters
    ----------
    family : tuple of str
        Names of fonts; a letter is taken from the first that has it.
    dpi : float
        Resolution of the figure.
    """

    family: tuple[str, ...]
    dpi: float = 100.0

    @classmethod
    def for_text(cls, texts: Iterable[object]) -> Pen:
        """With the fonts of the session, and, if a letter needs it, those of other scripts that are installed."""
        from matplotlib import rcParams

        family = tuple(rcParams["font.family"])
        return cls(family + _installed() if any(_OTHER.search(str(text)) for text in texts) else family)

    def width(self, text: str, size: float) -> float:
        """Width of the longest line in points."""
        return size * (1 + _PIXELS / self.dpi) * max((_em(line, self.family) for line in text.split("\n")), default=0.0)

    def widest(self, texts: Iterable[str], size: float) -> float:
        """Width of the widest text in points."""
        return max((self.width(text, size) for text in texts), default=0.0)

    def wrap(self, text: object, size: float, room: float, most: int) -> str:
        """At most `most` lines of similar width that fit into `room` points; longer text ends in an ellipsis."""
        lines = self._lines(one_line(text), size, room)
        if len(lines) > most:
            rest = " ".join(lines[most - 1 :])
            return "\n".join([*lines[: most - 1], self.cut(rest, size, room)])
        low, high = 0.5 * room, room
        for _ in range(5 if len(lines) > 1 else 0):
            middle = (low + high) / 2
            narrower = self._lines(one_line(text), size, middle)
            low, high = (middle, high) if len(narrower) > len(lines) else (low, middle)
        return "\n".join(self._lines(one_line(text), size, high))

    def _lines(self, text: str, size: float, room: float) -> list[str]:
        lines, line = [], ""
        for token in _TOKEN.findall(text):
            if self.width((line + token).strip(), size) <= room:
                line += token
                continue
            if line.strip():
                lines.append(line.strip())
            line = token.lstrip()
            while len(line) > 1 and self.width(line, size) > room:
                n = self._fitting(line, size, room)
                lines.append(line[:n])
                line = line[n:]
        return [*lines, line.strip()] if line.strip() else lines

    def _fitting(self, text: str, size: float, room: float) -> int:
        """How many of the first characters fit, at least 1."""
        low, high = 1, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.width(text[:middle], size) <= room else (low, middle - 1)
        return low

    def cut(self, text: str, size: float, room: float) -> str:
        """One line that ends in an ellipsis if it does not fit, after a whole word where that leaves enough of it."""
        if self.width(text, size) <= room:
            return text
        part = text[: self._fitting(text, size, room - self.width("…", size))]
        word = part.rpartition(" ")[0]
        return f"{word if len(word) > 0.6 * len(part) else part}…"

    def cut_names(self, names: Sequence[str], size: float, room: float) -> list[str]:
        """Names on one line each that fit into `room` points and stay distinct as long as possible."""
        if self.widest(names, size) <= room:
            return list(names)
        ends = [self.cut(name, size, room) for name in names]
        if len(set(ends)) == len(set(names)):
            return ends
        low, high = 3, max(map(len, names))
        while low < high:
            middle = (low + high + 1) // 2
            fits = self.widest(cut_names(list(names), middle), size) <= room
            low, high = (middle, high) if fits else (low, middle - 1)
        return cut_names(list(names), low)


@cache
def _installed() -> tuple[str, ...]:
    from matplotlib.font_manager import fontManager

    there = {font.name for font in fontManager.ttflist}
    return tuple(name for name in _FALLBACKS if name in there)


@lru_cache(maxsize=20_000)
def _em(text: str, family: tuple[str, ...]) -> float:
    """Width of a line in units of its size."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font: Any = FontProperties(family=list(family), size=100)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a missing letter is reported when it is drawn
        width, _, _ = text_to_path.get_text_width_height_descent(text, font, False)
    return float(width) / 100
