"""The step that shows the results."""
