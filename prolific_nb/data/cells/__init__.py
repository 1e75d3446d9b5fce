"""A table of strings: how it is stored, parsed from CSV text, and freed of lines that are not data."""
