"""The step that connects to an account."""
