"""The step that chooses the data."""
