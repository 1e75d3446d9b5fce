"""Sentences for Python users in the words of the panels."""
