"""What to know before a study: how many annotators and rows it needs."""
