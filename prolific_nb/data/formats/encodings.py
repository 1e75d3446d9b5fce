"""Detecting the encoding of text that is not UTF-8, or saying that it cannot be told.

For each encoding and language, the text is scored by the number of bits that it needs if letters are as frequent as in
that language: the right pair needs far fewer than the others. If two different readings need about as many, none of
them is used.

A general detector always answers: charset-normalizer 3.5 reads 16 of the 72 files of the tests in a wrong encoding,
such as French in cp1252 as cp1250, and participants would be paid to read the result.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from .languages import ENCODINGS, LANGUAGES, Alphabet, Language, Syllabary

_CHUNK = 4000  # bytes; the first, a middle and the last part with letters outside ASCII
_MARGIN = 10.0
_MIXED = 8.0
_WORST_FIT, _WORST_LETTERS = 13.0, 7.0
_ASCII = 5.0
_COMMON = frozenset("“”‘’–—…«»„‚•€£°§©®™№·´\xa0¿¡½²×")
_AFTER_LETTERS = frozenset("”»…’‘™®©°²\xa0")
_BEFORE_LETTERS = frozenset("“„«¿¡’‘€£§\xa0·")
_DASHES = frozenset("–—")
_NEVER_FIRST = frozenset("ъьы")
_ONLY_LAST = frozenset("םןץףךς")
_VOWELS = frozenset("aeiouyæøœıаеёиоуыэюяіїєαεηιουω")
_WIDE = frozenset("、。，！？「」『』（）：；“”《》…—・〜～　·‘’【】％")
_WITHOUT_VOWELS = frozenset({"Hebrew", "Arabic", "Persian", "Thai", "Vietnamese"})
_PUNCTUATION, _SYMBOL, _UNKNOWN, _CONTROL = 9.0, 15.0, 15.0, 25.0
_WORD = re.compile(r"[^\W\d_]+")
_KNOWN_WORD = 4.0
_LATIN_WORD_OF_HIGH = 3.0


@dataclass(frozen=True)
class Reading:
    """A text as one encoding reads it.

    Parameters
    ----------
    bits : float
        How improbable the text is: lower is better.
    fits : bool
        Whether the characters outside ASCII are about as frequent as in the language.
    """

    encoding: str
    language: str
    text: str
    bits: float
    fits: bool


def readings(raw: bytes) -> list[Reading]:
    """Every encoding that can read a sample of the bytes, the best first."""
    sample = sample_of(raw)
    found = [
        _best(name, languages, unusual, text)
        for name, languages, unusual in ENCODINGS
        if (text := _decoded(sample, name)) is not None
    ]
    return sorted(found, key=lambda reading: reading.bits)


def is_better(text: str, found: list[Reading]) -> bool:
    """Whether a text that mixes encodings is more probable than each reading in one encoding."""
    return not found or _best("", LANGUAGES, _MIXED, text).bits < found[0].bits


def clear(found: list[Reading]) -> Reading | None:
    """The first reading, if it fits a language and every different reading is much worse."""
    if not found or not found[0].fits:
        return None
    rivals = [reading.bits for reading in found if reading.text != found[0].text]
    return found[0] if not rivals or min(rivals) - found[0].bits >= _MARGIN else None


def plausible(found: list[Reading], most: int) -> list[Reading]:
    """The best readings with different texts, for a person to choose from."""
    different: dict[str, Reading] = {}
    for reading in found:
        different.setdefault(reading.text, reading)
    return list(different.values())[:most]


def sample_of(raw: bytes) -> bytes:
    """Whole lines with bytes outside ASCII, from the beginning, the middle and the end."""
    if len(raw) <= 3 * _CHUNK:
        return raw
    high = re.compile(rb"[\x80-\xff]")
    parts = []
    for start in (0, len(raw) // 2, len(raw) - _CHUNK):
        first = high.search(raw, start) or high.search(raw)
        place = first.start() if first else 0
        begin = raw.rfind(b"\n", 0, place) + 1
        begin = begin if place - begin < _CHUNK else place
        end = raw.find(b"\n", begin + _CHUNK)
        parts.append(raw[begin : end if 0 <= end < begin + 3 * _CHUNK else begin + _CHUNK])
    return b"\n".join(dict.fromkeys(parts))


def _decoded(sample: bytes, encoding: str) -> str | None:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError as error:
        # A sample without line ends may stop inside a character.
        if error.start < len(sample) - 3 or len(sample) < _CHUNK:
            return None
        return sample[: error.start].decode(encoding)


def _best(name: str, languages: Sequence[Language], unusual: float, text: str) -> Reading:
    pairs = Counter(zip(" " + text, text, strict=False))
    words = Counter(word.casefold() for word in _WORD.findall(text))
    high = sum(times for (_, character), times in pairs.items() if not character.isascii())
    # Quotation marks come in pairs; letters that are read as such do not.
    unusual += 5 * abs(text.count("«") - text.count("»"))
    scored = []
    for place, language in enumerate(languages):
        bits = sum(times * _pair_bits(language, *pair) for pair, times in pairs.items())
        if isinstance(language, Alphabet) and language.words:
            known = set(language.words.split())
            bits -= _KNOWN_WORD * sum(math.log2(1 + times) for word, times in words.items() if word in known)
        if isinstance(language, Alphabet) and language.share == 1:
            bits += 3 * sum(times for word, times in words.items() if len(word) == 1 and not word.isascii())
        scored.append((bits, place))
    bits, place = min(scored)
    best = languages[place]
    worst = _WORST_LETTERS if isinstance(best, Alphabet) and best.share == 1 else _WORST_FIT
    fits = bits - _ASCII * (len(text) - high) <= worst * high
    return Reading(name, best.name, text, bits + unusual, fits)


@cache
def _pair_bits(language: Language, before: str, character: str) -> float:
    """The bits for a character after another one."""
    if character.isascii():
        if not character.isalpha():
            return _ASCII if character.isprintable() or character in "\r\n\t" else _CONTROL
        extra = -math.log2(1 - language.share) if isinstance(language, Alphabet) and language.share < 1 else 0.0
        return _ASCII + extra + _change(language, before, character) + _spelling(language, before, character)
    if not character.isalpha() and unicodedata.category(character) not in ("Mn", "Mc", "Lm"):
        return _symbol_bits(language, character) + (_in_word(character, _AFTER_LETTERS) if before.isalpha() else 0.0)
    letter = _letters(language).get(character)
    if letter is None:
        letter = _letters(language).get(_lower(character), _other(language, character)) + _case(before, character)
    return letter + _change(language, before, character) + _spelling(language, before, character)


def _symbol_bits(language: Language, character: str) -> float:
    if character in _letters(language):
        return _letters(language)[character]
    category = unicodedata.category(character)
    if category in ("Cc", "Cn", "Co", "Cs"):
        return _CONTROL
    if isinstance(language, Syllabary) and character in _WIDE:
        return 7.0
    return _PUNCTUATION if character in _COMMON else _SYMBOL


def _lower(character: str) -> str:
    return "i" if character == "İ" else character.lower()


def _case(before: str, character: str) -> float:
    if not character.isupper():
        return 0.0
    return 4.0 if not before.isalpha() else 1.5 if before.isupper() else 12.0


def _change(language: Language, before: str, character: str) -> float:
    """What it costs that scripts change in a word, or that a letter follows a digit."""
    if before.isdigit() and before.isascii():
        return 3.0 if isinstance(language, Alphabet) and not character.isascii() else 0.0
    if not before.isalpha():
        return 0.5 if isinstance(language, Alphabet) and language.share == 1 else 0.0
    latin = isinstance(language, Alphabet) and language.share < 1
    if latin:
        return _LATIN_WORD_OF_HIGH if not before.isascii() and not character.isascii() else 0.0
    if before.isascii() == character.isascii():
        return 6.0 if before.islower() and character.isupper() and not character.isascii() else 0.0
    return 8.0 if isinstance(language, Alphabet) else 4.0


def _spelling(language: Language, before: str, character: str) -> float:
    """What it costs that a letter is where words rarely have it, and that vowels and consonants do not alternate."""
    if not isinstance(language, Alphabet):
        return 0.0
    if not before.isalpha():
        never = 6.0 if character.lower() in _NEVER_FIRST else 0.0
        return never + (0.0 if before.isascii() else _in_word(before, _BEFORE_LETTERS))
    if before.isascii() and character.isascii():
        return 0.0
    if before in _ONLY_LAST:
        return 8.0
    if language.name in _WITHOUT_VOWELS:
        return 0.0
    first, second = _is_vowel(before), _is_vowel(character)
    return -0.8 if first != second else 1.5 if first else 0.8


def _in_word(symbol: str, usual: frozenset[str]) -> float:
    """What it costs that a symbol is next to a letter."""
    return 0.0 if symbol in usual else 4.0 if symbol in _DASHES else 6.0


def _is_vowel(letter: str) -> bool:
    return unicodedata.normalize("NFD", letter.lower())[0] in _VOWELS


@cache
def _letters(language: Language) -> Mapping[str, float]:
    """Bits of the letters that are listed for a language."""
    if isinstance(language, Syllabary):
        return {
            character: -math.log2(share / len(set(characters)))
            for characters, share in reversed(language.tiers)
            for character in characters
        }
    ratio = 0.75 if language.share < 1 else 0.91
    weights = [ratio**place for place in range(len(language.letters))]
    return {
        letter: -math.log2(language.share * weight / sum(weights))
        for letter, weight in zip(language.letters, weights, strict=True)
    }


@cache
def _other(language: Language, character: str) -> float:
    """Bits of a character that is not listed."""
    if isinstance(language, Alphabet):
        return _UNKNOWN + 3 * (unicodedata.category(character) == "Lo" and language.share < 1)
    try:
        first = character.encode(language.codec)[0]
    except UnicodeEncodeError:
        return 22.0
    low, high = language.ordinary
    return -math.log2(language.share / 3000) if low <= first <= high else 18.5
