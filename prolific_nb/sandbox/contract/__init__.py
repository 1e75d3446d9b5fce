"""Validation against the API's description, and the rules, errors and formats that it defines."""
