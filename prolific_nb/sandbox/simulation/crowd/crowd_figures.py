"""Figures that are the same for all simulated participants; each is an assumption."""

WINDOW = 40 * 60
"""Seconds within which the places of a study with up to 100 places are taken; above, with the cube root of places."""
EAGERNESS = 1.2
"""A place is taken after a uniform share of that time to this power: above 1, arrivals are denser at the beginning."""
WAIT = 120
"""Mean seconds until a freed place is taken again."""
FALL = 5.0
"""The log-odds of the intended answer decrease by this much from the easiest datapoint to the hardest."""
TASK_SPREAD = 0.35
"""Standard deviation of the logarithm of the time for a task, within a person."""
TEXT_SPREAD = 0.4
"""Standard deviation of the logarithm of the length of a text, within a person."""

# Of people without a kind.
SKILL_AT = 0.7
"""Share of easier datapoints than the one to which the skill refers. Most are easy in practice: with this, three
annotators with the default skill reach a Fleiss' kappa of about 0.65."""
INTRODUCTION = 0.04
"""Share of the time that is spent on the introduction."""
SITTING_SPREAD = 0.15
"""Standard deviation of the logarithm of the time for a submission, within a person."""

# Of people of a kind.
PASTING = 2.0
"""Seconds to paste a text."""
CHARACTERS = 6
"""Of a word and the space after it, in English."""
LEAST_CHANGE = 0.4
"""Nobody gets faster than this share of the time for the first task."""
MOST_LEFT = 0.85
"""Most that leave later, as a share of those who stayed at the start, so that places are filled at last."""
MOST_TIRED = 2.0
"""Most log-odds of the intended answer that are lost in a sitting."""
ALSO = 0.3
"""Share of further options that a guess selects."""
