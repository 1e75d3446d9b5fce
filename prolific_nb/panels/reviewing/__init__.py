"""Review: the submissions of a study, decisions about them, and applying these."""
