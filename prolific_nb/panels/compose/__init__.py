"""The step that composes the design."""
