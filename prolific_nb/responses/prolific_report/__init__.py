"""Prolific's CSV report: its lines, the tasks they are about, and the tidy table of it."""
