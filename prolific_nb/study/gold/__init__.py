"""Gold rows in a study: whether they fit it, and their right answers."""
