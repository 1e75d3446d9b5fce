"""The HTTP routes of the API, by area."""
