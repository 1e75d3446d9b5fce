"""Figures that are the same for all simulated participants; each is an assumption."""

WINDOW = 40 * 60
"""Seconds within which the places of a study with up to 100 places are taken; above, with the cube root of places."""
FALL = 5.0
"""The log-odds of the intended answer decrease by this much from the easiest datapoint to the hardest."""
TASK_SPREAD = 0.35
"""Standard deviation of the logarithm of the time for a task, within a person."""
TEXT_SPREAD = 0.4
"""Standard deviation of the logarithm of the length of a text, within a person."""
