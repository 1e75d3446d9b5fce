"""The kinds of simulated participants that `People.mix` knows by name."""

from __future__ import annotations

from .person_kind import PersonKind

CAREFUL = PersonKind("careful")
HURRIED = PersonKind(
    "hurried", skill=0.78, reads=0.6, seconds_per_question=2.5, checks=0.85, text_words=7, drop_out=0.001
)
STRAIGHT_LINER = PersonKind(
    "straight_liner", bias=0.96, checks=0.3, reads=0.1, seconds_per_question=1.5, text_words=5, time_change=-0.05
)
SPAMMER = PersonKind("spammer", guesses=1.0, checks=0.3, reads=0.1, seconds_per_question=1.5, text_words=5)
COPY_PASTE = PersonKind("copy_paste", skill=0.8, pastes=0.9, checks=0.8, reads=0.8, seconds_per_question=3.0)
DISSENTER = PersonKind("dissenter", view="minority", contested=0.3)

BUILT_IN = {each.name: each for each in (CAREFUL, HURRIED, STRAIGHT_LINER, SPAMMER, COPY_PASTE, DISSENTER)}
SHARES = {
    "careful": 0.7,
    "hurried": 0.15,
    "straight_liner": 0.04,
    "spammer": 0.04,
    "copy_paste": 0.03,
    "dissenter": 0.04,
}
"""The default mixture. The three careless kinds are 11 % together: Meade & Craig (2012, Psychological Methods 17(3),
abstract) identified 10 to 12 % of their respondents as careless. How they divide, and the rest, is an assumption."""
