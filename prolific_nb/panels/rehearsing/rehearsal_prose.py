"""What a rehearsal says, in the words of the panels."""

from __future__ import annotations

import re
from html import escape

from ..kit.wording.panel_words import in_panel_words, without_code
from .rehearsal_choice import KINDS

NOTE = "Simulated people say nothing about real ones."
OFFER = "Try the study on simulated people; it costs nothing"
COSTS_NOTHING = "A rehearsal runs on this machine and costs nothing."

_PHRASES = (
    (r"rehearsal\.assumptions", "see the tab Assumptions"),
    (r"; pnb\.quote\(client, \.\.\.\) checks it", "; the step Plan counts who fits"),
    (r"Without truth= the intended answers are", "Without a column for them, the intended answers are"),
    (r"run\.status\(\) shows", "the step Launch and watch shows"),
    (r"run\.flags\(\) names (.*), with the evidence; run\.review\(\.\.\.\) rejects", r"Review names \1, and rejects"),
    (r"run\.(stop|pause)\(\) ends", lambda match: f"“{match[1].capitalize()}” ends"),
    (r"run\.pause\(\) while", "Click “Pause” while"),
    (r"run\.submissions\(\) shows", "Review shows"),
    (
        r"run\.publish\(max_cost=\.\.\.\) lists what was edited and is refused if the cost is above max_cost",
        "“Publish” shows the cost as it is then",
    ),
)


def paragraphs(words: str) -> tuple[str, ...]:
    r"""The paragraphs of a rehearsal without code, and with the panel's words for kinds of people.

    Examples
    --------
    >>> paragraphs("What they are like: rehearsal.assumptions.\n\nFlags: copy_paste: 1 of 1 flagged.")
    ('What they are like: see the tab Assumptions.', 'Flags: Pasting texts: 1 of 1 flagged.')
    """
    found = []
    for paragraph in words.split("\n\n"):
        for pattern, said in _PHRASES:
            paragraph = re.sub(pattern, said, paragraph)
        for kind, named in KINDS.items():
            paragraph = re.sub(rf"(?<=[.:] ){kind}(?=:)", named.capitalize(), paragraph)
            paragraph = re.sub(rf"\b{kind}\b", named, paragraph)
        found.append(without_code(in_panel_words(paragraph)))
    return tuple(filter(None, found))


def prose_html(parts: tuple[str, ...]) -> str:
    """Paragraphs, each with its first words before a colon as its subject."""
    return f'<div class="pnb-rehearse-words">{"".join(f"<p>{_led(part)}</p>" for part in parts)}</div>'


def _led(part: str) -> str:
    head, colon, rest = part.partition(":")
    led = colon and len(head) < 100 and "“" not in head and "." not in head
    return f"<b>{escape(head)}:</b>{escape(rest)}" if led else escape(part)
