"""Colleagues take a study in a browser: the links, and a server for them."""
