"""Widgets in which a person acts: what is done there arrives numbered, and is acknowledged once it is carried out."""
