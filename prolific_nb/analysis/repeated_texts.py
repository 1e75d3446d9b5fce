"""Texts that are repeated: among a person's own, from other people's, and from what was shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .answer_codes import AnswerCodes, totals
from .counts import Ints
from .intervals import Floats
from .unique_rows import joint

_WORD = re.compile(r"[^\W_]+|\n")
LEAST_WORDS = 5
"""Shorter texts are alike by chance: "it is positive"."""
_NEARLY = 8  # words from which one may differ; "the tone is very positive" and "... negative" are different texts
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Texts:
    """Counts of texts of at least five words; one entry per person.

    Parameters
    ----------
    n : ndarray of float64, shape (n_people,)
        Texts.
    own, others, shown, repeated : ndarray of float64
        Of these, how many repeat an own text, or another person's, or part of what was shown, or any of these.
    """

    n: Floats
    own: Floats
    others: Floats
    shown: Floats
    repeated: Floats


def texts_of(answers: AnswerCodes, shown: Sequence[str], columns: Sequence[str]) -> Texts:
    """The repeated texts of everybody.

    Two texts repeat each other if they have the same words, whatever their case, order and punctuation. From eight
    words on, one word may have been added, left out or replaced.
    """
    who, texts, rows = _written(answers, columns)
    nothing = np.zeros(answers.n_people)
    if not len(texts):
        return Texts(nothing, nothing, nothing, nothing, nothing)
    size, keys, of_text = _keys(texts)
    long = size >= LEAST_WORDS
    own, others = (long & each for each in _alike(keys, of_text, who))
    pasted = long & _pasted(answers.frame, shown, texts, rows, long)
    counts = (totals(who, answers.n_people, each)
              for each in (long, own, others, pasted, own | others | pasted))  # fmt: skip
    return Texts(*counts)


def _written(answers: AnswerCodes, columns: Sequence[str]) -> tuple[Ints, list[str], Ints]:
    """The person, the text and the row of each text."""
    places = [(answers.label, answers.written)] if answers.written.any() else []
    everywhere = np.ones(len(answers.frame), dtype=bool)
    places += [(name, everywhere) for name in columns if answers.frame[name].notna().any()]
    who, texts, rows = [], [], []
    for name, mask in places:
        given = np.flatnonzero(mask & answers.frame[name].notna().to_numpy(dtype=bool))
        who.append(answers.who[given])
        texts += [str(each) for each in answers.frame[name].iloc[given]]
        rows.append(given)
    return (np.concatenate(who), texts, np.concatenate(rows)) if texts else (np.zeros(0, int), [], np.zeros(0, int))


def _keys(texts: list[str]) -> tuple[Ints, Ints, Ints]:
    """Words of each text; and keys of which two texts share one if they are alike, with the text of each key.

    The words of a text are summed as random numbers (Zobrist 1970). Two texts that differ by one word share the sum of
    all, or of all but one.
    """
    words = _WORD.findall("\n".join(each.replace("\n", " ") for each in texts).casefold())
    codes, names = pd.factorize(np.array(words, dtype=object))
    ends = np.flatnonzero(np.array(names, dtype=object)[codes] == "\n") if len(texts) > 1 else np.zeros(0, int)
    numbers = np.random.default_rng(0).integers(-(2**62), 2**62, size=len(names), dtype=np.int64)
    text = np.zeros(len(codes), dtype=np.int64)
    text[ends] = 1
    text = np.cumsum(text)
    word = np.ones(len(codes), dtype=bool)
    word[ends] = False
    values, text = numbers[codes][word], text[word]
    size = np.bincount(text, minlength=len(texts))
    running = np.append(0, np.cumsum(values))  # modulo 2**64, as all of these sums
    ends = np.cumsum(size)
    sums = running[ends] - running[ends - size]
    near = size[text] >= _NEARLY
    keys = np.concatenate([sums, (sums[text] - values)[near]])
    return size, keys, np.concatenate([np.arange(len(texts)), text[near]])


def _alike(keys: Ints, of_text: Ints, who: Ints) -> tuple[Mask, Mask]:
    """Which texts share a key with another text of the same person, and which with one of another person."""
    key = pd.factorize(keys)[0].astype(np.int64)
    several = np.bincount(key)[key] > 1  # most keys belong to one text only
    key, of_text = pd.factorize(key[several])[0].astype(np.int64), of_text[several]
    # A text with the same word twice has a key twice; it must not be taken for another text.
    once = ~pd.Series(joint(key, len(who), of_text)).duplicated().to_numpy()
    key, of_text = key[once], of_text[once]
    size = int(who.max()) + 1
    pair, pairs = pd.factorize(joint(key, size, who[of_text]))
    own, others = np.zeros(len(who), dtype=bool), np.zeros(len(who), dtype=bool)
    own[of_text[np.bincount(pair, minlength=1)[pair] > 1]] = True
    others[of_text[np.bincount(pairs // size, minlength=1)[key] > 1]] = True
    return own, others


def _pasted(frame: pd.DataFrame, shown: Sequence[str], texts: list[str], rows: Ints, long: Mask) -> Mask:
    """Which texts are, word by word, a part of what was shown with them."""
    found = np.zeros(len(texts), dtype=bool)
    if not shown:
        return found
    sources = [(codes, [_plain(each) for each in names]) for codes, names in (pd.factorize(frame[s]) for s in shown)]
    for place in np.flatnonzero(long):
        text = _plain(texts[place])
        found[place] = any(codes[rows[place]] >= 0 and text in names[codes[rows[place]]] for codes, names in sources)
    return found


def _plain(text: object) -> str:
    return f" {' '.join(_WORD.findall(str(text).casefold()))} "
