"""Who may take part: filters, groups, earlier studies, as chips with a search."""
