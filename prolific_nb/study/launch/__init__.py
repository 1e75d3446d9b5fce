"""Create a draft on the server from data, design and plan, in idempotent steps."""
