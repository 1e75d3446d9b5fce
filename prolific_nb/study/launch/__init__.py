"""From data, design and plan to a draft on the server, step by step, each done only once."""
