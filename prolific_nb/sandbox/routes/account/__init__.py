"""Routes of users, workspaces, groups, filters and messages."""
