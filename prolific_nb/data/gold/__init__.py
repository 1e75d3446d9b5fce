"""Rows with known answers: what is known about them, and how they are spread over the task groups."""
