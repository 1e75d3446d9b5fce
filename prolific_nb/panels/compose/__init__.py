"""The step in which the design is composed."""
