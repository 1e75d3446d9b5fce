"""Asking more people about some rows: which rows, and what their answers weigh."""
